import CProjection
import Tensor

/// Attraction between nearest neighbours, repulsion through a grid.
final class GridForces: Forces {
  private let attractions: SparseAttractions
  private let grid: RepulsionGrid

  init(_ points: Tensor<Float>, _ perplexity: Double) {
    attractions = SparseAttractions(points, perplexity)
    grid = RepulsionGrid(points: points.shape[0])
  }

  func act(on particles: Particles) {
    parallel(particles.count, grain: 256) { part in
      ck_attraction(
        part.lowerBound, part.upperBound, attractions.start.pointer, attractions.columns.pointer,
        attractions.values.pointer, particles.x.pointer, particles.y.pointer, particles.attractionX.pointer,
        particles.attractionY.pointer)
    }
    grid.repel(particles)
  }

  func divergence(of particles: Particles) -> Double {
    let sum = ck_sparse_divergence(
      0, particles.count, attractions.start.pointer, attractions.columns.pointer, attractions.values.pointer,
      particles.x.pointer, particles.y.pointer)
    return divergence(of: particles, from: sum)
  }
}

/// A symmetric sparse matrix of attractions, by rows.
struct SparseAttractions {
  /// Where each row starts, and the end.
  let start: Buffer<Int>
  let columns: Buffer<Int32>
  let values: Buffer<Float>

  init(_ points: Tensor<Float>, _ perplexity: Double) {
    let count = points.shape[0]
    let neighbors = NearestNeighbors(of: points, count: min(count - 1, Int(3 * perplexity)))
    let (k, index, distances) = (neighbors.count, neighbors.index, neighbors.squaredDistances)
    parallel(count, grain: 64) { part in
      for row in part { ck_calibrate(k, perplexity, distances.pointer + row * k) }
    }
    start = Buffer(count: count + 1)
    ck_symmetric_counts(count, k, index.pointer, start.pointer)
    var total = 0
    for row in 0...count {
      let entries = row < count ? start.pointer[row] : 0
      start.pointer[row] = total
      total += entries
    }
    (columns, values) = (Buffer(count: total), Buffer(count: total))
    let next = Buffer<Int>(count: count)
    ck_symmetric_entries(
      count, k, index.pointer, distances.pointer, start.pointer, next.pointer, columns.pointer, values.pointer)
  }
}
