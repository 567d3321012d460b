import CProjection
import Tensor

/// The nearest neighbours of each of some points among the others, all of them found.
struct NearestNeighbors {
  /// How many each point has.
  let count: Int
  /// `[points, count]`, those of a point in any order; of equally near ones those with the lower number.
  let index: Buffer<Int32>
  /// `[points, count]`.
  let squaredDistances: Buffer<Float>

  /// Finds neighbours of points `[points, dimensions]` around their mean: by products of blocks of rows, and then the
  /// distances from the differences themselves, because `‖x‖² − 2 x·y + ‖y‖²` loses digits.
  init(of points: Tensor<Float>, count neighbors: Int) {
    let (count, width) = (points.shape[0], points.shape[1])
    let (index, distances) = (Buffer<Int32>(count: count * neighbors), Buffer<Float>(count: count * neighbors))
    let halfSquares = (points * points).sum(along: 1) * 0.5
    let block = max(16, min(128, (1 << 23) / count))
    points.withUnsafeScalars { source in
      halfSquares.withUnsafeScalars { offsets in
        parallel(count, grain: 16) { part in
          let products = Buffer<Float>(count: block * count)
          for first in stride(from: part.lowerBound, to: part.upperBound, by: block) {
            let rows = first..<min(first + block, part.upperBound)
            multiplyByTransposed(points, rows, points, 0..<count, into: products.pointer)
            for row in rows {
              let place = row * neighbors
              ck_nearest(
                count, neighbors, row, products.pointer + (row - first) * count, offsets.baseAddress!,
                distances.pointer + place, index.pointer + place)
              ck_squared_distances(
                neighbors, width, source.baseAddress! + row * width, source.baseAddress!, index.pointer + place,
                distances.pointer + place)
            }
          }
        }
      }
    }
    (self.count, self.index, squaredDistances) = (neighbors, index, distances)
  }
}
