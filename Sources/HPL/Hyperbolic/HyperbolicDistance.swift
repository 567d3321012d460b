import Tensor

/// The distance of embeddings on a Poincaré ball, to which they are mapped first.
///
/// Embeddings keep their lengths: those of a hierarchy's leaves come to lie near the rim.
public struct HyperbolicDistance<Scalar: TensorScalar>: Distance {
  /// The ball.
  public let ball: PoincareBall<Scalar>

  /// Makes the distance.
  public init(_ ball: PoincareBall<Scalar> = PoincareBall()) { self.ball = ball }

  /// The distances, `[m, n]`.
  public func callAsFunction(_ rows: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar> {
    ball.distances(ball.points(rows), to: ball.points(others))
  }

  /// The distances, `[m, m]`.
  public func callAsFunction(among rows: Tensor<Scalar>) -> Tensor<Scalar> {
    let points = ball.points(rows)
    return ball.distances(points, to: points)
  }
}
