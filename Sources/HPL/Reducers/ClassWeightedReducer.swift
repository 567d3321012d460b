import Tensor

/// The mean of the terms, each times a weight of its anchor's class.
public struct ClassWeightedReducer<Scalar: TensorScalar>: Reducer {
  /// `[classes]`.
  public var weights: Tensor<Scalar>

  /// Makes the reducer from a weight for each class, `[classes]`.
  public init(weights: Tensor<Scalar>) { self.weights = weights }

  /// The mean; 0 of none.
  ///
  /// Traps where a class has no weight.
  public func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar> {
    let classes = terms.labels.take(Tensor<Int>(terms.anchors))
    return (terms.values * weights.take(classes)).sum() / Scalar(max(terms.anchors.count, 1))
  }
}
