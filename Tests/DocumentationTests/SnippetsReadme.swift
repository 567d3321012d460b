import HPL
import NN
import Tensor
import Testing
import _TestSupport

@testable import custom_loss

@Suite struct ReadmeSnippets {
  @Test func customLoss() throws {
    let similarities = Tensor<Double>([[0.9, 0.8, 0.1], [0.2, 0.3, 0.7]])
    let value = HardestProxyLoss()(similarities, targets: Labels([0, 1]))
    expectLess(difference(value, Tensor((0.1 + 0.6) / 2)), 1e-12)
    try checkGradients()
  }

  @Test func level() {
    var generator = RandomGenerator(seed: 0)
    // snippet: level
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 64,
      levels: [
        .classes(100, weight: 1.0, loss: ProxyAnchor()),
        .clusters(20, weight: 0.1, loss: HardestProxyLoss()),
      ], using: &generator)
    // end snippet
    expectEqual(loss.levels.map(\.declaration.count), [100, 20])
    let embeddings = Tensor<Float>.normal([8, 64], using: &generator).tracked()
    let gradient = loss(embeddings, labels: .range(8)).backward()[embeddings]
    #expect(abs(gradient).sum().item > 0)
  }

  @Test func gradients() throws {
    // snippet: gradients
    let x = Tensor<Double>([1, 2, 3])
    let slope = gradient(at: x) { ($0 * $0).sum() }  // [2, 4, 6]
    let curvature = gradient(at: x) { x in gradient(at: x) { ($0 * $0 * $0).sum() }.sum() }  // [6, 12, 18]
    let w = x.tracked()
    let step = sqrt((w * w).sum()).backward()[w]  // w / ‖w‖, in the shape of w
    try gradientCheck(at: x) { log($0 * $0 + 1) }  // throws where pullback and finite differences disagree
    // end snippet
    expectEqual(slope.scalars, [2, 4, 6])
    expectEqual(curvature.scalars, [6, 12, 18])
    expectLess(difference(step, x / 14.0.squareRoot()), 1e-12)
  }
}
