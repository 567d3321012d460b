import Tensor

/// A term on vectors themselves, embeddings or proxies, that is added to a loss.
///
/// Of embeddings, add it to any loss: `loss(x, labels: y) + 0.01 * LpRegularizer()(x)`; of a level's proxies, make the
/// level's loss with it: `ProxyAnchor().regularized(by: CenterInvariantRegularizer(), weight: 0.1)`.
public protocol Regularizer<Scalar> {
  /// The scalar type of the vectors.
  associatedtype Scalar: TensorScalar

  /// A single number for vectors `[count, dimensions]`, which are not normalised.
  func callAsFunction(_ vectors: Tensor<Scalar>) -> Tensor<Scalar>
}
