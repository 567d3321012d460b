import CProjection
import Foundation
import Tensor

/// Points of the plane, the forces on them, and their descent.
final class Particles {
  let count: Int
  let x, y: Buffer<Float>
  /// Written by `Forces`: the sums of `p q d` and of `q² d` over the others, where `q = 1 / (1 + d²)`.
  let attractionX, attractionY, repulsionX, repulsionY: Buffer<Float>
  /// Written by `Forces`: the sum of `q` over all points, of each.
  let shares: Buffer<Float>
  private let gainX, gainY, stepX, stepY: Buffer<Float>

  init(at start: Tensor<Float>) {
    let count = start.shape[0]
    func room() -> Buffer<Float> { Buffer(count: count) }
    self.count = count
    (x, y, shares) = (room(), room(), room())
    (attractionX, attractionY, repulsionX, repulsionY) = (room(), room(), room(), room())
    (gainX, gainY, stepX, stepY) = (room(), room(), room(), room())
    for (axis, target) in [x, y].enumerated() {
      start.select(along: 1, axis).withUnsafeScalars {
        target.pointer.update(from: $0.baseAddress!, count: count)
      }
    }
    for gains in [gainX, gainY] { gains.pointer.update(repeating: 1, count: count) }
    for steps in [stepX, stepY] { steps.pointer.update(repeating: 0, count: count) }
  }

  /// The positions, `[points, 2]`.
  var positions: Tensor<Float> {
    .stacked([x, y].map { Tensor(Array(UnsafeBufferPointer(start: $0.pointer, count: count))) }, along: 1)
  }

  /// The normalisation of the similarities: the sum of `q` over all pairs of two different points.
  var normalization: Double {
    let sum = UnsafeBufferPointer(start: shares.pointer, count: count).reduce(0) { $0 + Double($1) }
    return max(sum - Double(count), 1e-6)  // points far from all others leave nothing but what the grid rounds
  }

  /// One step along the forces, whose attraction counts `exaggeration` times.
  func move(exaggeration: Double) {
    var descent = ck_descent(
      rate: Float(Double(count) / exaggeration), attraction: Float(exaggeration / Double(count)),
      repulsion: Float(1 / normalization), momentum: 0.8, least_gain: 0.01, longest_step: 5)
    ck_descend(
      &descent, count, attractionX.pointer, attractionY.pointer, repulsionX.pointer, repulsionY.pointer, gainX.pointer,
      gainY.pointer, stepX.pointer, stepY.pointer, x.pointer, y.pointer)
  }
}

/// What pulls and pushes particles.
///
/// Attractions are probabilities of pairs times the number of particles.
protocol Forces {
  /// Writes the forces on the particles where they are now.
  func act(on particles: Particles)
  /// The divergence where `act` was called last.
  func divergence(of particles: Particles) -> Double
}

extension Forces {
  /// The divergence, given `Σ p log(p (1 + d²))` of attractions `p`.
  func divergence(of particles: Particles, from sum: Double) -> Double {
    let count = Double(particles.count)
    return sum / count - log(count) + log(particles.normalization)
  }
}
