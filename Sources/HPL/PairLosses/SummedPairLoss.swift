import Tensor

/// The weighted sum of several losses on pairs, which may have parameters.
public struct SummedPairLoss<Scalar: TensorScalar>: PairLoss {
  /// The losses.
  public let losses: [any PairLoss<Scalar>]
  /// What each counts.
  public let weights: [Scalar]

  /// Makes the sum from losses, each with its weight.
  public init(_ terms: (loss: any PairLoss<Scalar>, weight: Scalar)...) {
    (losses, weights) = (terms.map(\.loss), terms.map(\.weight))
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    zip(losses, weights).map { $0(embeddings, labels: labels) * $1 }.reduce(Tensor(0), +)
  }
}
