import Tensor

/// The mean of all terms.
public struct MeanReducer<Scalar: TensorScalar>: Reducer {
  /// Makes the reducer.
  public init() {}

  /// The mean; 0 of none.
  public func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar> {
    terms.anchors.isEmpty ? terms.values.sum() : terms.values.mean()
  }
}
