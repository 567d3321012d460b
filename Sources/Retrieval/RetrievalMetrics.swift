import Collectives
import Tensor

/// How well embeddings retrieve samples of their own class: Recall@K, P@1, R-Precision, MAP@R and MRR, over all queries and class
/// by class.
///
/// Similarity, and what comes first among equally similar items, are those of `Search`.
///
/// A query is *dropped* if nothing that it could find has its class: it leaves every mean and is counted in
/// `queriesDropped`. No more than a tile of all pairs is in memory at a time (for each thread).
public struct RetrievalMetrics: Sendable, Equatable {
  /// For each K asked for, the share of queries with at least one item of their class among the K nearest.
  public let recall: [Int: Double]

  /// The share of queries whose nearest item has their class.
  public let precisionAt1: Double

  /// The mean over the queries of (items of their class among the R nearest) / R, where R is the number of items of
  /// the query's class, the query itself not counted.
  public let rPrecision: Double

  /// The mean over the queries of `1/R Σ_{i≤R} rel(i)·Precision(i)`, in which `rel(i)` is 1 if the i-th nearest item has
  /// the query's class, else 0.
  public let mapAtR: Double

  /// The mean reciprocal rank (MRR): the mean over the queries of 1 / the rank of the first item of their class.
  public let meanReciprocalRank: Double

  /// The same measures for the queries of each class, in ascending order of the labels.
  public let classes: [ClassRetrieval]

  /// The rank of the first item of its class, from 1, of each query behind the means.
  let firstHits: [Int]

  /// The number of queries behind the means.
  public let queries: Int

  /// The number of queries for which there is nothing to find.
  public let queriesDropped: Int

  /// Measures a search.
  ///
  /// Recall is measured at the field's usual K unless they are given: 1, 2, 4, 8, and where queries look in a gallery In-Shop's 1,
  /// 10, 20, 30, 40, 50. The ranks of a group, which all have the same search, share out the work and get the same bits as one process with
  /// as many threads. `progress` is called now and then with the share of this rank's work that is done. Throws `RetrievalError` if no query has anything
  /// to find. Traps where a K is less than 1.
  public init(
    _ search: Search, recallAt: [Int]? = nil, over group: Group = .alone, progress: (Double) -> Void = { _ in },
    file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    let recallAt = RetrievalMetrics.checkedCutoffs(recallAt, search, file, line)
    try self.init(HitRanking(search, over: group).outcomes(progress: progress), search.queryLabels, recallAt)
  }

  /// The K asked for, or the field's usual ones.
  static func checkedCutoffs(_ recallAt: [Int]?, _ search: Search, _ file: StaticString, _ line: UInt) -> [Int] {
    let recallAt = recallAt ?? (search.isSelf ? [1, 2, 4, 8] : [1, 10, 20, 30, 40, 50])
    require(
      recallAt.allSatisfy { $0 >= 1 }, "RetrievalMetrics: Recall@K needs K ≥ 1, not \(recallAt)", file: file, line: line
    )
    return recallAt
  }

  /// Takes the means of what became of queries, whose classes are `labels`.
  init(_ outcomes: [HitOutcome], _ labels: [Int], _ recallAt: [Int]) throws(RetrievalError) {
    let byClass = Dictionary(grouping: zip(labels, outcomes), by: \.0).mapValues { $0.map(\.1) }
    try self.init(outcomes, byClass: byClass, recallAt)
  }

  /// Takes the means of what became of queries, of all and of those of each class.
  init(_ outcomes: [HitOutcome], byClass: [Int: [HitOutcome]], _ recallAt: [Int]) throws(RetrievalError) {
    let counted = outcomes.filter { $0.relevant > 0 }
    guard !counted.isEmpty else { throw .nothingToFind(queries: outcomes.count) }

    func mean(_ value: (HitOutcome) -> Double) -> Double {
      counted.reduce(0) { $0 + value($1) } / Double(counted.count)
    }
    recall = Dictionary(
      recallAt.map { k in (k, mean { $0.firstHit <= k ? 1 : 0 }) }, uniquingKeysWith: { first, _ in first })
    precisionAt1 = mean { $0.firstHit == 1 ? 1 : 0 }
    rPrecision = mean { Double($0.precision.hits) / Double($0.relevant) }
    mapAtR = mean(\.precision.average)
    meanReciprocalRank = mean(\.reciprocalRank)
    firstHits = counted.map(\.firstHit)
    classes = byClass.sorted { $0.key < $1.key }.map { ClassRetrieval(label: $0, $1) }
    queries = counted.count
    queriesDropped = outcomes.count - counted.count
  }

  /// Lets every sample look for its class among all the others: `Search(embeddings:labels:)`.
  public init(
    embeddings: Tensor<Float>, labels: Labels, recallAt: [Int] = [1, 2, 4, 8], over group: Group = .alone,
    progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    let search = try Search(embeddings: embeddings, labels: labels, file: file, line: line)
    try self.init(search, recallAt: recallAt, over: group, progress: progress, file: file, line: line)
  }
}

/// Why embeddings cannot be evaluated.
public enum RetrievalError: Error, Equatable, CustomStringConvertible {
  /// No query has an item of its class to find; the number of queries.
  case nothingToFind(queries: Int)
  /// An embedding has a NaN or an infinity: what it is (embedding, query or gallery item) and its row.
  case notFinite(String, row: Int)
  /// All embeddings are equal.
  case noVariation
  /// The principal components of embeddings were not found.
  case whiteningFailed(LinearAlgebraError)

  /// The error in one line, with what to do.
  public var description: String {
    switch self {
    case .nothingToFind(let queries):
      "no class of the \(queries) queries has another sample to find: evaluate with at least two samples of a class"
    case .notFinite(let role, let row):
      "\(role) \(row) has a NaN or an infinity: the model has diverged, so lower the learning rate or clip gradients"
    case .noVariation: "all embeddings are equal: whitening needs some that differ"
    case .whiteningFailed(let error): "whitening found no principal components: \(error)"
    }
  }
}

/// Rows of length 1 in full precision, also where squares would overflow or vanish; rows of zeros stay zeros.
func unitRows(_ rows: Tensor<Float>, _ role: String) throws(RetrievalError) -> Tensor<Float> {
  try withPrecision(.float32) { () throws(RetrievalError) in try scaledRows(rows, role) }
}

private func scaledRows(_ rows: Tensor<Float>, _ role: String) throws(RetrievalError) -> Tensor<Float> {
  guard rows.count > 0 else { return rows.detached }
  let rows = rows.detached
  let peaks = abs(rows).max(along: 1, keepsAxes: true)
  let isZero = peaks .== Tensor(0)
  if let row = peaks.scalars.firstIndex(where: { !$0.isFinite }) { throw .notFinite(role, row: row) }
  let scaled = rows / peaks.replacing(with: 1, where: isZero)
  let lengths = sqrt((scaled * scaled).sum(along: 1, keepsAxes: true))
  return scaled / lengths.replacing(with: 1, where: isZero)
}

func requireRows(
  _ rows: Tensor<Float>, _ labels: Labels, _ name: StaticString, _ file: StaticString, _ line: UInt
) {
  require(
    rows.rank == 2 && labels.shape == [rows.shape[0]],
    "evaluation: \(name) of shape \(rows.shape) need shape [samples, dimensions] and as many labels, not \(labels.shape)",
    file: file, line: line)
}
