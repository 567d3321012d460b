import Tensor

extension RetrievalMetrics {
  /// The cumulative matching characteristic (CMC): Recall@K for every K from 1 to `ranks`.
  ///
  /// Traps for less than one rank.
  public func cumulativeMatches(upTo ranks: Int, file: StaticString = #fileID, line: UInt = #line) -> [Double] {
    require(ranks >= 1, "cumulativeMatches: \(ranks) ranks", file: file, line: line)
    var first = [Int](repeating: 0, count: ranks)
    for rank in firstHits where rank <= ranks { first[rank - 1] += 1 }
    var matched = 0
    return first.map { count in
      matched += count
      return Double(matched) / Double(queries)
    }
  }

  /// Measures rankings made elsewhere, such as those of `Search.reranked(_:k1:k2:distanceWeight:)`: one list for each query, in order.
  ///
  /// An item beyond a list's end is not found. Recall is measured at the K of `init(_:recallAt:over:progress:)`. Throws `RetrievalError` if no query has
  /// anything to find. Traps where the lists are not those of all queries, where one has fewer items than there are of its query's class, or than the
  /// greatest K, though there are as many, and where it has an item that does not exist, an item twice, or the query itself.
  public init(
    _ search: Search, rankings: [Neighbors], recallAt: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    let recallAt = RetrievalMetrics.checkedCutoffs(recallAt, search, file, line)
    search.requireRankings(rankings, depth: recallAt.max() ?? 1, "RetrievalMetrics", file, line)
    let outcomes = zip(rankings, search.relevantCounts).map { ranking, relevant in
      let own = search.queryLabels[ranking.query]
      return HitOutcome(of: ranking, relevant: relevant) { search.itemLabels[$0] == own }
    }
    try self.init(outcomes, search.queryLabels, recallAt)
  }
}

extension HitOutcome {
  /// What becomes of a query whose ranking is known, and how many items it could find.
  init(of ranking: Neighbors, relevant: Int, isHit: (_ item: Int) -> Bool) {
    self.init(precision: HitPrecision(relevant: relevant))
    for (place, item) in ranking.items.enumerated() where isHit(item) {
      if firstHit == .max { firstHit = place + 1 }
      precision.addHit(atRank: place + 1)
    }
  }
}

extension Search {
  /// Precision@K for each K: the mean over the queries that have something to find of (items of their class among the K
  /// nearest) / K.
  ///
  /// Of `rankings`, or of the nearest items. Nearer items than K do not exist where there are fewer: those that are missing count as misses. Throws
  /// `RetrievalError` if no query has anything to find. Traps for a K less than 1, and for rankings as
  /// `RetrievalMetrics.init(_:rankings:recallAt:)`.
  public func precision(
    at cutoffs: [Int], rankings: [Neighbors]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) -> [Int: Double] {
    require(
      !cutoffs.isEmpty && cutoffs.allSatisfy { $0 >= 1 }, "precision: needs K ≥ 1, not \(cutoffs)", file: file,
      line: line)
    let rankings = rankings ?? nearest(cutoffs.max()!)
    requireRankings(rankings, depth: cutoffs.max()!, "precision", file, line, needsClass: false)
    let relevant = relevantCounts
    let counted = rankings.filter { relevant[$0.query] > 0 }
    guard !counted.isEmpty else { throw .nothingToFind(queries: rankings.count) }
    var sums = Dictionary(cutoffs.map { ($0, 0.0) }, uniquingKeysWith: { first, _ in first })
    for ranking in counted {
      let own = queryLabels[ranking.query]
      for k in sums.keys { sums[k]! += Double(ranking.items.prefix(k).count { itemLabels[$0] == own }) / Double(k) }
    }
    return sums.mapValues { $0 / Double(counted.count) }
  }

  /// Traps where lists are not those of all queries, in order, or too short to measure.
  fileprivate func requireRankings(
    _ rankings: [Neighbors], depth: Int, _ name: StaticString, _ file: StaticString, _ line: UInt,
    needsClass: Bool = true
  ) {
    require(
      rankings.map(\.query) == Array(queryLabels.indices),
      "\(name): \(rankings.count) rankings are not those of the \(queryLabels.count) queries", file: file, line: line)
    /// The last query whose ranking has the item.
    var seen = [Int](repeating: -1, count: itemLabels.count)
    for (ranking, relevant) in zip(rankings, relevantCounts) {
      let query = ranking.query
      let needed = min(itemCount(for: query), max(depth, needsClass ? relevant : 0))
      require(
        ranking.items.count >= needed,
        "\(name): the ranking of query \(query) needs \(needed) of the \(itemLabels.count) items, not "
          + "\(ranking.items.count)", file: file, line: line)
      for item in ranking.items {
        let problem: String? =
          if !itemLabels.indices.contains(item) {
            "of which there are \(itemLabels.count)"
          } else if item == ownItem(of: query) {
            "which is the query itself"
          } else if seen[item] == query {
            "twice"
          } else {
            nil
          }
        if let problem {
          trap("\(name): the ranking of query \(query) has item \(item), \(problem)", file: file, line: line)
        }
        seen[item] = query
      }
    }
  }
}
