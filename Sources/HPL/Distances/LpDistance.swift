import Tensor

/// The distance `‖x − y‖ₚ`, or a power of it; with p = 2, the Euclidean one.
///
/// The embeddings are first divided by their own norm of order p, as in pytorch-metric-learning, unless it is told otherwise.
public struct LpDistance<Scalar: TensorScalar>: Distance {
  /// The order of the norm.
  public var p: Scalar
  /// What the norm is raised to.
  public var power: Scalar
  /// Whether embeddings are brought to norm 1.
  public var normalizes: Bool

  /// Makes the distance.
  public init(p: Scalar = 2, power: Scalar = 1, normalizes: Bool = true) {
    (self.p, self.power, self.normalizes) = (p, power, normalizes)
  }

  /// The distances, `[m, n]`; of another order than 2 by way of all differences, `[m, n, d]`.
  public func callAsFunction(_ rows: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar> {
    distances(normalized(rows), normalized(others))
  }

  /// The distances, `[m, m]`.
  public func callAsFunction(among rows: Tensor<Scalar>) -> Tensor<Scalar> {
    let rows = normalized(rows)
    return distances(rows, rows)
  }

  private func distances(_ x: Tensor<Scalar>, _ y: Tensor<Scalar>) -> Tensor<Scalar> {
    if p == 2, power == 2 { return x.squaredDistances(to: y) }
    let distances = p == 2 ? x.distances(to: y) : (x.unsqueezed(1) - y.unsqueezed(0)).norm(p, along: 2)
    return power == 1 ? distances : distances.raised(to: power)
  }

  private func normalized(_ rows: Tensor<Scalar>) -> Tensor<Scalar> {
    guard normalizes else { return rows }
    return p == 2 ? rows.normalized(along: 1) : rows / maximum(rows.norm(p, along: 1, keepsAxes: true), 1e-12)
  }
}
