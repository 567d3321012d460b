import Collectives
import Tensor

/// How well embeddings retrieve what is near in a hierarchy: MAP@R on every level, and measures that grade all levels at once.
///
/// An item's *grade* for a query is the number of levels on which both are in one group: with L levels, L for the same class, 1
/// for the same group on the coarsest level only, 0 for strangers. Ω_g are the items of grade g, the query itself (removed by
/// index) not counted. Similarity, and what comes first among equally similar items, are those of `Search`.
///
/// A query is *dropped* from a level's mean if nothing that it could find is in its group there, and from the means of H-AP,
/// NDCG and ASI if that holds for the coarsest level. Rows of similarities are made and ranked a block at a time, 64 MB of
/// them for each thread at most.
public struct HierarchicalRetrievalMetrics: Sendable, Equatable {
  /// For each level, classes first, MAP@R with the level's groups as classes: `1/R Σ_{i≤R} rel(i)·Precision(i)`, as in
  /// `RetrievalMetrics`.
  public let mapAtR: [Double]

  /// H-AP (Ramzi et al., ECCV 2022): `1/Σrel · Σ_{k: rel(k)>0} 1/k Σ_{j≤k} min(rel(j), rel(k))` over the whole ranking, with their
  /// relevance `rel = (g/L) / |Ω_g|` for grade g.
  public let hierarchicalAP: Double

  /// Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002; Burges et al., 2005) of the whole ranking: gain
  /// `2^g − 1`, discount `1/log₂(1 + k)` at rank k.
  public let ndcg: Double

  /// Average set intersection (ASI; Fagin et al., 2003; Sun et al., CVPR 2021), as Ramzi and others compute it.
  ///
  /// The mean over k = 1…N, where N items have grade 1 or more, of `1/k Σ_{g≥1} min(n_g(k), n*_g(k))`: of the k first items
  /// `n_g(k)` have grade g, and of the k first in an ideal ranking `n*_g(k)`.
  public let averageSetIntersection: Double

  /// The share of queries whose first item of another class is in the query's group on the level above the classes; nil where
  /// there is no level above or no item of another class.
  public let firstErrorsWithinParent: Double?

  /// For each level, the number of queries behind its mean.
  public let queries: [Int]

  /// For each level, the number of queries for which there is nothing to find.
  public let queriesDropped: [Int]

  /// Measures a search: `groups[l][c]` is the group of class `c` on level `l + 1`, as `ClassHierarchy.groupsOfClasses` has it.
  ///
  /// The ranks of a group, which all have the same search, share out the queries and get the same bits as one process with as many
  /// threads. `progress` is called now and then with the share of this rank's work that is done. Throws `RetrievalError` if there is a level on
  /// which nobody has anything to find. Traps for a label without group, and where a group is not within one of the next level.
  public init(
    _ search: Search, groups: [[Int]], over group: Group = .alone, progress: (Double) -> Void = { _ in },
    file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    let ranking = GradedRanking(
      search, queryGroups: levelLabels(search.queryLabels, groups, file, line),
      itemGroups: levelLabels(search.itemLabels, groups, file, line), over: group)
    try self.init(ranking.outcomes(progress: progress), levels: groups.count + 1)
  }

  /// Lets every sample look for its groups among all the others: `Search(embeddings:labels:)`.
  public init(
    embeddings: Tensor<Float>, labels: Labels, groups: [[Int]], over group: Group = .alone,
    progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    let search = try Search(embeddings: embeddings, labels: labels, file: file, line: line)
    try self.init(search, groups: groups, over: group, progress: progress, file: file, line: line)
  }

  private init(_ outcomes: [GradedOutcome], levels: Int) throws(RetrievalError) {
    var (maps, counts): ([Double], [Int]) = ([], [])
    for level in 0..<levels {
      let counted = outcomes.filter { $0.precisions[level].relevant > 0 }
      guard !counted.isEmpty else { throw .nothingToFind(queries: outcomes.count) }
      let sum = counted.reduce(0) { $0 + $1.precisions[level].average }
      maps.append(sum / Double(counted.count))
      counts.append(counted.count)
    }
    (mapAtR, queries, queriesDropped) = (maps, counts, counts.map { outcomes.count - $0 })
    func mean(_ value: (GradedOutcome) -> Double) -> Double {
      outcomes.filter { $0.precisions[levels - 1].relevant > 0 }.reduce(0) { $0 + value($1) }
        / Double(counts[levels - 1])
    }
    hierarchicalAP = mean(\.hierarchicalAP)
    ndcg = mean(\.ndcg)
    averageSetIntersection = mean(\.averageSetIntersection)
    let errors = outcomes.compactMap(\.isFirstErrorWithinParent)
    firstErrorsWithinParent =
      levels > 1 && !errors.isEmpty ? Double(errors.count { $0 }) / Double(errors.count) : nil
  }
}

/// The group of each sample on each level, classes first.
private func levelLabels(
  _ labels: [Int], _ groups: [[Int]], _ file: StaticString, _ line: UInt
) -> [[Int]] {
  for (level, groups) in groups.enumerated() {
    if let label = labels.first(where: { !groups.indices.contains($0) }) {
      trap(
        "HierarchicalRetrievalMetrics: label \(label) is none of the \(groups.count) classes of level \(level + 1)",
        file: file, line: line)
    }
  }
  for level in groups.indices.dropLast() {
    var parents: [Int: Int] = [:]
    for (group, parent) in zip(groups[level], groups[level + 1]) {
      require(
        parents.updateValue(parent, forKey: group) ?? parent == parent,
        "HierarchicalRetrievalMetrics: group \(group) of level \(level + 1) lies in two groups of level \(level + 2)",
        file: file, line: line)
    }
  }
  return [labels] + groups.map { groups in labels.map { groups[$0] } }
}
