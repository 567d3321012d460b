import Retrieval
import Tensor
import Testing
import _TestSupport

/// Recall@K at the K that the field reports: of samples among themselves, and of queries in a gallery.
@Test func recallIsMeasuredAtTheUsualK() throws {
  let (rows, labels): (Tensor<Float>, Labels) = ([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], Labels([0, 0, 1, 1]))
  let own = try RetrievalMetrics(Search(embeddings: rows, labels: labels))
  expectEqual(own.recall.keys.sorted(), [1, 2, 4, 8])
  let search = try Search(queries: rows, labels: labels, gallery: rows, galleryLabels: labels)
  try expectEqual(RetrievalMetrics(search).recall.keys.sorted(), [1, 10, 20, 30, 40, 50])
  try expectEqual(RetrievalMetrics(search, recallAt: [3]).recall.keys.sorted(), [3])
}
