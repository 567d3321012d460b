import CProjection
import Foundation
import Tensor

/// Forces between all pairs of points.
final class ExactForces: Forces {
  /// `[points, points]`, symmetric, 0 on the diagonal.
  private let attractions: Tensor<Float>

  init(_ points: Tensor<Float>, _ perplexity: Double) {
    let (count, width) = (points.shape[0], points.shape[1])
    let conditional = Tensor<Float>(shape: [count, count]) { matrix in
      nonisolated(unsafe) let matrix = matrix.baseAddress!
      points.withUnsafeScalars { scalars in
        let source = scalars.baseAddress!
        parallel(count, grain: 8) { part in
          for own in part {
            let (row, point) = (matrix + own * count, source + own * width)
            ck_squared_distances(own, width, point, source, nil, row)
            ck_squared_distances(count - own - 1, width, point, point + width, nil, row + own)
            ck_calibrate(count - 1, perplexity, row)
            memmove(row + own + 1, row + own, (count - own - 1) * MemoryLayout<Float>.stride)
            row[own] = 0
          }
        }
      }
    }
    attractions = (conditional + conditional.transposed()) * 0.5
  }

  func act(on particles: Particles) {
    let count = particles.count
    attractions.withUnsafeScalars { attractions in
      parallel(count, grain: max(1, (1 << 14) / count)) { part in
        ck_dense_forces(
          part.lowerBound, part.upperBound, count, attractions.baseAddress!, particles.x.pointer, particles.y.pointer,
          particles.attractionX.pointer, particles.attractionY.pointer, particles.repulsionX.pointer,
          particles.repulsionY.pointer, particles.shares.pointer)
      }
    }
  }

  func divergence(of particles: Particles) -> Double {
    let sum = attractions.withUnsafeScalars {
      ck_dense_divergence(
        0, particles.count, particles.count, $0.baseAddress!, particles.x.pointer, particles.y.pointer)
    }
    return divergence(of: particles, from: sum)
  }
}
