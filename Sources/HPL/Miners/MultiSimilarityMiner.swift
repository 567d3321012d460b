/// The pairs that carry information next to the hardest of the other kind (Wang et al., CVPR 2019, equations 9 and 10).
///
/// With cosines `s`: a positive where `s − ε` is less than the anchor's most similar negative, a negative where `s + ε` is more than
/// its least similar positive.
public struct MultiSimilarityMiner: Miner, Sendable {
  /// The tolerance ε.
  public var tolerance: Double

  /// Makes the miner with the paper's tolerance.
  public init(tolerance: Double = 0.1) { self.tolerance = tolerance }

  /// The pairs, ordered by anchor; an anchor without positives or without negatives has none.
  public func mine(_ batch: BatchDistances) -> Mined {
    var (positives, negatives): ([(row: Int, column: Int)], [(row: Int, column: Int)]) = ([], [])
    for anchor in 0..<batch.count {
      /// The cosine of normalised vectors, from `d² = 2 − 2s`.
      func similarity(_ other: Int) -> Double { 1 - batch[anchor, other] * batch[anchor, other] / 2 }
      let (same, others) = (batch.positives(of: anchor), batch.negatives(of: anchor))
      guard let farthest = same.map(similarity).min(), let nearest = others.map(similarity).max() else { continue }
      positives += same.filter { similarity($0) - tolerance < nearest }.map { (anchor, $0) }
      negatives += others.filter { similarity($0) + tolerance > farthest }.map { (anchor, $0) }
    }
    return .pairs(positives: positives, negatives: negatives)
  }
}
