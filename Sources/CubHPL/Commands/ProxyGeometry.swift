import Retrieval
import Tensor

/// How some proxies lie to one another.
struct ProxyGeometry {
  struct Pair: Equatable {
    let first: Int
    let second: Int
    let cosine: Float
  }

  private let proxies: Tensor<Float>

  /// - Parameter proxies: rows of length 1, `[count, dimensions]`.
  init(_ proxies: Tensor<Float>) { self.proxies = proxies }

  var count: Int { proxies.shape[0] }

  /// The mean over all pairs of two: `(‖Σp‖² − Σ‖p‖²) / (n² − n)`, which needs no matrix; 0 for a single one.
  var meanCosine: Double {
    guard count > 1 else { return 0 }
    let (width, rows) = (proxies.shape[1], proxies.scalars)
    var (sum, own) = ([Double](repeating: 0, count: width), 0.0)
    for (place, value) in rows.enumerated() {
      sum[place % width] += Double(value)
      own += Double(value) * Double(value)
    }
    return (sum.reduce(0) { $0 + $1 * $1 } - own) / Double(count * (count - 1))
  }

  /// The pairs with the largest cosines, the largest first.
  func nearestPairs(_ most: Int) throws -> [Pair] {
    let search = try Search(embeddings: proxies, labels: .zeros([count]))
    let pairs = search.nearest(most).flatMap { found in
      zip(found.items, found.similarities).filter { $0.0 > found.query }
        .map { Pair(first: found.query, second: $0, cosine: $1) }
    }
    return Array(
      pairs.sorted { ($1.cosine, $0.first, $0.second) < ($0.cosine, $1.first, $1.second) }.prefix(most))
  }
}
