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

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    zip(losses, weights).map { $0(embeddings, labels: labels) * $1 }.reduce(Tensor(0), +)
  }

  /// The loss of a batch and what it is compared with; traps where one of the losses compares a batch with itself alone, as `HIERLoss`
  /// does.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    zip(losses, weights).map { loss, weight in
      guard let loss = loss as? any ReferencePairLoss<Scalar> else {
        trap(
          "SummedPairLoss: \(type(of: loss)) compares a batch with itself alone; put a memory around the other losses only",
          file: #fileID, line: #line)
      }
      return loss(batch) * weight
    }.reduce(Tensor(0), +)
  }
}
