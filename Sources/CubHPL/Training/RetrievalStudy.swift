import Retrieval
import Tensor

/// Where a model's retrieval goes right and wrong, from at most 1,000 test pictures spread evenly over all.
struct RetrievalStudy: Codable {
  typealias Retrieval = RunFolder.Finished.Retrieval

  /// How many queries were looked at.
  let queries: Int
  /// The queries with the highest average precision among the R nearest, one of a class at most.
  let best: [Retrieval]
  /// Those with the lowest.
  let worst: [Retrieval]
  /// For each coarse cluster of queries, in which cluster the nearest picture of another class lies; nil without clusters.
  ///
  /// The cluster of a picture is its nearest proxy on the first coarse level.
  let confusion: [[Int]]?

  init(_ model: TrainedModel, _ search: Search, shown: Int = 3, neighbours: Int = 6) throws {
    let (labels, relevant) = (search.queryLabels, search.relevantCounts)
    let step = max(1, (labels.count + 999) / 1000)
    let sample = stride(from: 0, to: labels.count, by: step).filter { relevant[$0] > 0 }
    let depth = max(neighbours, (relevant.max() ?? 0) + 1)
    var scored: [(precision: Double, retrieval: Retrieval)] = []
    var wrong: [(query: Int, item: Int)] = []
    for found in search.nearest(depth, of: sample) {
      let query = found.query
      scored.append(
        (
          search.averagePrecision(of: found, relevant: relevant[query]) ?? 0,
          Retrieval(query: query, neighbours: Array(found.items.prefix(neighbours)))
        ))
      if let item = found.items.first(where: { search.itemLabels[$0] != labels[query] }) { wrong.append((query, item)) }
    }
    func first(by isBefore: (Double, Double) -> Bool) -> [Retrieval] {
      let order = scored.indices.sorted {
        scored[$0].precision == scored[$1].precision ? $0 < $1 : isBefore(scored[$0].precision, scored[$1].precision)
      }
      var classes: Set<Int> = []
      return Array(
        order.map { scored[$0].retrieval }.filter { classes.insert(labels[$0.query]).inserted }.prefix(shown))
    }
    queries = sample.count
    best = first(by: >)
    worst = first(by: <)
    confusion = try model.coarseClusters(of: search.queries).map { own in
      let others = try search.isSelf ? own : model.coarseClusters(of: search.items)!
      var table = [[Int]](repeating: [Int](repeating: 0, count: own.count), count: own.count)
      for (query, item) in wrong { table[own.groups[query]][others.groups[item]] += 1 }
      return table
    }
  }
}
