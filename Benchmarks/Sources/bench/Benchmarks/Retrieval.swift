import Retrieval
import Tensor

/// Recall@1, 10, 100 and 1000, R-Precision and MAP@R of embeddings of 512 dimensions, as many as SOP's test set has and
/// fewer, in classes of 5: a class's centre and noise, so that about half of the neighbours are right.
let retrieval = Benchmark("retrieval", measuresMemory: true, sizes: [12_000, 60_502]) { count in
  let (embeddings, labels) = embeddingsInFives(count)
  // The product of all with all; ours makes half of it.
  return Work(flops: flopsOfAllPairs(count)) {
    keep(try! RetrievalMetrics(embeddings: embeddings, labels: labels, recallAt: [1, 10, 100, 1000]))
  }
}

/// MAP@R of classes and of 12 groups of them, H-AP, NDCG and ASI of the same embeddings: whole rankings.
let hierarchicalRetrieval = Benchmark("hierarchical-retrieval", measuresMemory: true, sizes: [12_000]) {
  count in
  let (embeddings, labels) = embeddingsInFives(count)
  let groups = [(0..<count / 5).map { $0 % 12 }]
  return Work(flops: flopsOfAllPairs(count)) {
    keep(try! HierarchicalRetrievalMetrics(embeddings: embeddings, labels: labels, groups: groups))
  }
}

private let dimensions = 512

private func embeddingsInFives(_ count: Int) -> (Tensor<Float>, Labels) {
  let classes = count / 5
  var generator = RandomGenerator(seed: 1)
  let labels = Labels((0..<count).map { $0 % classes })
  let centers = Tensor<Float>.normal([classes, dimensions], using: &generator)
  return (centers.take(labels) + Tensor<Float>.normal([count, dimensions], using: &generator) * 1.9, labels)
}

private func flopsOfAllPairs(_ count: Int) -> Double { 2 * Double(count) * Double(count) * Double(dimensions) }
