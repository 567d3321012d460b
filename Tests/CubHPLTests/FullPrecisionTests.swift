import Clustering
import Collectives
import Foundation
import Projection
import Retrieval
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// What measures, clusters, projects, exchanges and stores embeddings takes those of a network that ran in bfloat16 for the `Float`s that
/// they are, and calculates in full wherever it is called.
@Suite struct FullPrecisionTests {
  private let labels = Labels((0..<60).map { $0 / 6 })

  /// Embeddings stored in half the bits.
  private let stored: Tensor<Float> = {
    var generator = RandomGenerator(seed: 0)
    let x = Tensor<Float>.normal([60, 8], using: &generator)
    return withPrecision(.bfloat16) { x.matmul(.eye(8)) }
  }()
  /// The same in full.
  private var full: Tensor<Float> { Tensor(stored.scalars, shape: stored.shape) }

  /// What a computation gives on the one, inside and outside of a scope, and on the other.
  private func everywhere<Result: Equatable>(_ body: (Tensor<Float>) throws -> Result) rethrows {
    let expected = try body(full)
    try expectEqual(body(stored), expected)
    try expectEqual(withPrecision(.bfloat16) { try body(stored) }, expected)
  }

  @Test func measuresOfRetrieval() throws {
    try everywhere { try RetrievalMetrics(embeddings: $0, labels: labels).mapAtR }
    try everywhere { try Search(embeddings: $0, labels: labels).nearest(3) }
    try everywhere { try Search(queries: $0[..<10], gallery: $0[10...]).nearest(2) }
  }

  @Test func clusters() {
    everywhere { points in
      var generator = RandomGenerator(seed: 1)
      return KMeans(clusters: 4).fit(points, using: &generator).assignments.scalars
    }
    everywhere { AgglomerativeClustering().fit($0).merges.map(\.distance) }
  }

  @Test func projections() throws {
    for method in [TSNE.Method.exact, .interpolated] {
      try everywhere { points in
        var generator = RandomGenerator(seed: 1)
        return try TSNE(perplexity: 5, iterations: 30, method: method)(points, using: &generator).points.scalars
      }
    }
  }

  @Test func ranksAndFiles() throws {
    try everywhere { points in try Group.threads(2) { $0.gathered(points).scalars } }
    try everywhere { points in
      let file = NSTemporaryDirectory() + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: file) }
      try points.write(npy: file)
      return try Data(contentsOf: URL(fileURLWithPath: file))
    }
  }
}
