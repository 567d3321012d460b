import CKernels

/// A seeded source of random numbers, handed explicitly to whatever draws from it.
///
/// xoshiro256++ (Blackman and Vigna, 2019), its state filled by SplitMix64. A value: a copy repeats the same numbers;
/// `split()` makes a generator with numbers of its own. The bits of `next()` for a seed are part of the API.
public struct RandomGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Makes the generator for a seed; any seed is as good as another.
  public init(seed: UInt64) {
    var mixer = seed
    func next() -> UInt64 {
      mixer &+= 0x9E37_79B9_7F4A_7C15
      var z = mixer
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// The generator for one epoch of a seeded run; who draws beside others splits it.
  package init(seed: UInt64, epoch: Int) {
    var base = RandomGenerator(seed: seed)
    self.init(seed: base.next() &+ UInt64(bitPattern: Int64(epoch)))
  }

  /// Makes a generator that goes on where another one was; `words` are its `words`.
  ///
  /// Traps unless there are four that are not all 0.
  public init(words: [UInt64], file: StaticString = #fileID, line: UInt = #line) {
    require(
      words.count == 4 && words.contains { $0 != 0 },
      "RandomGenerator: \(words) are not four words that are not all 0", file: file, line: line)
    state = (words[0], words[1], words[2], words[3])
  }

  /// What the generator's next numbers depend on, four words; a checkpoint keeps them.
  public var words: [UInt64] { [state.0, state.1, state.2, state.3] }

  /// Draws 64 random bits.
  public mutating func next() -> UInt64 { withWords(ck_next_bits) }

  /// Draws an independent generator.
  public mutating func split() -> RandomGenerator { RandomGenerator(seed: next()) }

  /// Draws a number uniformly from [0, 1).
  public mutating func uniform() -> Double { withWords(ck_next_uniform) }

  /// Draws a number from the standard normal distribution (Box–Muller).
  public mutating func normal() -> Double { withWords(ck_next_normal) }

  /// Fills elements with numbers drawn uniformly from a range.
  mutating func fill<Scalar: TensorScalar>(
    _ elements: UnsafeMutableBufferPointer<Scalar>, uniformlyFrom range: Range<Scalar>
  ) {
    let (low, high) = (Double(range.lowerBound), Double(range.upperBound))
    let greatest = Swift.max(range.lowerBound, range.upperBound.nextDown)  // rounding must not reach the bound
    withWords {
      ck_random_uniform(Scalar.element, $0, elements.count, low, high, Double(greatest), elements.baseAddress)
    }
  }

  /// Fills elements with numbers drawn from a normal distribution.
  mutating func fill<Scalar: TensorScalar>(
    _ elements: UnsafeMutableBufferPointer<Scalar>, normallyAround mean: Scalar, deviation: Scalar
  ) {
    withWords {
      ck_random_normal(
        Scalar.element, $0, elements.count, Double(mean), Double(deviation), elements.baseAddress)
    }
  }

  private mutating func withWords<Result>(_ body: (UnsafeMutablePointer<UInt64>) -> Result) -> Result {
    withUnsafeMutableBytes(of: &state) { body($0.baseAddress!.assumingMemoryBound(to: UInt64.self)) }
  }

  /// Leaves out so many numbers of the standard normal distribution.
  package mutating func skipNormals(_ count: Int) {
    for _ in 0..<2 * count { _ = next() }
  }

  /// Draws an order of `0..<count`; traps for a negative count.
  public mutating func permutation(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> [Int] {
    require(count >= 0, "permutation: \(count) is not a number of elements", file: file, line: line)
    var order = Array(0..<count)
    order.shuffle(using: &self)
    return order
  }
}
