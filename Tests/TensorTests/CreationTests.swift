import Tensor
import Testing
import _TestSupport

@Suite struct CreationTests {
  @Test func extremesWithANumber() {
    expectEqual(maximum(Tensor<Double>([-1, 2]), 0).scalars, [0, 2])
    expectEqual(minimum(Tensor<Float>([-1, 2]), 0).scalars, [-1, 0])
  }

  @Test func ranges() {
    expectEqual(Labels.range(from: 2, to: 9, by: 3).scalars, [2, 5, 8])
    expectEqual(Labels.range(from: 5, to: 0, by: -2).scalars, [5, 3, 1])
    expectEqual(Labels.range(from: 3, to: 1).shape, [0])
    expectEqual(Tensor<Float>.range(from: -1, to: 1, by: 0.5).scalars, [-1, -0.5, 0, 0.5])
    expectEqual(Tensor<Double>.range(from: 1, to: -1, by: -0.75).scalars, [1, 0.25, -0.5])
    expectEqual(Tensor<Double>.range(from: 1, to: 1).shape, [0])
    expectEqual(Tensor<Double>.range(from: 2, to: 1).shape, [0])
    expectEqual(Tensor<Float>.range(from: 16_777_210, to: 16_777_226, by: 2)[7].item, 16_777_224)
  }

  @Test func theShapeOfAnother() {
    let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    expectEqual(Tensor.zeros(like: x).shape, [2, 3])
    expectEqual(Tensor.ones(like: x.transposed()).shape, [3, 2])
    #expect(Tensor.full(like: x, 7).scalars == [7, 7, 7, 7, 7, 7] && Tensor.zeros(like: Labels([1])).scalars == [0])
    expectEqual(Tensor<Double>.logspace(from: 0, through: 3, count: 4).scalars, [1, 10, 100, 1000])
  }

  @Test func literalsNestToAnyRank() {
    let cube: Tensor<Float> = [[[1, 2.5], [3, 4]], [[5, 6], [7, 8]]]
    expectEqual(cube.shape, [2, 2, 2])
    expectEqual(cube.scalars, [1, 2.5, 3, 4, 5, 6, 7, 8])
    let labels: Labels = [[0, 2], [1, 1]]
    expectEqual(labels.shape, [2, 2])
    expectEqual(labels.scalars, [0, 2, 1, 1])
    let (mask, bytes): (Tensor<Bool>, Tensor<UInt8>) = ([true, false], [255, 0])
    expectEqual(mask.scalars, [true, false])
    expectEqual(bytes.scalars, [255, 0])
    let nothing: Tensor<Double> = [[], []]
    expectEqual(nothing.shape, [2, 0])
  }

  @Test func raggedLiteralsTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let ragged: Tensor<Float> = [[1, 2], [3]]
      _ = ragged
    }
    #expect(trapMessage(result).contains("Tensor literal: elements of different shapes [[2], [1]]"))
  }

  @Test func endlessRangesTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Double>.range(from: 0, to: 1, by: 0)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("range: from 0.0 to 1.0 by 0.0 does not end"))
  }

  @Test func bernoulliHasItsProbability() {
    var generator = RandomGenerator(seed: 2)
    let draws = Tensor<Bool>.bernoulli([40, 500], probability: 0.3, using: &generator)
    #expect(draws.shape == [40, 500] && abs(Double(draws.trueCount) / 20_000 - 0.3) < 0.01)
    let sure = Tensor<Bool>.bernoulli(Tensor<Float>([[0, 1], [1, 0]]), using: &generator)
    expectEqual(sure.scalars, [false, true, true, false])
  }

  @Test func impossibleProbabilitiesTrap() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 2)
      _ = Tensor<Bool>.bernoulli(Tensor<Float>([0.5, .nan]), using: &generator)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("bernoulli: probabilities outside 0...1"))
  }

  @Test func permutationsNameEachNumberOnce() {
    var generator = RandomGenerator(seed: 3)
    let order = Labels.permutation(100, using: &generator)
    #expect(order.sorted().scalars == Array(0..<100) && order.scalars != Array(0..<100))
  }

  /// Mean and deviation of the standard normal distribution between two bounds, by numeric integration.
  private func moments(_ lower: Double, _ upper: Double) -> (mean: Double, deviation: Double) {
    let z = Tensor<Double>.linspace(from: lower, through: upper, count: 20_001)
    let peak = lower > 0 ? lower : upper < 0 ? upper : 0
    let weights = exp((z * z - peak * peak) * -0.5)
    let mean = (weights * z).sum() / weights.sum()
    let variance = (weights * (z - mean) * (z - mean)).sum() / weights.sum()
    return (mean.item, variance.item.squareRoot())
  }

  @Test(arguments: [(-2.0, 2.0), (-0.1, 0.2), (1, 3), (-9, -4), (30, 40), (0.5, 0.5)])
  func truncatedNormalHasItsMoments(_ lower: Double, _ upper: Double) {
    var generator = RandomGenerator(seed: 4)
    let draws = Tensor<Double>.truncatedNormal(
      [10_000], mean: 5, deviation: 2, in: 5 + 2 * lower...5 + 2 * upper, using: &generator)
    #expect((draws .>= Tensor(5 + 2 * lower)).allTrue && (draws .<= Tensor(5 + 2 * upper)).allTrue)
    let z = (draws - 5) / 2
    if lower == upper { return }
    let expected = moments(lower, Swift.min(upper, lower > 0 ? lower + 8 : upper))
    expectLess(abs(z.mean().item - expected.mean), 0.05 * expected.deviation)
    expectLess(abs(z.standardDeviation().item / expected.deviation - 1), 0.03)
  }
}
