import Tensor
import Testing
import _TestSupport

/// Random integers and categories.
@Suite struct CategoryTests {
  @Test func integersFillTheirRange() {
    var generator = RandomGenerator(seed: 5)
    let draws = Labels.uniform([60, 1000], in: -2..<4, using: &generator)
    let counts = (draws + 2).flattened().bincount()
    #expect(counts.count == 6 && counts.min().item > 9500 && counts.max().item < 10_500)
    expectEqual(Tensor<UInt8>.uniform([100], in: 250..<255, using: &generator).max().item, 254)
  }

  @Test func categoriesHaveTheirProbabilities() {
    var generator = RandomGenerator(seed: 6)
    let weights = Tensor<Float>([[1, 0, 3, 0], [0, 5, 0, 5]])
    let draws = Labels.multinomial(weights, count: 20_000, withReplacement: true, using: &generator)
    let (first, second) = (draws[0].bincount(minimumCount: 4).scalars, draws[1].bincount(minimumCount: 4).scalars)
    #expect(first[1] == 0 && first[3] == 0 && abs(Double(first[0]) / 20_000 - 0.25) < 0.01)
    #expect(second[0] == 0 && second[2] == 0 && abs(Double(second[1]) / 20_000 - 0.5) < 0.01)
  }

  /// Of weights 1, 2 and 0 all but the last are drawn; the second comes first in two of three rows.
  @Test func eachCategoryOnce() {
    var generator = RandomGenerator(seed: 7)
    let weights = Tensor<Double>([1, 2, 0]).expanded(to: [10_000, 3])
    let draws = Labels.multinomial(weights, count: 2, using: &generator)
    #expect(draws.shape == [10_000, 2] && (draws.sum(along: 1) .== 1).allTrue)
    let share = Double(draws.select(along: 1, 0).sum().item) / 10_000
    expectLess(abs(share - 2.0 / 3), 0.02)
    expectEqual(Labels.multinomial(Tensor<Double>([1]), count: 0, using: &generator).shape, [0])
  }

  @Test func theSameSeedDrawsTheSame() {
    func draw() -> [Int] {
      var generator = RandomGenerator(seed: 8)
      return Labels.multinomial(Tensor<Double>.ones([9]), count: 9, using: &generator).scalars
        + Labels.uniform([9], in: 0..<99, using: &generator).scalars
    }
    expectEqual(draw(), draw())
    expectEqual(Set(draw().prefix(9)).count, 9)
  }
}
