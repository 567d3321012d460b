import Foundation
import Tensor

/// How well one partition of samples agrees with another: clusters that were found with known classes or groups.
///
/// The definitions and their edge cases are scikit-learn's; entropies are in nats.
public struct PartitionAgreement: Sendable, Equatable {
  /// The share of samples that belong to the most frequent known group of their cluster.
  public let purity: Double

  /// `I / ((H₁ + H₂) / 2)`: mutual information by the arithmetic mean of the entropies; 1 where both are one group.
  public let normalizedMutualInformation: Double

  /// `(I − E[I]) / ((H₁ + H₂) / 2 − E[I])`: the same, with what random partitions into groups of these sizes would have by
  /// chance taken away (Vinh, Epps and Bailey, JMLR 2010).
  public let adjustedMutualInformation: Double

  /// Compares the groups of each sample; which numbers name the groups does not matter.
  ///
  /// Traps where there are not as many of the one as of the other, or none.
  public init(
    of found: [Int], with known: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      found.count == known.count && !found.isEmpty,
      "PartitionAgreement: \(found.count) and \(known.count) groups are not those of the same samples", file: file,
      line: line)
    let n = Double(found.count)
    var cells: [Pair: Int] = [:]
    for (a, b) in zip(found, known) { cells[Pair(a: a, b: b), default: 0] += 1 }
    var (foundSizes, knownSizes): ([Int: Int], [Int: Int]) = ([:], [:])
    var largest: [Int: Int] = [:]
    for (pair, count) in cells {
      foundSizes[pair.a, default: 0] += count
      knownSizes[pair.b, default: 0] += count
      largest[pair.a] = max(largest[pair.a] ?? 0, count)
    }
    purity = Double(largest.values.reduce(0, +)) / n
    guard foundSizes.count > 1 || knownSizes.count > 1 else {
      (normalizedMutualInformation, adjustedMutualInformation) = (1, 1)
      return
    }
    guard foundSizes.count > 1 && knownSizes.count > 1 else {
      (normalizedMutualInformation, adjustedMutualInformation) = (0, 0)
      return
    }
    // Sums in a fixed order, so that the same partitions give the same bits.
    let terms = cells.sorted { ($0.key.a, $0.key.b) < ($1.key.a, $1.key.b) }.map { pair, count in
      let expected = Double(foundSizes[pair.a]!) * Double(knownSizes[pair.b]!) / n
      return Double(count) / n * log(Double(count) / expected)
    }
    let information = max(0, terms.reduce(0, +))
    let mean = (PartitionAgreement.entropy(foundSizes) + PartitionAgreement.entropy(knownSizes)) / 2
    normalizedMutualInformation = information < Double.ulpOfOne ? 0 : information / mean
    let chance = PartitionAgreement.expectedInformation(foundSizes, knownSizes, found.count)
    // 0/0 is a perfect match that chance explains as well, such as of single samples; rounding must not decide.
    func awayFromZero(_ x: Double) -> Double { x < 0 ? min(x, -.ulpOfOne) : max(x, .ulpOfOne) }
    adjustedMutualInformation = awayFromZero(information - chance) / awayFromZero(mean - chance)
  }

  private struct Pair: Hashable {
    let a: Int
    let b: Int
  }

  private static func entropy(_ sizes: [Int: Int]) -> Double {
    let n = Double(sizes.values.reduce(0, +))
    return -sizes.values.sorted().reduce(0.0) { sum, size in sum + Double(size) / n * log(Double(size) / n) }
  }

  /// The mean of the mutual information over all partitions into groups of these sizes; groups of equal size count at once.
  private static func expectedInformation(_ a: [Int: Int], _ b: [Int: Int], _ n: Int) -> Double {
    func frequencies(_ sizes: [Int: Int]) -> [(size: Int, count: Int)] {
      Dictionary(grouping: sizes.values) { $0 }.map { ($0, $1.count) }.sorted { $0.0 < $1.0 }
    }
    let logFactorial: [Double] = (0..<n).reduce(into: [0]) { $0.append($0.last! + log(Double($1 + 1))) }
    let total = Double(n)
    var sum = 0.0
    for (a, countA) in frequencies(a) {
      for (b, countB) in frequencies(b) {
        // The chance of an overlap is hypergeometric.
        let fixed =
          logFactorial[a] + logFactorial[b] + logFactorial[n - a] + logFactorial[n - b] - logFactorial[n]
        var cell = 0.0
        for shared in max(1, a + b - n)...min(a, b) {
          let apart = logFactorial[a - shared] + logFactorial[b - shared] + logFactorial[n - a - b + shared]
          let information = log(total * Double(shared) / (Double(a) * Double(b)))
          cell += Double(shared) / total * information * exp(fixed - logFactorial[shared] - apart)
        }
        sum += cell * Double(countA * countB)
      }
    }
    return sum
  }
}
