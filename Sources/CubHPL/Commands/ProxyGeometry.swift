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

  /// The pairs with the largest cosines, the largest first; the matrix is made some rows at a time.
  func nearestPairs(_ most: Int) -> [Pair] {
    var best: [Pair] = []
    let transposed = proxies.transposed()
    for start in stride(from: 0, to: count, by: 256) {
      let rows = start..<min(start + 256, count)
      let cosines = proxies.sliced(along: 0, rows).matmul(transposed).scalars
      for first in rows {
        for second in first + 1..<max(count, first + 1) {
          let cosine = cosines[(first - start) * count + second]
          guard best.count < most || cosine > best[most - 1].cosine else { continue }
          let place = best.firstIndex { $0.cosine < cosine } ?? best.count
          best.insert(Pair(first: first, second: second, cosine: cosine), at: place)
          if best.count > most { best.removeLast() }
        }
      }
    }
    return best
  }
}
