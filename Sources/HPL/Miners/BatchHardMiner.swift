/// For each anchor its farthest positive and its nearest negative (Hermans et al., 2017); the first of equal ones.
public struct BatchHardMiner: Miner, Sendable {
  /// Makes the miner.
  public init() {}

  /// At most one triplet a sample; none for a sample without positives or negatives.
  public func mine(_ batch: BatchDistances) -> Mined {
    .triplets(
      (0..<batch.count).compactMap { anchor in
        // Of equal maxima `max` takes the last, so that the order is reversed.
        guard
          let positive = batch.positives(of: anchor).reversed().max(by: { batch[anchor, $0] < batch[anchor, $1] }),
          let negative = batch.negatives(of: anchor).min(by: { batch[anchor, $0] < batch[anchor, $1] })
        else { return nil }
        return Triplet(anchor: anchor, positive: positive, negative: negative)
      })
  }
}
