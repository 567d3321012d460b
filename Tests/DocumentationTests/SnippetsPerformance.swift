import HPL
import Models
import NN
import Tensor
import Testing
import _TestSupport

/// What the page on speed shows.
@Suite struct PerformanceSnippets {
  @Test func networksOfHalfTheBits() {
    var generator = RandomGenerator(seed: 0)
    let network = SmallResNet<Float>(embedding: 16, using: &generator)
    let proxies = HierarchicalProxyLoss<Float>(
      dimensions: 16, levels: [.classes(3, loss: ProxyAnchor())], using: &generator)
    let optimizer = AdamW(network.parameters + proxies.parameters, learningRate: 3e-3)
    let images = Tensor<Float>.normal([12, 16, 16, 3], using: &generator)
    let labels = Labels((0..<12).map { $0 % 3 })
    func step() -> Tensor<Float> {
      // snippet: precision
      let loss = optimizer.step {
        let embeddings = withPrecision(.bfloat16) { network(images) }
        return proxies(embeddings, labels: labels)
      }
      // end snippet
      return loss
    }
    let losses = (0..<12).map { _ in step().item }
    expectLess(losses[11], 0.8 * losses[0])
  }
}
