/// The triplets whose gap `d_an − d_ap` lies on the given side of a margin.
public struct TripletMarginMiner: Miner, Sendable {
  /// Which triplets are chosen.
  public enum Kind: String, Sendable, CaseIterable {
    /// A gap of at most the margin.
    case all
    /// A negative no farther than the positive: a gap of at most 0.
    case hard
    /// A negative farther than the positive, but not by more than the margin (Schroff et al., 2015).
    case semiHard
  }

  /// Which triplets are chosen.
  public var kind: Kind
  /// The margin.
  public var margin: Double

  /// Makes the miner.
  public init(_ kind: Kind, margin: Double = 0.2) { (self.kind, self.margin) = (kind, margin) }

  /// The triplets, ordered by anchor, positive and negative.
  public func mine(_ batch: BatchDistances) -> Mined {
    .triplets(
      AllMiner().mine(batch).triplets.filter {
        let gap = batch[$0.anchor, $0.negative] - batch[$0.anchor, $0.positive]
        switch kind {
        case .all: return gap <= margin
        case .hard: return gap <= 0
        case .semiHard: return gap > 0 && gap <= margin
        }
      })
  }
}
