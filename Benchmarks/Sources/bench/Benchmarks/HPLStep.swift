import HPL
import NN
import Tensor

/// One step of HPL with Proxy-Anchor on two levels: the loss of 180 embeddings of 512 dimensions, the gradients of the
/// embeddings and of all proxies, and plain gradient descent on the proxies.
///
/// The size is classes/clusters: CUB's, In-Shop's few classes, SOP's. The precision is that of the cosines and of what is pulled back
/// through them; the loss makes the rest in `Float`.
func hplStep(_ precision: Precision = .float32) -> Benchmark {
  Benchmark("hpl-step\(suffix(precision))", sizes: ["100/20", "998/50", "11318/200"]) { size in
    let counts = size.split(separator: "/").map { Int($0)! }
    let (batch, dimensions) = (180, 512)
    var generator = RandomGenerator(seed: 1)
    let embeddings = Tensor<Float>.normal([batch, dimensions], using: &generator).tracked()
    let labels = Labels((0..<batch).map { _ in Int(generator.uniform() * Double(counts[0])) })
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: dimensions,
      levels: [
        .classes(counts[0], loss: ProxyAnchor()),
        .taxonomy((0..<counts[0]).map { $0 % counts[1] }, weight: 0.1, loss: ProxyAnchor()),
      ], using: &generator)
    let optimizer = SGD(loss.parameters, learningRate: 0.01)
    // Three products a level: the cosines and the gradients of both sides.
    return Work(flops: Double(6 * batch * dimensions * (counts[0] + counts[1]))) {
      let gradients = valueWithGradients { withPrecision(precision) { loss(embeddings, labels: labels) } }.gradients
      optimizer.step(gradients)
      keep(gradients[embeddings])
    }
  }
}
