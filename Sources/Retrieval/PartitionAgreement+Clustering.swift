import ClassTree
import Clustering
import Collectives
import Tensor

extension PartitionAgreement {
  /// Clusters embeddings by k-means into as many clusters as there are classes and compares these with the classes: the NMI of
  /// the literature on metric learning.
  ///
  /// Embeddings have shape `[samples, dimensions]`, labels `[samples]`; embeddings are L2-normalised here. The ranks of a group share
  /// out the work as in `KMeans.fit`, and `progress` is called now and then with the share of it that is done. Throws
  /// `RetrievalError` if one is not finite. Traps where the shapes do not fit or without a sample.
  public init(
    clustering embeddings: Tensor<Float>, labels: Labels, restarts: Int = 1, iterations: Int = 100,
    start: KMeans.Start = .spread, over group: Group = .alone, using generator: inout RandomGenerator,
    progress: (Double) -> Void = { _ in }, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) {
    requireRows(embeddings, labels, "embeddings", file, line)
    let kMeans = KMeans(
      clusters: Set(labels.scalars).count, restarts: restarts, iterations: iterations, start: start, file: file,
      line: line)
    let clusters = kMeans.fit(
      try unitRows(embeddings, "embedding"), over: group, using: &generator, progress: progress
    ).assignments
    self.init(of: clusters.scalars, with: labels.scalars, file: file, line: line)
  }
}
