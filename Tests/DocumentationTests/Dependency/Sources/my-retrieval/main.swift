import HPL
import Models
import NN
import Retrieval
import Tensor

var generator = RandomGenerator(seed: 0)
let images = Tensor<Float>.normal([40, 16, 16, 3], using: &generator)  // [batch, height, width, channels]
let labels = Labels((0..<40).map { $0 % 10 })

let model = SmallResNet<Float>(embedding: 32, using: &generator)
let loss = HierarchicalProxyLoss<Float>(
  dimensions: 32, levels: [.classes(10, loss: ProxyAnchor()), .clusters(3, weight: 0.1, loss: ProxyAnchor())],
  using: &generator)
let optimizer = AdamW([
  ParameterGroup(model.parameters, learningRate: 1e-3), ParameterGroup(loss.parameters, learningRate: 1e-1),
])
for _ in 0..<10 {
  optimizer.step { loss(model(images), labels: labels) }
}

model.evaluate()
let embeddings = withoutRecording { model(images) }
let metrics = try RetrievalMetrics(embeddings: embeddings, labels: labels)
print(metrics.precisionAt1, metrics.recall, metrics.rPrecision, metrics.mapAtR)
