import Tensor
import Testing
import _TestSupport

/// Random numbers: the same ones for a seed, for ever, and of the stated distributions.
@Suite struct RandomGeneratorTests {
  /// From an independent implementation in Python, itself checked against the published reference vectors.
  @Test func theNumbersOfASeedAreFixed() {
    expect(0, [0x5317_5D61_490B_23DF, 0x61DA_6F3D_C380_D507, 0x5C0F_DF91_EC9A_7BFC, 0x02EE_BF8C_3BBE_5E1A])
    expect(1, [0xCFC5_D07F_6F03_C29B, 0xBF42_4132_963F_E08D, 0x19A3_7D57_57AA_F520, 0xBF08_119F_05CD_56D6])
    expect(.max, [0x56CC_F8CE_948E_27B2, 0xE685_8843_2E5A_5B90, 0xE3E9_B5A4_8119_CA8B, 0x460F_1949_5532_AE73])
  }

  private func expect(_ seed: UInt64, _ numbers: [UInt64], at location: SourceLocation = #_sourceLocation) {
    var generator = RandomGenerator(seed: seed)
    #expect(numbers.map { _ in generator.next() } == numbers, sourceLocation: location)
  }

  @Test func aGeneratorGoesOnFromItsWords() {
    var generator = RandomGenerator(seed: 5)
    for _ in 0..<7 { _ = generator.next() }
    var copy = RandomGenerator(words: generator.words)
    expectEqual((0..<5).map { _ in generator.next() }, (0..<5).map { _ in copy.next() })
  }

  @Test func derivedDrawsAreFixedToo() {
    var generator = RandomGenerator(seed: 42)
    let uniform = (0..<3).map { _ in generator.uniform() }
    expectEqual(uniform, [0.8143051451229099, 0.3188210400616611, 0.9838941681774888])
    generator = RandomGenerator(seed: 42)
    for expected in [-0.7689930538210061, -0.8684461074702454, -1.5109749830006707] {
      expectLess(abs(generator.normal() - expected), 1e-14)
    }
    generator = RandomGenerator(seed: 7)
    let order = generator.permutation(10)
    expectEqual(order, [0, 2, 7, 5, 9, 1, 8, 3, 4, 6])
  }

  @Test func aSplitHasNumbersOfItsOwn() {
    var generator = RandomGenerator(seed: 5)
    var child = generator.split()
    let numbers = [child.next(), generator.next()]
    expectEqual(numbers, [0x936D_BA24_C4AE_B81E, 0x9C87_4B1E_F6A1_C5E6])
  }

  @Test func aCopyRepeatsTheNumbers() {
    var original = RandomGenerator(seed: 3)
    _ = original.next()
    var copy = original
    let (a, b) = (Tensor<Float>.normal([5], using: &original), Tensor<Float>.normal([5], using: &copy))
    expectEqual(a.scalars, b.scalars)
    #expect(a.scalars != Tensor<Float>.normal([5], using: &original).scalars)
  }

  @Test func uniformMoments() {
    var generator = RandomGenerator(seed: 9)
    let x = Tensor<Double>.uniform([50_000], in: -1..<3, using: &generator)
    let values = x.scalars
    #expect(values.min()! >= -1 && values.min()! < -0.999)
    #expect(values.max()! < 3 && values.max()! > 2.999)
    expectLess(abs(x.mean().item - 1), 0.02)  // four deviations of the mean
    expectLess(abs(x.variance(along: 0).item - 16.0 / 12), 0.03)
  }

  /// A `Float` range must not reach its upper bound by rounding.
  @Test func uniformFloatsStayBelowTheBound() {
    var generator = RandomGenerator(seed: 10)
    let narrow = Tensor<Float>.uniform([20_000], in: 1..<1.0000005, using: &generator)
    expectLess(narrow.max().item, 1.0000005)
    #expect(narrow.min().item >= 1)
  }

  @Test func normalMoments() {
    var generator = RandomGenerator(seed: 11)
    let x = Tensor<Double>.normal([50_000], mean: 2, deviation: 3, using: &generator)
    expectLess(abs(x.mean().item - 2), 4 * 3 / 50_000.0.squareRoot())
    expectLess(abs(x.variance(along: 0).item - 9), 0.25)
    let z = (x - 2) / 3
    expectLess(abs((z * z * z).mean().item), 0.07)  // no skew
    expectLess(abs((z * z * z * z).mean().item - 3), 0.2)  // the tails of a normal distribution
  }

  @Test func permutationsAreFair() {
    var generator = RandomGenerator(seed: 12)
    var counts = [[Int]: Int]()
    for _ in 0..<6000 { counts[generator.permutation(3), default: 0] += 1 }
    expectEqual(counts.count, 6)
    #expect(counts.values.min()! > 880 && counts.values.max()! < 1120)
    expectEqual(generator.permutation(0), [])
  }
}
