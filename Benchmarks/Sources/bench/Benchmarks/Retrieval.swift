import HPL
import Tensor

/// Recall@1, 10, 100 and 1000, R-Precision and MAP@R of embeddings of 512 dimensions, as many as SOP's test set has and
/// fewer, in classes of 5: a class's centre and noise, so that about half of the neighbours are right.
let retrieval = Benchmark("retrieval", measuresMemory: true, sizes: [12_000, 60_502]) { count in
  let dimensions = 512
  let classes = count / 5
  var generator = RandomGenerator(seed: 1)
  let labels = Labels((0..<count).map { $0 % classes })
  let centers = Tensor<Float>.normal([classes, dimensions], using: &generator)
  let embeddings = centers.take(labels) + Tensor<Float>.normal([count, dimensions], using: &generator) * 1.9
  // The product of all with all; ours makes half of it.
  return Work(flops: 2 * Double(count) * Double(count) * Double(dimensions)) {
    keep(try! RetrievalMetrics(embeddings: embeddings, labels: labels, recallAt: [1, 10, 100, 1000]))
  }
}
