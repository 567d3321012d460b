import Tensor

/// The mean of the terms between two numbers, so that neither the settled nor the hopeless ones count.
public struct ThresholdReducer<Scalar: TensorScalar>: Reducer {
  /// What a term must exceed.
  public var low: Scalar
  /// What a term must stay under.
  public var high: Scalar

  /// Makes the reducer.
  public init(low: Scalar = -.infinity, high: Scalar = .infinity) { (self.low, self.high) = (low, high) }

  /// The mean; 0 where no term lies between.
  public func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar> {
    let values = terms.values.detached
    return terms.mean(where: (values .> low) .& (values .< high))
  }
}
