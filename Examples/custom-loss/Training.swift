import HPL
import NN
import Retrieval
import Tensor

/// Trains a small network with the loss on the groups of a hierarchy, and measures retrieval among classes it never saw.
func train(steps: Int = 120) throws {
  var generator = RandomGenerator(seed: 0)
  let points = Points(using: &generator)
  let model = Sequential<Float>(
    Linear<Float>(24, 64, using: &generator), ReLU(), Linear<Float>(64, 8, using: &generator))
  let loss = HierarchicalProxyLoss<Float>(
    dimensions: 8,
    levels: [
      .classes(12, weight: 1, loss: ProxyAnchor()),
      .clusters(6, weight: 0.1, loss: HardestProxyLoss()),
    ], using: &generator)
  let optimizer = AdamW([
    ParameterGroup(model.parameters, learningRate: 1e-3), ParameterGroup(loss.parameters, learningRate: 1e-1),
  ])

  print("MAP@R of 12 unseen classes before training:", rounded(try mapAtR(model, points)))
  loss.usesCoarseLevels = false  // until the proxies mean something
  for step in 0..<steps {
    if step == steps / 3 {
      loss.usesCoarseLevels = true
      loss.recluster(using: &generator)
    }
    let value = optimizer.step { loss(model(points.training), labels: points.labels) }
    if (step + 1) % 40 == 0 { print("step \(step + 1): loss \(rounded(Double(value.item)))") }
  }
  print("MAP@R of 12 unseen classes after training:", rounded(try mapAtR(model, points)))
}

private func mapAtR(_ model: Sequential<Float>, _ points: Points) throws -> Double {
  let embeddings = withoutRecording { model(points.unseen) }
  return try RetrievalMetrics(embeddings: embeddings, labels: points.labels).mapAtR
}

private func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
