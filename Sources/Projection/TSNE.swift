import Foundation
import Tensor

/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton, 2008): points of many dimensions as points of
/// the plane whose neighbourhoods are alike.
///
/// Settings and descent are openTSNE's: the first 250 iterations exaggerate the attraction; the learning rate is the number
/// of points divided by the exaggeration (Belkina et al., 2019); momentum, gains and steps of length 5 at most;
/// the start is the plane of the principal components, scaled to a deviation of 10⁻⁴ (Kobak and Berens, 2019), with a
/// hundredth of that as noise, so that equal points can part. The same points, settings, generator and number of threads
/// give the same projection.
public struct TSNE: Sendable {
  /// How many neighbours a point counts as its own, softly.
  public var perplexity: Double

  /// The steps of the descent; the first 250 are exaggerated, but no more than a third.
  public var iterations: Int

  /// What the attraction is multiplied by in the first steps.
  public var exaggeration: Double

  /// How forces are computed.
  public var method: Method

  /// How forces are computed.
  public enum Method: Sendable {
    /// Exact for 2,000 points and fewer, interpolated for more.
    case automatic
    /// Between all pairs: time and memory grow with the square of the number of points.
    case exact
    /// Attraction between the `3 · perplexity` nearest neighbours, found exactly, and repulsion through a grid (Linderman et
    /// al., 2019): time grows with the number of points and the area of the projection.
    case interpolated
  }

  /// Makes t-SNE with openTSNE's settings.
  ///
  /// Traps unless the perplexity and the exaggeration are at least 1 and there is an iteration.
  public init(
    perplexity: Double = 30, iterations: Int = 750, exaggeration: Double = 12, method: Method = .automatic,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      perplexity >= 1 && perplexity.isFinite && exaggeration >= 1 && exaggeration.isFinite && iterations >= 1,
      "TSNE: perplexity \(perplexity), \(iterations) iterations and exaggeration \(exaggeration) must all be at least 1",
      file: file, line: line)
    (self.perplexity, self.iterations) = (perplexity, iterations)
    (self.exaggeration, self.method) = (exaggeration, method)
  }

  /// A projection onto the plane.
  public struct Projection: Sendable {
    /// The points of the plane, shape `[points, 2]`, their mean at the origin.
    public let points: Tensor<Float>

    /// The Kullback–Leibler divergence of the neighbourhoods in the plane from those of the points, in nats.
    ///
    /// What the descent makes small. With the interpolated method it is over the nearest neighbours, as openTSNE states it.
    public let divergence: Double
  }

  /// Projects points of shape `[points, dimensions]`; the distance is Euclidean.
  ///
  /// `progress` is called now and then with the share of the work that is done. Throws `TSNEError` if there are fewer than
  /// `3 · perplexity + 1` points or if one of them is not finite. Traps if the shape does not fit.
  public func callAsFunction(
    _ points: Tensor<Float>, using generator: inout RandomGenerator, progress: (Double) -> Void = { _ in },
    file: StaticString = #fileID, line: UInt = #line
  ) throws(TSNEError) -> Projection {
    require(
      points.rank == 2 && points.shape[1] >= 1, "TSNE: points of shape \(points.shape) need shape [points, dimensions]",
      file: file, line: line)
    return try withPrecision(.float32) { () throws(TSNEError) in
      try projection(of: cloud(of: points.detached), using: &generator, progress)
    }
  }

  private func projection(
    of cloud: Tensor<Float>, using generator: inout RandomGenerator, _ progress: (Double) -> Void
  ) -> Projection {
    let particles = Particles(at: start(of: cloud, using: &generator))
    let forces: any Forces = isExact(cloud.shape[0]) ? ExactForces(cloud, perplexity) : GridForces(cloud, perplexity)
    let exaggerated = min(250, iterations / 3)
    for iteration in 0..<iterations {
      if iteration % 10 == 0 { progress(0.1 + 0.9 * Double(iteration) / Double(iterations)) }
      forces.act(on: particles)
      particles.move(exaggeration: iteration < exaggerated ? exaggeration : 1)
    }
    forces.act(on: particles)
    progress(1)
    return Projection(points: particles.positions, divergence: forces.divergence(of: particles))
  }

  private func isExact(_ count: Int) -> Bool {
    switch method {
    case .automatic: count <= 2000
    case .exact: true
    case .interpolated: false
    }
  }

  /// The points around their mean, the largest coordinate 1, so that squares neither overflow nor vanish; t-SNE sees only
  /// ratios of distances.
  private func cloud(of points: Tensor<Float>) throws(TSNEError) -> Tensor<Float> {
    let needed = Int((3 * perplexity).rounded(.up)) + 1
    guard points.shape[0] >= needed else {
      throw .tooFewPoints(points.shape[0], perplexity: perplexity, needed: needed)
    }
    let peaks = abs(points).max(along: 1).scalars
    if let row = peaks.firstIndex(where: { !$0.isFinite }) { throw .notFinite(row: row) }
    let scaled = points / Tensor(max(peaks.max() ?? 0, .leastNormalMagnitude))
    let centered = scaled - scaled.mean(along: 0, keepsAxes: true)
    return centered / Tensor(max(abs(centered).max().item, .leastNormalMagnitude))
  }

  private func start(of cloud: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    let plane = principalCoordinates(of: cloud, 2)
    let first = plane.sliced(along: 1, 0..<1)
    let deviation = (first * first).mean().item.squareRoot()
    let noise = Tensor<Float>.normal(plane.shape, deviation: 1e-6, using: &generator)
    return deviation > 0 ? plane * (1e-4 / deviation) + noise : noise
  }
}

/// Why points cannot be projected.
public enum TSNEError: Error, Equatable, CustomStringConvertible {
  /// There are fewer points than three times the perplexity and one: their number, the perplexity, what it needs.
  case tooFewPoints(Int, perplexity: Double, needed: Int)
  /// A point has a NaN or an infinity: its row.
  case notFinite(row: Int)

  /// The error in one line, with what to do.
  public var description: String {
    switch self {
    case .tooFewPoints(let points, let perplexity, let needed):
      points > 3
        ? "t-SNE of \(points) points with a perplexity of \(perplexity) needs \(needed) points: lower the perplexity to "
          + "\((points - 1) / 3) or less"
        : "t-SNE of \(points) points: there must be at least 4"
    case .notFinite(let row):
      "point \(row) has a NaN or an infinity: the model has diverged, so lower the learning rate or clip gradients"
    }
  }
}
