import Tensor
import Testing
import _TestSupport

/// The variance keeps its digits far from zero, whatever the first row holds.
@Suite struct BatchNormStatisticsTests {
  @Test(arguments: [0, 10_000] as [Float])
  func anOutlierInTheFirstRowDoesNotSpoilTheVariance(_ first: Float) {
    var generator = RandomGenerator(seed: 1)
    let values = [first] + Tensor<Float>.normal([99_999], mean: 1000, using: &generator).scalars
    let result = Tensor(values, shape: [100_000, 1]).batchNormalized(scale: [1], offset: [0])
    let exact = Tensor(values.map(Double.init)).variance(along: 0, correction: 0).item
    expectLess(abs(Double(result.variance.item) - exact), 2e-3 * exact)
  }
}
