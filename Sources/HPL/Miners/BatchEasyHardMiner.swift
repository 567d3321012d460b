/// For each anchor a positive and a negative, each the easiest, the hardest, or the hardest that is easier than the other
/// (Xuan et al., WACV 2020), or all of them.
public struct BatchEasyHardMiner: Miner, Sendable {
  /// Which sample is chosen.
  public enum Strategy: String, Sendable, CaseIterable {
    /// The nearest positive, the farthest negative.
    case easy
    /// The farthest positive, the nearest negative.
    case hard
    /// The farthest positive that is nearer than the negative chosen, the nearest negative that is farther than the positive
    /// chosen.
    case semiHard
    /// All of them.
    case all
  }

  /// Which positive is chosen.
  public let positive: Strategy
  /// Which negative is chosen.
  public let negative: Strategy
  /// The distances of positives that may be chosen; those of `all` any.
  public var positiveRange: ClosedRange<Double>?
  /// The distances of negatives that may be chosen; those of `all` any.
  public var negativeRange: ClosedRange<Double>?

  /// Makes the miner; traps where a choice by half depends on one that is none: two of `semiHard`, or `semiHard` beside `all`.
  public init(
    positive: Strategy = .easy, negative: Strategy = .semiHard, positiveRange: ClosedRange<Double>? = nil,
    negativeRange: ClosedRange<Double>? = nil
  ) {
    let both = [positive, negative]
    guard !both.contains(.semiHard) || both.contains(.easy) || both.contains(.hard) else {
      fatalError(
        "BatchEasyHardMiner: \(positive) positives with \(negative) negatives; semiHard needs the other to be chosen")
    }
    (self.positive, self.negative) = (positive, negative)
    (self.positiveRange, self.negativeRange) = (positiveRange, negativeRange)
  }

  /// One triplet for each anchor that has both; with `all`, pairs.
  public func mine(_ batch: BatchDistances) -> Mined {
    var (positives, negatives): ([(row: Int, column: Int)], [(row: Int, column: Int)]) = ([], [])
    var triplets: [Triplet] = []
    for anchor in 0..<batch.count {
      let near = positiveCandidates(batch, anchor), far = negativeCandidates(batch, anchor)
      if positive == .all || negative == .all {
        positives += (positive == .all ? near : chosen(near, positive == .hard, batch, anchor)).map { (anchor, $0) }
        negatives += (negative == .all ? far : chosen(far, negative == .easy, batch, anchor)).map { (anchor, $0) }
      } else if let pair = pair(near, far, batch, anchor) {
        triplets.append(Triplet(anchor: anchor, positive: pair.positive, negative: pair.negative))
      }
    }
    return positive == .all || negative == .all
      ? .pairs(positives: positives, negatives: negatives) : .triplets(triplets)
  }

  private func positiveCandidates(_ batch: BatchDistances, _ anchor: Int) -> [Int] {
    let all = batch.positives(of: anchor)
    guard let positiveRange, positive != .all else { return all }
    return all.filter { positiveRange.contains(batch[anchor, $0]) }
  }

  private func negativeCandidates(_ batch: BatchDistances, _ anchor: Int) -> [Int] {
    let all = batch.negatives(of: anchor)
    guard let negativeRange, negative != .all else { return all }
    return all.filter { negativeRange.contains(batch[anchor, $0]) }
  }

  /// The farthest or the nearest one, the first of equals; none of none.
  private func chosen(_ candidates: [Int], _ isFarthest: Bool, _ batch: BatchDistances, _ anchor: Int) -> [Int] {
    let best =
      isFarthest
      // Of equal maxima `max` takes the last.
      ? candidates.reversed().max { batch[anchor, $0] < batch[anchor, $1] }
      : candidates.min { batch[anchor, $0] < batch[anchor, $1] }
    return best.map { [$0] } ?? []
  }

  private func pair(
    _ near: [Int], _ far: [Int], _ batch: BatchDistances, _ anchor: Int
  ) -> (positive: Int, negative: Int)? {
    if positive == .semiHard {
      guard let negative = chosen(far, negative == .easy, batch, anchor).first else { return nil }
      let nearer = near.filter { batch[anchor, $0] < batch[anchor, negative] }
      return chosen(nearer, true, batch, anchor).first.map { ($0, negative) }
    }
    guard let positive = chosen(near, positive == .hard, batch, anchor).first else { return nil }
    let others = negative == .semiHard ? far.filter { batch[anchor, $0] > batch[anchor, positive] } : far
    return chosen(others, negative == .easy, batch, anchor).first.map { (positive, $0) }
  }
}
