import Tensor

/// A quarter of the variance of the squared lengths: keeps all vectors equally long (Wu et al., CVPR 2017).
public struct CenterInvariantRegularizer<Scalar: TensorScalar>: Regularizer {
  /// Makes the regulariser.
  public init() {}

  /// `mean (‖w‖² − mean ‖w‖²)² / 4`.
  public func callAsFunction(_ vectors: Tensor<Scalar>) -> Tensor<Scalar> {
    let squares = (vectors * vectors).sum(along: 1)
    return square(squares - squares.mean()).mean() / 4
  }
}
