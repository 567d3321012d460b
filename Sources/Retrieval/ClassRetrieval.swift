/// How well the queries of one class find items of their class: a line of a table by class.
///
/// The measures are those of `RetrievalMetrics`, over the queries of the class that have something to find; 0 where there are none.
public struct ClassRetrieval: Sendable, Equatable {
  /// The class.
  public let label: Int
  /// The number of queries behind the means.
  public let queries: Int
  /// The number of queries for which there is nothing to find.
  public let queriesDropped: Int
  /// The share of queries whose nearest item has their class.
  public let precisionAt1: Double
  /// The mean of (items of the class among the R nearest) / R.
  public let rPrecision: Double
  /// The mean of `1/R Σ_{i≤R} rel(i)·Precision(i)`.
  public let mapAtR: Double
  /// The mean of 1 / the rank of the first item of the class.
  public let meanReciprocalRank: Double

  init(label: Int, _ outcomes: [HitOutcome]) {
    let counted = outcomes.filter { $0.relevant > 0 }
    func mean(_ value: (HitOutcome) -> Double) -> Double {
      counted.isEmpty ? 0 : counted.reduce(0) { $0 + value($1) } / Double(counted.count)
    }
    (self.label, queries, queriesDropped) = (label, counted.count, outcomes.count - counted.count)
    precisionAt1 = mean { $0.firstHit == 1 ? 1 : 0 }
    rPrecision = mean { Double($0.precision.hits) / Double($0.relevant) }
    mapAtR = mean(\.precision.average)
    meanReciprocalRank = mean(\.reciprocalRank)
  }
}
