import Tensor

/// The mean of the terms greater than 0, so that pairs which have nothing left to learn do not dilute the others.
///
/// A term that is NaN counts, so that it is not hidden.
public struct NonZeroMeanReducer<Scalar: TensorScalar>: Reducer {
  /// Makes the reducer.
  public init() {}

  /// The mean; 0 of none.
  public func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar> {
    terms.mean(where: .!(terms.values.detached .<= 0))
  }
}
