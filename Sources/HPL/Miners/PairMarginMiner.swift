/// The pairs that a contrastive loss has something to say about: positives farther, and negatives nearer, than a distance.
public struct PairMarginMiner: Miner, Sendable {
  /// The distance that a positive must exceed.
  public var positiveMargin: Double
  /// The distance that a negative must fall short of.
  public var negativeMargin: Double

  /// Makes the miner.
  public init(positiveMargin: Double = 0.2, negativeMargin: Double = 0.8) {
    (self.positiveMargin, self.negativeMargin) = (positiveMargin, negativeMargin)
  }

  /// The pairs, ordered by anchor.
  public func mine(_ batch: BatchDistances) -> Mined {
    let all = AllMiner().mine(batch).pairs
    return .pairs(
      positives: all.positives.filter { batch[$0.row, $0.column] > positiveMargin },
      negatives: all.negatives.filter { batch[$0.row, $0.column] < negativeMargin })
  }
}
