import ClassTree
import Foundation
import HPL
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// The softmax losses on proxies against PyTorch's values and gradients, and where they are known by hand.
@Suite struct SoftmaxLossTests {
  static let cases = (try? Goldens("softmax_losses").cases) ?? []

  @Test func thereAreCases() {
    expectEqual(
      Set(Self.cases.map(\.subject)), ["norm_softmax", "cosface", "arcface", "soft_triple", "proxy_nca_plus_plus"])
    #expect(Self.cases.count > 25)
  }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) {
    expectAgreement(with: golden, Double.self, tolerance: 1e-10)
  }

  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) {
    // Where a proxy lies opposite, the sine of ArcFace's angle loses half of the digits.
    expectAgreement(with: golden, Float.self, tolerance: golden.name.contains("opposite") ? 1e-3 : 2e-5)
  }

  private func loss<S: TensorScalar>(_ golden: GoldenCase, _: S.Type) -> any ProxyLoss<S> {
    func number(_ key: String) -> S { S(golden.argument(key, as: Double.self)) }
    switch golden.subject {
    case "norm_softmax": return NormSoftmax(temperature: number("temperature"))
    case "cosface": return CosFace(margin: number("margin"), scale: number("scale"))
    case "arcface": return ArcFace(margin: golden.argument("margin"), scale: number("scale"))
    case "proxy_nca_plus_plus": return ProxyNCA.plusPlus
    default:
      return SoftTriple(
        centers: golden.argument("centers"), scale: number("scale"), temperature: number("temperature"),
        regularization: number("regularization"), margin: number("margin"))
    }
  }

  private func expectAgreement<S: TensorScalar>(with golden: GoldenCase, _: S.Type, tolerance: Double) {
    let loss = loss(golden, S.self)
    let labels = golden.labels("labels")
    let (value, gradients) = valueWithGradient(
      at: golden.tensor("embeddings", as: S.self), golden.tensor("proxies", as: S.self)
    ) { embeddings, proxies in
      let value = loss(cosines(embeddings, proxies), targets: labels)
      return loss.penalty(on: proxies).map { value + $0 } ?? value
    }
    expectLess(difference(value, golden.tensor("loss")), tolerance)
    expectLess(difference(gradients.0, golden.tensor("gradient.embeddings")), tolerance)
    expectLess(difference(gradients.1, golden.tensor("gradient.proxies")), tolerance)
  }

  static var losses: [any ProxyLoss<Double>] {
    [
      NormSoftmax(temperature: 0.5), CosFace(scale: 4), ArcFace(scale: 4), ArcFace(margin: 2.5, scale: 4),
      SoftTriple(centers: 2, scale: 4, temperature: 0.5),
    ]
  }

  @Test(arguments: losses.indices) func gradientsOfBothOrders(_ index: Int) throws {
    let loss = Self.losses[index]
    let proxies = signedSample([4 * loss.proxiesPerTarget, 3], seed: 2)
    for labels in [[0, 1, 2, 0], [3, 3, 0, 3]] {
      try gradientCheck(at: [signedSample([4, 3]), proxies]) {
        let value = loss(cosines($0[0], $0[1]), targets: Labels(labels))
        return cubed(loss.penalty(on: $0[1]).map { value + $0 } ?? value)
      }
    }
  }

  /// Cosines of exactly ±1, where the angle has no slope.
  @Test(arguments: losses.indices) func extremesAreFinite(_ index: Int) {
    let loss = Self.losses[index]
    let similarities = Tensor<Float>([[1, -1, 1, -1], [-1, 1, -1, 1]]).cast(to: Double.self)
    let (value, slope) = valueWithGradient(at: similarities) { loss($0, targets: [0, 0].labels) }
    #expect(value.item.isFinite && slope.isFinite.allTrue)
  }

  /// A widely used library reports 0 for a sample whose softmax underflows.
  @Test func aHopelessSampleKeepsItsLoss() {
    let value = NormSoftmax<Float>(temperature: 0.005)(Tensor([[-1, 1]]), targets: [0].labels)
    expectEqual(value.item, 400)
    expectEqual(CosFace<Float>(margin: 0.5, scale: 200)(Tensor([[-1, 1]]), targets: [0].labels).item, 500)
  }

  @Test func aMarginMakesTheLossLarger() {
    let similarities = Tensor<Double>([[0.5, 0.25], [-0.5, 0.125]])
    let labels = [0, 1].labels
    let plain = CosFace<Double>(margin: 0, scale: 8)(similarities, targets: labels).item
    expectLess(abs(plain - NormSoftmax<Double>(temperature: 1 / 8)(similarities, targets: labels).item), 1e-12)
    #expect(CosFace<Double>(scale: 8)(similarities, targets: labels).item > plain)
    #expect(ArcFace<Double>(scale: 8)(similarities, targets: labels).item > plain)
  }

  @Test func theDefaultsAreThePapers() {
    expectEqual(NormSoftmax<Float>().temperature, 0.05)
    #expect((CosFace<Float>().margin, CosFace<Float>().scale) == (0.35, 64))
    #expect(abs(ArcFace<Double>().margin * 180 / .pi - 28.6) < 1e-12 && ArcFace<Double>().scale == 64)
    let triple = SoftTriple<Float>()
    #expect((triple.centers, triple.scale, triple.temperature) == (10, 20, 0.1))
    #expect((triple.regularization, triple.margin) == (0.2, 0.01))
  }
}

