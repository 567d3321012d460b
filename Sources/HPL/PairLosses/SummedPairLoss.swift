import Tensor

/// The weighted sum of several losses on pairs, which may have parameters.
public struct SummedPairLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The losses.
  public let losses: [any PairLoss<Scalar>]
  /// What each counts.
  public let weights: [Scalar]

  /// Makes the sum from losses, each with its weight.
  public init(_ terms: (loss: any PairLoss<Scalar>, weight: Scalar)...) {
    (losses, weights) = (terms.map(\.loss), terms.map(\.weight))
  }

  /// Whether all of the losses do.
  public var takesReferences: Bool { losses.allSatisfy(\.takesReferences) }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    sum { $0(embeddings, labels: labels) }
  }

  /// The loss of a batch and what it is compared with; traps where one of the losses compares a batch with itself alone, as `HIERLoss`
  /// does.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> { sum { $0.value(of: batch) } }

  private func sum(_ value: (any PairLoss<Scalar>) -> Tensor<Scalar>) -> Tensor<Scalar> {
    zip(losses, weights).map { value($0) * $1 }.reduce(Tensor(0), +)
  }
}
