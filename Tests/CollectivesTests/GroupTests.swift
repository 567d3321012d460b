import Collectives
import Tensor
import Testing
import _TestSupport

/// Ranks as threads: what every transport must do, and the gradients of what is gathered, summed and spread.
@Suite struct GroupTests {
  private static func square(_ x: Tensor<Double>) -> Tensor<Double> { x * x }

  /// Numbers of a rank, different on each.
  private static func rows(_ count: Int, rank: Int, width: Int = 3) -> Tensor<Double> {
    var generator = RandomGenerator(seed: UInt64(17 + rank))
    return .normal([count, width], using: &generator)
  }

  @Test(arguments: 1...5)
  func sharesAreTheWhole(size: Int) throws {
    for count in [0, 1, 7, 60] {
      let shares = try Group.threads(size) { $0.share(of: count) }
      expectEqual(shares.flatMap { Array($0) }, Array(0..<count))
    }
  }

  @Test(arguments: 1...4)
  func gathersRowsOfDifferentNumbers(size: Int) throws {
    let all = try Group.threads(size) { group in group.gathered(Self.rows(group.rank * 2 % 5, rank: group.rank)) }
    let expected = Tensor.concatenated((0..<size).map { Self.rows($0 * 2 % 5, rank: $0) }, along: 0)
    for found in all { #expect(found.shape == expected.shape && found.scalars == expected.scalars) }
  }

  @Test func gathersLabelsTextsAndBytes() throws {
    let found = try Group.threads(3) { group in
      (
        group.gathered(Labels(Array(repeating: group.rank, count: group.rank))).scalars,
        group.gathered("rank \(group.rank)"), group.broadcast(group.rank == 1 ? [7, 8] : [], from: 1)
      )
    }
    for (labels, texts, bytes) in found {
      expectEqual(labels, [1, 2, 2])
      expectEqual(texts, ["rank 0", "rank 1", "rank 2"])
      expectEqual(bytes, [7, 8])
    }
  }

  /// Also of numbers that the ranks do not divide, and fewer than ranks.
  @Test(arguments: 1...5, [1, 2, 3, 10, 1001])
  func sumsInTheOrderOfRanks(size: Int, count: Int) throws {
    @Sendable func numbers(_ rank: Int) -> Tensor<Float> {
      var generator = RandomGenerator(seed: UInt64(rank))
      return .normal([count], deviation: 1e3, using: &generator)
    }
    let sums = try Group.threads(size) { $0.sum(numbers($0.rank)) }
    let expected = (1..<size).reduce(numbers(0)) { $0 + numbers($1) }
    for sum in sums { expectEqual(sum.scalars, expected.scalars) }
  }

  @Test func broadcastsOneRanksTensor() throws {
    let found = try Group.threads(3) { $0.broadcast(Self.rows(2, rank: $0.rank), from: 2) }
    for tensor in found { expectEqual(tensor.scalars, Self.rows(2, rank: 2).scalars) }
  }

  /// The loss of gathered rows, computed by all, has on each rank the gradients that one process has.
  @Test(arguments: 1...4)
  func aLossOfGatheredRowsCountsOnce(size: Int) throws {
    @Sendable func loss(_ rows: Tensor<Double>) -> Tensor<Double> {
      Self.square(rows.matmul(rows.transposed()) * rows.sum()).sum()
    }
    let whole = Tensor.concatenated((0..<size).map { Self.rows(2, rank: $0) }, along: 0)
    let expected = gradient(at: whole, of: loss)
    let found = try Group.threads(size) { group in
      gradient(at: Self.rows(2, rank: group.rank)) { loss(group.gathered($0)) }
    }
    expectLess(difference(Tensor.concatenated(found, along: 0), expected), 1e-12)
  }

  /// Between spread and sum the ranks compute different things: the gradient of what all share is the sum's.
  @Test(arguments: 1...4)
  func whatIsSpreadAndSummedIsDifferentiatedOnce(size: Int) throws {
    let shared = Self.rows(3, rank: 9)
    @Sendable func part(_ x: Tensor<Double>, _ rank: Int) -> Tensor<Double> { exp(x * Self.rows(3, rank: rank)).sum() }
    let expected = gradient(at: shared) { x in
      Self.square((0..<size).map { part(x, $0) }.reduce(Tensor(0), +)) + x.sum()
    }
    let found = try Group.threads(size) { group in
      gradient(at: shared) { x in Self.square(group.sum(part(group.spread(x), group.rank))) + x.sum() }
    }
    for gradient in found { expectLess(difference(gradient, expected), 1e-12) }
  }

  /// Second order: the gradient's gradient goes through the same collective calls.
  @Test func secondOrder() throws {
    let whole = Tensor.concatenated((0..<2).map { Self.rows(2, rank: $0) }, along: 0)
    @Sendable func penalty(_ x: Tensor<Double>, _ f: @escaping @Sendable (Tensor<Double>) -> Tensor<Double>) -> Tensor<
      Double
    > {
      Self.square(gradient(at: x, of: f)).sum()
    }
    @Sendable func cubes(_ x: Tensor<Double>) -> Tensor<Double> { Self.square((x * x * x).sum()) }
    let expected = gradient(at: whole) { penalty($0, cubes) }
    let found = try Group.threads(2) { group in
      gradient(at: Self.rows(2, rank: group.rank)) { x in penalty(group.gathered(x), cubes) }
    }
    expectLess(difference(Tensor.concatenated(found, along: 0), expected), 1e-12)
  }

  private struct Broken: Error, CustomStringConvertible { var description: String { "a picture is broken" } }

  @Test func anErrorOfOneRankIsEveryRanks() throws {
    let found = try Group.threads(4) { group in
      do {
        _ = try group.agree { if group.rank == 2 { throw Broken() } }
        return "none"
      } catch { return "\(error)" }
    }
    expectEqual(
      found,
      [
        "rank 2: a picture is broken", "rank 2: a picture is broken", "rank 2: a picture is broken",
        "rank 2: a picture is broken",
      ])
  }

  /// Who is alone is not slowed down: nothing is copied or recorded.
  @Test func aloneNothingHappens() {
    let x = Self.rows(2, rank: 0).tracked()
    let group = Group.alone
    func place(_ x: Tensor<Double>) -> UnsafePointer<Double>? { x.withUnsafeScalars(\.baseAddress) }
    for result in [group.gathered(x), group.sum(x), group.spread(x), group.broadcast(x)] {
      expectEqual(place(result), place(x))
    }
  }
}
