import CProjection
import Tensor

/// The repulsion between particles, through potentials on a grid that covers them.
///
/// Charges 1, x and y are spread to the nodes by cubic B-splines and convolved with the kernel `1 / (1 + d²)²`; from the
/// potentials φ, ψ and χ at a particle follow its repulsion, `(x φ − ψ, y φ − χ)`, and its share of the normalisation. The
/// grid grows with the particles; the kernel's spectrum is made anew only when the transforms need another size.
final class RepulsionGrid {
  private var down = FourierTransform(atLeast: 16)
  private var across = FourierTransform(atLeast: 16)
  private var spacing: Float = 0
  private var kernel = Buffer<Float>(count: 0)
  private let order: Buffer<Int32>

  /// At half the kernel's width, forces are right to about a hundredth, as those of FIt-SNE and openTSNE are.
  private static let finestSpacing: Float = 0.5
  /// More nodes along an axis are not used: then the grid gets coarser.
  private static let mostNodes: Float = 2040

  init(points: Int) { order = Buffer(count: points) }

  /// Writes the particles' repulsions and shares.
  func repel(_ particles: Particles) {
    var grid = cover(particles)
    let columns = grid.columns
    let nodes = Buffer<Float>(count: 4 * grid.rows * columns)
    let plane = Buffer<Float>(count: 4 * down.size * columns)
    let starts = Buffer<Int32>(count: grid.rows + 1)
    let (x, y) = (particles.x.pointer, particles.y.pointer)
    ck_grid_sort(&grid, particles.count, x, starts.pointer, order.pointer)
    let (area, order) = (grid, order)
    parallel(area.rows, grain: 8) { rows in
      withUnsafePointer(to: area) {
        ck_grid_spread(
          $0, rows.lowerBound, rows.upperBound, starts.pointer, order.pointer, x, y, nodes.pointer)
      }
    }
    forEachTile(columns, down) { tile, down, room in
      withUnsafePointer(to: area) { ck_grid_forward($0, down, tile, nodes.pointer, room, plane.pointer) }
    }
    let kernel = kernel
    forEachTile(down.size, across) { tile, across, room in
      withUnsafePointer(to: area) { ck_grid_convolve($0, across, tile, kernel.pointer, room, plane.pointer) }
    }
    forEachTile(columns, down) { tile, down, room in
      withUnsafePointer(to: area) { ck_grid_inverse($0, down, tile, plane.pointer, room, nodes.pointer) }
    }
    parallel(particles.count, grain: 256) { part in
      withUnsafePointer(to: area) {
        ck_grid_repulsion(
          $0, part.lowerBound, part.upperBound, nodes.pointer, x, y, particles.repulsionX.pointer,
          particles.repulsionY.pointer, particles.shares.pointer)
      }
    }
  }

  /// The grid over the particles; transforms and kernel are made ready for it.
  private func cover(_ particles: Particles) -> ck_grid {
    let (left, right) = bounds(particles.x, particles.count)
    let (bottom, top) = bounds(particles.y, particles.count)
    let extent = max(right - left, top - bottom)
    var wanted = Self.finestSpacing
    while extent / wanted > Self.mostNodes { wanted *= 1.25 }
    let rows = Int((right - left) / wanted) + 4
    let columns = (Int((top - bottom) / wanted) + 4 + Int(CK_HALF_LANES) - 1) / Int(CK_HALF_LANES) * Int(CK_HALF_LANES)
    if wanted != spacing || 2 * rows > down.size || 2 * columns > across.size {
      spacing = wanted
      down = FourierTransform(atLeast: max(2 * rows, down.size))
      across = FourierTransform(atLeast: max(2 * columns, across.size))
      makeKernel()
    }
    return ck_grid(rows: rows, columns: columns, origin_x: left, origin_y: bottom, spacing: spacing)
  }

  private func makeKernel() {
    let size = down.size * across.size
    kernel = Buffer(count: size)
    let samples = Buffer<Float>(count: size)
    let room = Buffer<Float>(count: 2 * Int(CK_LANES) * max(down.size, across.size))
    down.withPlan { down in
      across.withPlan { across in
        ck_grid_kernel(down, across, spacing, samples.pointer, room.pointer, kernel.pointer)
      }
    }
  }

  private func bounds(_ values: Buffer<Float>, _ count: Int) -> (least: Float, greatest: Float) {
    var (least, greatest) = (Float(0), Float(0))
    ck_bounds(count, values.pointer, &least, &greatest)
    return (least, greatest)
  }

  /// Calls `body` with every tile of so many lines, the plan of a transform and room for one.
  private func forEachTile(
    _ lines: Int, _ transform: FourierTransform,
    _ body: (Int, UnsafePointer<ck_fourier>, UnsafeMutablePointer<Float>) -> Void
  ) {
    parallel(lines / Int(CK_HALF_LANES), grain: 1) { tiles in
      let room = Buffer<Float>(count: 2 * Int(CK_LANES) * transform.size)
      transform.withPlan { plan in
        for tile in tiles { body(tile, plan, room.pointer) }
      }
    }
  }
}

/// A size with small factors, and the twiddle factors of its Fourier transform.
struct FourierTransform {
  let size: Int
  private let radices: Buffer<Int>
  private let stages: Int
  private let twiddles: Buffer<Float>

  /// The least size of 16, 24, 32, 40, 48, 64, 80, … that is enough: a power of two, or 5/8 or 6/8 of one, in whole tiles.
  init(atLeast least: Int) {
    var power = 16
    while power < least { power *= 2 }
    let tile = Int(CK_HALF_LANES)
    let size = [power / 8 * 5, power / 8 * 6, power].first { $0 >= max(least, 16) && $0 % tile == 0 } ?? power
    var rest = size
    let factors = [5, 3, 4, 2].flatMap { factor -> [Int] in
      var count = 0
      while rest % factor == 0 { (rest, count) = (rest / factor, count + 1) }
      return [Int](repeating: factor, count: count)
    }
    (self.size, stages) = (size, factors.count)
    radices = Buffer(count: factors.count)
    for (stage, factor) in factors.enumerated() { radices.pointer[stage] = factor }
    twiddles = Buffer(count: ck_fourier_twiddle_count(size, stages, radices.pointer))
    ck_fourier_twiddles(size, stages, radices.pointer, twiddles.pointer)
  }

  func withPlan<Result>(_ body: (UnsafePointer<ck_fourier>) -> Result) -> Result {
    let plan = ck_fourier(size: size, stages: stages, radices: radices.pointer, twiddles: twiddles.pointer)
    defer { withExtendedLifetime((radices, twiddles)) {} }
    return withUnsafePointer(to: plan) { body($0) }
  }
}
