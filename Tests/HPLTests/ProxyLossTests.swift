import HPL
import Tensor
import Testing
import _TestSupport

/// The proxy losses against PyTorch's values and gradients, and where they are known by hand.
@Suite struct ProxyLossTests {
  static let cases = ((try? Goldens("losses").cases) ?? []).filter { $0.subject != "hpl" }

  @Test func thereAreCases() {
    #expect(Self.cases.count > 40)
    expectEqual(Set(Self.cases.map(\.subject)), ["proxy_anchor", "proxy_nca", "proxy_nca_softmax"])
  }

  @Test(arguments: cases) func agreesInDouble(_ golden: GoldenCase) {
    expectAgreement(with: golden, Double.self, tolerance: 1e-10)
  }

  /// At α = 90 the terms exceed what `Float` holds; the loss must not.
  @Test(arguments: cases) func agreesInFloat(_ golden: GoldenCase) {
    // The gradient of an embedding is divided by its length: the loss itself is not harder there.
    expectAgreement(with: golden, Float.self, tolerance: golden.name.contains("short") ? 1e-3 : 2e-5)
  }

  private func expectAgreement<S: TensorScalar>(with golden: GoldenCase, _: S.Type, tolerance: Double) {
    let loss = makeProxyLoss(golden, S.self)
    let labels = golden.labels("labels")
    let (value, gradients) = valueWithGradient(
      at: golden.tensor("embeddings", as: S.self), golden.tensor("proxies", as: S.self)
    ) { embeddings, proxies in
      loss(cosines(embeddings, proxies), targets: labels)
    }
    expectLess(difference(value, golden.tensor("loss")), tolerance)
    expectLess(difference(gradients.0, golden.tensor("gradient.embeddings")), tolerance)
    expectLess(difference(gradients.1, golden.tensor("gradient.proxies")), tolerance)
  }

  static var losses: [(name: String, loss: any ProxyLoss<Double>)] {
    [
      ("Proxy-Anchor", ProxyAnchor(scale: 4)), ("Proxy-NCA", ProxyNCA(scale: 2)),
      ("Proxy-NCA, softmax", ProxyNCA(scale: 2, includesOwnProxy: true)),
      ("hardest proxy", HardestProxyLoss(margin: 3)),
    ]
  }

  @Test(arguments: losses.indices) func gradientsOfBothOrders(_ index: Int) throws {
    let loss = Self.losses[index].loss
    for labels in [[0, 1, 2, 0], [1, 1, 1, 1], [3, 3, 0, 3]] {
      try gradientCheck(at: [signedSample([4, 3]), signedSample([4, 3], seed: 2)]) {
        cubed(loss(cosines($0[0], $0[1]), targets: Labels(labels)))
      }
    }
  }

  @Test(arguments: losses.indices) func oneProxyAlone(_ index: Int) throws {
    let loss = Self.losses[index].loss
    guard !(loss is HardestProxyLoss<Double>) else { return }
    let (value, slopes) = valueWithGradient(at: signedSample([3, 2]), signedSample([1, 2], seed: 2)) {
      loss(cosines($0, $1), targets: [0, 0, 0].labels)
    }
    #expect(value.item.isFinite)
    #expect(slopes.0.isFinite.allTrue && slopes.1.isFinite.allTrue)
  }

  /// A widely used library drops samples whose softmax underflows and reports 0 for them.
  @Test func aHopelessSampleKeepsItsLoss() {
    let loss = ProxyNCA<Float>(scale: 200, includesOwnProxy: true)
    let similarities = Tensor<Float>([[-1, 1]])
    let (value, slope) = valueWithGradient(at: similarities) { loss($0, targets: [0].labels) }
    expectEqual(value.item, 800)  // 200 · 4 − 200 · 0
    expectEqual(slope.scalars, [-400, 400])
  }

  @Test func proxyNCAMayBeNegative() {
    let value = ProxyNCA<Double>()(Tensor([[1, -1]]), targets: [0].labels)
    expectEqual(value.item, -36)  // −log(e⁰ / e^{−9·4})
  }

  @Test func proxyAnchorByHand() {
    // Two samples of class 0, two classes: class 1 is absent, so that P⁺ has one proxy.
    let loss = ProxyAnchor<Double>(margin: 0.25, scale: 2)
    let value = loss(Tensor([[0.5, 0.125], [0.75, -0.5]]), targets: [0, 0].labels).item
    let pull = logOnePlusExp([-2 * (0.5 - 0.25), -2 * (0.75 - 0.25)])
    let push = logOnePlusExp([2 * (0.125 + 0.25), 2 * (-0.5 + 0.25)])
    expectLess(abs(value - (pull / 1 + push / 2)), 1e-14)
  }

  @Test func theDefaultsAreThePapers() {
    expectEqual(ProxyAnchor<Float>().scale, 32)
    expectEqual(ProxyAnchor<Float>().margin, 0.1)
    expectEqual(ProxyNCA<Float>().scale, 9)
    #expect(!ProxyNCA<Float>().includesOwnProxy)
  }

  @Test func aTargetWithoutProxyTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ProxyAnchor<Float>()(.zeros([2, 3]), targets: Labels([0, 3]))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("pick: no column 3 in [2, 3]"))
  }
}