/// A loss with several proxies a class, as a level of a hierarchy.
@Suite struct SeveralProxiesTests {
  private func hierarchy(_ generator: inout RandomGenerator) -> HierarchicalProxyLoss<Double> {
    HierarchicalProxyLoss(
      dimensions: 5,
      levels: [
        .classes(6, loss: SoftTriple(centers: 3)), .clusters(2, weight: 0.1, loss: SoftTriple(centers: 2)),
        .clusters(1, weight: 0.1, loss: ProxyAnchor()),
      ], using: &generator)
  }

  @Test func everyLevelHasItsProxies() {
    var generator = RandomGenerator(seed: 1)
    let loss = hierarchy(&generator)
    expectEqual(loss.levels.map { $0.proxies!.shape }, [[18, 5], [4, 5], [1, 5]])
    expectEqual((0..<3).map { loss.proxies(on: $0).shape }, [[6, 5], [2, 5], [1, 5]])
  }

  @Test func theValueIsTheSumOfLevelsAndPenalties() {
    var generator = RandomGenerator(seed: 1)
    let loss = hierarchy(&generator)
    let (x, labels) = (signedSample([4, 5]), [0, 5, 2, 2].labels)
    let losses: [any ProxyLoss<Double>] = [SoftTriple(centers: 3), SoftTriple(centers: 2), ProxyAnchor()]
    var expected = 0.0
    for (index, level) in loss.levels.enumerated() {
      let targets = labels.scalars.map { loss.ancestors(on: index)[$0] }.labels
      let proxies = level.proxies!.value
      let proxyLoss = losses[index]
      let penalty = proxyLoss.penalty(on: proxies)?.item ?? 0
      expected += level.declaration.weight * (proxyLoss(cosines(x, proxies), targets: targets).item + penalty)
    }
    expectLess(abs(loss(x, labels: labels).item - expected), 1e-10)
  }

  /// Equal centres would have equal gradients for ever.
  @Test func theCentresOfAClusterDiffer() {
    var generator = RandomGenerator(seed: 1)
    let loss = hierarchy(&generator)
    let centres = loss.levels[1].proxies!.value
    #expect(difference(centres[0], centres[1]) > 0.01)
    let gradients = loss(signedSample([4, 5]), labels: [0, 5, 2, 2].labels).backward()
    let slopes = loss.levels[1].proxies!.gradient(in: gradients)!
    #expect(difference(slopes[0], slopes[1]) > 1e-6)
  }

  @Test func centroidsHaveOneProxyAGroup() {
    let levels: [ProxyLevel<Float>] = [
      .classes(4, loss: ProxyAnchor()), .clusters(2, weight: 1, loss: SoftTriple(centers: 2), proxies: .centroid),
    ]
    #expect(throws: HierarchyError.self) { try ProxyLevel.check(levels) }
  }

  @Test func savedProxiesAreTakenUp() throws {
    var generator = RandomGenerator(seed: 1)
    let (first, second) = (hierarchy(&generator), hierarchy(&generator))
    var file = Safetensors()
    first.save(into: &file)
    try second.load(file)
    let (x, labels) = (signedSample([4, 5]), [0, 5, 2, 2].labels)
    expectEqual(first(x, labels: labels).item, second(x, labels: labels).item)
  }
}
