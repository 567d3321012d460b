import Collectives
import NN
import Tensor
import Testing
import _TestSupport

/// Batches that are computed in pieces: the gradients of the whole, the memory of one.
@Suite struct PieceTests {
  /// Compares every sample with all others.
  private func loss(_ rows: Tensor<Double>) -> Tensor<Double> {
    rows.normalized(along: 1).matmul(rows.normalized(along: 1).transposed()).logSumExp(along: 1).sum()
  }

  private func gradients(_ model: Sequential<Double>, _ output: Tensor<Double>) -> [Tensor<Double>] {
    let gradients = loss(output).backward()
    return model.parameters.map { $0.parameter.gradient(in: gradients)! }
  }

  @Test(arguments: [1, 3, 7, 8]) func gradientsAreThoseOfTheWholeBatch(_ samples: Int) {
    var generator = RandomGenerator(seed: 1)
    let model = Sequential<Double>(
      Linear(3, 5, using: &generator), LayerNorm(5), Tanh(), Linear(5, 4, using: &generator))
    let x = signedSample([7, 3])
    expectLess(difference(model(x, inPiecesOf: samples), model(x)), 1e-14)
    let expected = gradients(model, model(x))
    let actual = gradients(model, model(x, inPiecesOf: samples))
    for (actual, expected) in zip(actual, expected) { expectLess(difference(actual, expected), 1e-13) }
  }

  /// What is drawn for a piece is drawn once; batch normalisation sees one piece at a time, once.
  @Test func randomNumbersAndStatisticsAreThoseOfThePieces() {
    func model() -> (Sequential<Double>, BatchNorm<Double>) {
      var generator = RandomGenerator(seed: 2)
      let norm = BatchNorm<Double>(5)
      return (
        Sequential(
          Linear(3, 5, using: &generator), norm, Dropout(0.5, using: &generator), Linear(5, 4, using: &generator)), norm
      )
    }
    let (plain, plainNorm) = model()
    let (cached, cachedNorm) = model()
    let x = signedSample([8, 3])
    for _ in 0..<2 {
      // Eight samples in pieces of at most three: 2, 3 and 3.
      let pieces = [plain(x[0..<2]), plain(x[2..<5]), plain(x[5..<8])]
      let expected = gradients(plain, .concatenated(pieces, along: 0))
      let actual = gradients(cached, cached(x, inPiecesOf: 3))
      for (actual, expected) in zip(actual, expected) { expectLess(difference(actual, expected), 1e-12) }
    }
    expectEqual(difference(cachedNorm.runningMean.value, plainNorm.runningMean.value), 0)
    expectEqual(difference(cachedNorm.runningVar.value, plainNorm.runningVar.value), 0)
  }

  /// Counts the samples whose graph is alive.
  private final class Live {
    var samples = 0
    var most = 0

    final class Share {
      let live: Live
      let samples: Int

      init(_ live: Live, _ samples: Int) {
        (self.live, self.samples) = (live, samples)
        live.samples += samples
        live.most = max(live.most, live.samples)
      }

      deinit { live.samples -= samples }
    }
  }

  /// Hands on what it gets, and keeps a share of `Live` as long as its graph is there.
  private struct Watched: Layer {
    typealias Scalar = Double
    let live: Live

    func callAsFunction(_ input: Tensor<Double>) -> Tensor<Double> {
      withPullback(at: input) { x in
        let share = Live.Share(live, x.shape[0])
        return (x, { gradient in withExtendedLifetime(share) { gradient } })
      }
    }
  }

  @Test func noMoreThanOnePieceIsStored() {
    let live = Live()
    var generator = RandomGenerator(seed: 3)
    let model = Sequential<Double>(Linear(3, 4, using: &generator), Watched(live: live))
    let x = signedSample([12, 3])
    _ = loss(model(x)).backward()
    #expect(live.most == 12 && live.samples == 0)
    live.most = 0
    let value = loss(model(x, inPiecesOf: 4))
    expectEqual(live.samples, 0, "nothing is stored forward")
    _ = value.backward()
    #expect(live.most == 4 && live.samples == 0)
  }

  @Test func piecesOfNothingTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tanh<Double>()(.ones([2, 1]), inPiecesOf: 0)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("pieces of 0 samples"))
  }

  @Test func samplesLieAlongTheFirstAxis() async {
    let one = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tanh<Double>()(Tensor(1), inPiecesOf: 2)
    }
    let message = text(one?.standardErrorContent)
    #expect(message.contains("pieces of a tensor without axes"))
    let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Lambda<Double> { $0.transposed() }(.ones([4, 3]), inPiecesOf: 2)
    }
    let shape = text(other?.standardErrorContent)
    #expect(shape.contains("a piece of 2 samples gave [3, 2]"))
  }

  @Test func ranksMayHaveOtherNumbersOfPieces() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Group.threads(2) { group in
        let norm = BatchNorm<Double>(3)
        norm.synchronizeStatistics(over: group)
        return norm(.ones([4, 3]), inPiecesOf: 2).shape
      }
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("pieces do not fit layers that normalise over a group"))
  }
}
