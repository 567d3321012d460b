/// Every pair of the batch, and so every triplet.
public struct AllMiner: Miner, Sendable {
  /// Makes the miner.
  public init() {}

  /// Each sample with all others of its class and with all of other classes.
  public func mine(_ batch: BatchDistances) -> Mined {
    let anchors = 0..<batch.count
    return .pairs(
      positives: anchors.flatMap { anchor in batch.positives(of: anchor).map { (anchor, $0) } },
      negatives: anchors.flatMap { anchor in batch.negatives(of: anchor).map { (anchor, $0) } })
  }
}
