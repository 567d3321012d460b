import Tensor

/// The mean norm of the vectors, or of a power of it: keeps them short.
public struct LpRegularizer<Scalar: TensorScalar>: Regularizer {
  /// The order of the norm.
  public var p: Scalar
  /// What each norm is raised to.
  public var power: Scalar

  /// Makes the regulariser.
  public init(p: Scalar = 2, power: Scalar = 1) { (self.p, self.power) = (p, power) }

  /// The mean over the vectors.
  public func callAsFunction(_ vectors: Tensor<Scalar>) -> Tensor<Scalar> {
    let norms = vectors.norm(p, along: 1)
    return (power == 1 ? norms : norms.raised(to: power)).mean()
  }
}
