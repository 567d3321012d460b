import Tensor

/// The Poincaré ball of curvature −c, in which volume grows with the radius as a tree's leaves do (Khrulkov et al., CVPR 2020).
///
/// Its points are vectors shorter than `1/√c`. Everything is composed of differentiable operations and exact: where the authors'
/// code adds 10⁻⁵ to denominators and cuts the inverse hyperbolic tangent off, the distance here is computed as
/// `2/√c · arsinh √(c‖x − y‖² / ((1 − c‖x‖²)(1 − c‖y‖²)))`, which is the same number and loses no digits for near points.
public struct PoincareBall<Scalar: TensorScalar>: Sendable {
  /// The curvature's magnitude c.
  public let curvature: Scalar
  /// The length that vectors of the tangent space are clipped to, so that gradients at the rim do not vanish (Guo et al., CVPR
  /// 2022); nil clips none.
  public let clipRadius: Scalar?
  /// Whether the gradient of what `points(_:)` returns is Riemannian: that of the ball's own metric, `(1 − c‖z‖²)²/4` times the
  /// Euclidean one, so that steps near the rim are as long as they look from inside.
  public let isRiemannian: Bool

  /// Makes the ball; the defaults are those of Hyp (Ermolov et al., CVPR 2022).
  ///
  /// Traps unless the curvature is positive.
  public init(
    curvature: Scalar = 0.1, clipRadius: Scalar? = 2.3, isRiemannian: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(curvature > 0, "PoincareBall: a curvature of \(curvature) is not positive", file: file, line: line)
    (self.curvature, self.clipRadius, self.isRiemannian) = (curvature, clipRadius, isRiemannian)
  }

  /// Vectors no longer than a radius, `[…, dimensions]`: `x · min(1, r/(‖x‖ + 10⁻⁵))`.
  public func clipped(_ vectors: Tensor<Scalar>, to radius: Scalar) -> Tensor<Scalar> {
    vectors * minimum(radius / (vectors.norm(along: -1, keepsAxes: true) + 1e-5), 1)
  }

  /// The exponential map at the centre, `[…, dimensions]`: `tanh(√c‖u‖) · u/(√c‖u‖)`, brought back inside where rounding led out.
  public func exponentialMap(_ tangents: Tensor<Scalar>) -> Tensor<Scalar> {
    let lengths = maximum(tangents.norm(along: -1, keepsAxes: true), 1e-5) * curvature.squareRoot()
    return projected(tangents * (tanh(lengths) / lengths))
  }

  /// Points moved to at most 0.999 of the radius, `[…, dimensions]`.
  public func projected(_ points: Tensor<Scalar>) -> Tensor<Scalar> {
    let greatest = 0.999 / curvature.squareRoot()
    let lengths = maximum(points.norm(along: -1, keepsAxes: true), 1e-5)
    return Tensor.where(lengths.detached .> greatest, points / lengths * greatest, points)
  }

  /// Embeddings of a network as points: clipped, and mapped from the tangent space at the centre.
  public func points(_ embeddings: Tensor<Scalar>) -> Tensor<Scalar> {
    let points = exponentialMap(clipRadius.map { clipped(embeddings, to: $0) } ?? embeddings)
    guard isRiemannian else { return points }
    return withPullback("riemannianGradient", at: points) { points in
      (
        points,
        { gradient in
          let rim = 1 - square(points).sum(along: -1, keepsAxes: true) * curvature
          return gradient * square(rim) / 4
        }
      )
    }
  }

  /// The sum `x ⊕ y` of Möbius, `[…, dimensions]`: y moved as x moves the centre.
  public func sum(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    let c = curvature
    let product = (x * y).sum(along: -1, keepsAxes: true)
    let squares = (square(x).sum(along: -1, keepsAxes: true), square(y).sum(along: -1, keepsAxes: true))
    let numerator = x * (1 + 2 * c * product + c * squares.1) + y * (1 - c * squares.0)
    return numerator / (1 + 2 * c * product + c * c * squares.0 * squares.1)
  }

  /// The length of the shortest path from every point to all others: `[m, dimensions]` and `[n, dimensions]` to `[m, n]`; where two
  /// points are one, the gradient is 0.
  public func distances(_ points: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar> {
    func rim(_ points: Tensor<Scalar>) -> Tensor<Scalar> { sqrt(1 - square(points).sum(along: 1) * curvature) }
    let scale = rim(points).unsqueezed(1) * rim(others).unsqueezed(0)
    let root = curvature.squareRoot()
    return asinh(points.distances(to: others) * root / scale) * (2 / root)
  }
}
