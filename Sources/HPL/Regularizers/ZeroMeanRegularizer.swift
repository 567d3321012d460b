import Tensor

/// The mean magnitude of a vector's sum over its dimensions.
public struct ZeroMeanRegularizer<Scalar: TensorScalar>: Regularizer {
  /// Makes the regulariser.
  public init() {}

  /// The mean over the vectors.
  public func callAsFunction(_ vectors: Tensor<Scalar>) -> Tensor<Scalar> { abs(vectors.sum(along: 1)).mean() }
}
