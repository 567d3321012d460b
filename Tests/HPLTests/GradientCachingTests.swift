import HPL
import NN
import Tensor
import Testing
import _TestSupport

/// Losses on batches that the network computes in pieces.
@Suite struct GradientCachingTests {
  private typealias Loss = (Tensor<Double>) -> Tensor<Double>
  private static let labels = [0, 0, 1, 1, 2, 2, 0, 1].labels
  /// Makes each loss anew, with what it learns.
  private static let losses: [@Sendable () -> (loss: any PairLoss<Double>, module: (any Module<Double>)?)] = [
    { (SupConLoss(temperature: 0.5), nil) },
    { (RecallAtKLoss(ks: [1, 2], temperature: 0.5), nil) },
    { (SmoothAPLoss(temperature: 0.5, reducer: PerAnchorReducer()), nil) },
    {
      let loss = MarginLoss<Double>(margin: 0.9, classes: 3, betaWeight: 0.1)
      return (loss, loss)
    },
    {
      let loss = CrossBatchMemory<Double>(NTXentLoss(), size: 12, dimensions: 4)
      return (loss, loss)
    },
    {
      var generator = RandomGenerator(seed: 5)
      let loss = HIERLoss<Double>(proxies: 6, dimensions: 4, triplets: 3, using: &generator)
      return (loss, loss)
    },
  ]

  /// The gradients of two steps, of the network and of what the loss learns.
  private func gradients(
    inPiecesOf samples: Int?, _ loss: Loss, _ own: [NamedParameter<Double>]
  ) -> [Tensor<Double>?] {
    var generator = RandomGenerator(seed: 1)
    let model = Sequential<Double>(Linear(3, 6, using: &generator), Tanh(), Linear(6, 4, using: &generator))
    return (0..<2).flatMap { step in
      let x = signedSample([8, 3], seed: UInt64(step))
      let value = loss(samples.map { model(x, inPiecesOf: $0) } ?? model(x))
      let gradients = value.backward()
      return (model.parameters + own).map { $0.parameter.gradient(in: gradients) }
    }
  }

  private func expectSame(_ make: () -> (loss: Loss, own: [NamedParameter<Double>])) {
    let (whole, inPieces) = (make(), make())
    let expected = gradients(inPiecesOf: nil, whole.loss, whole.own)
    let actual = gradients(inPiecesOf: 3, inPieces.loss, inPieces.own)
    #expect(expected.allSatisfy { $0.map { $0.norm().item > 0 } ?? false }, "something to compare")
    for (actual, expected) in zip(actual, expected) {
      expectLess(difference(actual ?? Tensor(0), expected ?? Tensor(0)), 1e-11)
    }
  }

  @Test(arguments: losses.indices) func gradientsOfPairsAreThoseOfTheWholeBatch(_ index: Int) {
    expectSame {
      let (loss, module) = Self.losses[index]()
      return ({ loss($0, labels: Self.labels) }, module?.parameters ?? [])
    }
  }

  @Test func gradientsOfProxiesAreThoseOfTheWholeBatch() {
    expectSame {
      var generator = RandomGenerator(seed: 3)
      let loss = HierarchicalProxyLoss<Double>(
        dimensions: 4,
        levels: [.classes(3, loss: ProxyAnchor()), .taxonomy([0, 0, 1], weight: 0.5, loss: ProxyNCA())],
        using: &generator)
      return ({ loss($0, labels: Self.labels) }, loss.parameters)
    }
  }
}
