import Tensor

/// The mean of the terms that are not 0, so that pairs which have nothing left to learn do not dilute the others.
public struct NonZeroMeanReducer<Scalar: TensorScalar>: Reducer {
  /// Makes the reducer.
  public init() {}

  /// The mean; 0 where all are.
  public func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar> {
    let others = (terms.values.detached .!= 0).scalars.count { $0 }
    return terms.values.sum() / Scalar(max(others, 1))
  }
}
