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

  init(_ model: TrainedModel, _ data: TrainingData, _ embeddings: TestEmbeddings, shown: Int = 3, neighbours: Int = 6) {
    let rows = embeddings.test.normalized(along: 1)
    let found = embeddings.gallery?.normalized(along: 1) ?? rows
    let (labels, foundLabels) = (data.test.labels, (data.gallery ?? data.test).labels)
    let isSelf = data.gallery == nil
    let relevant = Dictionary(foundLabels.map { ($0, 1) }, uniquingKeysWith: +)
    let step = max(1, (labels.count + 999) / 1000)
    let sample = stride(from: 0, to: labels.count, by: step).filter {
      relevant[labels[$0], default: 0] > (isSelf ? 1 : 0)
    }
    let depth = min(foundLabels.count, max(neighbours + 1, (relevant.values.max() ?? 0) + 2))
    var scored: [(precision: Double, retrieval: Retrieval)] = []
    var wrong: [(query: Int, item: Int)] = []
    for start in stride(from: 0, to: sample.count, by: 128) {
      let block = Array(sample[start..<min(start + 128, sample.count)])
      let nearest = rows.take(Labels(block)).matmul(found.transposed()).topK(depth).indices.scalars
      for (place, query) in block.enumerated() {
        let items = nearest[place * depth..<(place + 1) * depth].filter { !isSelf || $0 != query }
        let count = relevant[labels[query]]! - (isSelf ? 1 : 0)
        var (hits, sum) = (0, 0.0)
        for (rank, item) in items.prefix(count).enumerated() where foundLabels[item] == labels[query] {
          hits += 1
          sum += Double(hits) / Double(rank + 1)
        }
        scored.append((sum / Double(count), Retrieval(query: query, neighbours: Array(items.prefix(neighbours)))))
        if let item = items.first(where: { foundLabels[$0] != labels[query] }) { wrong.append((query, item)) }
      }
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
    confusion = model.coarseClusters(of: rows).map { own in
      let others = isSelf ? own : model.coarseClusters(of: found)!
      var table = [[Int]](repeating: [Int](repeating: 0, count: own.count), count: own.count)
      for (query, item) in wrong { table[own.groups[query]][others.groups[item]] += 1 }
      return table
    }
  }
}
