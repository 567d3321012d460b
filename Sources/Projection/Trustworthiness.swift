import CProjection
import Tensor

/// How far the neighbours in a projection are neighbours of the points too (Venna and Kaski, 2001): 1 if all are.
///
/// `1 − 2 / (n k (2n − 3k − 1)) Σ max(0, rank − k)` over the k nearest of each of n points in the projection, ranked by
/// their distance among the points. Distances are Euclidean and computed in `Double`; of equal ones the lower number comes
/// first. Shapes are `[points, dimensions]`; k must be less than half the number of points. Time grows with the square of
/// the number of points. Traps where the shapes do not fit or k does not.
public func trustworthiness<Scalar: TensorScalar>(
  of projection: Tensor<Scalar>, for points: Tensor<Scalar>, neighbors: Int = 5, file: StaticString = #fileID,
  line: UInt = #line
) -> Double {
  require(
    points.rank == 2 && projection.rank == 2 && projection.shape[0] == points.shape[0],
    "trustworthiness: a projection of shape \(projection.shape) does not fit points of shape \(points.shape)",
    file: file, line: line)
  let count = points.shape[0]
  require(
    neighbors >= 1 && 2 * neighbors < count,
    "trustworthiness: \(neighbors) neighbors are not between 1 and half of \(count) points", file: file, line: line)
  let (high, low) = (PointDistances(points), PointDistances(projection))
  var excess = 0
  let block = max(1, min(256, (1 << 22) / count))
  for first in stride(from: 0, to: count, by: block) {
    let rows = first..<min(first + block, count)
    let (wide, flat) = (high.rows(rows), low.rows(rows))
    let excesses = Buffer<Int>(count: rows.count)
    wide.withUnsafeScalars { wide in
      flat.withUnsafeScalars { flat in
        parallel(rows.count, grain: 4) { part in
          let (values, index) = (Buffer<Double>(count: neighbors), Buffer<Int>(count: neighbors))
          for row in part {
            excesses.pointer[row] = ck_rank_excess(
              count, first + row, neighbors, flat.baseAddress! + row * count, wide.baseAddress! + row * count,
              values.pointer, index.pointer)
          }
        }
      }
    }
    for row in 0..<rows.count { excess += excesses.pointer[row] }
  }
  let (n, k) = (Double(count), Double(neighbors))
  return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * Double(excess)
}

/// Squared distances between points, some rows at a time, without a constant that all of a row have in common.
private struct PointDistances {
  private let points: Tensor<Double>
  private let halfSquares: Tensor<Double>

  init<Scalar: TensorScalar>(_ points: Tensor<Scalar>) {
    let points = points.detached.cast(to: Double.self)
    self.points = points - points.mean(along: 0, keepsAxes: true)
    halfSquares = (self.points * self.points).sum(along: 1) * 0.5
  }

  func rows(_ rows: Range<Int>) -> Tensor<Double> { halfSquares - points[rows].matmul(points.transposed()) }
}
