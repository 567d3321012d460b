import Tensor

/// A loss on proxies with a term on the proxies themselves.
public struct RegularizedProxyLoss<Scalar: TensorScalar>: ProxyLoss {
  /// The loss.
  public let loss: any ProxyLoss<Scalar>
  /// The term.
  public let regularizer: any Regularizer<Scalar>
  /// What the term counts.
  public var weight: Scalar

  /// As many as the loss has.
  public var proxiesPerTarget: Int { loss.proxiesPerTarget }

  /// The loss of a batch, `[batch, proxies]` with targets `[batch]`.
  public func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    loss(similarities, targets: targets)
  }

  /// The term, beside what the loss itself asks of the proxies.
  public func penalty(on proxies: Tensor<Scalar>) -> Tensor<Scalar>? {
    let term = regularizer(proxies) * weight
    return loss.penalty(on: proxies).map { $0 + term } ?? term
  }
}

/// A loss on pairs with a term on the embeddings.
public struct RegularizedPairLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The loss.
  public let loss: any PairLoss<Scalar>
  /// The term.
  public let regularizer: any Regularizer<Scalar>
  /// What the term counts.
  public var weight: Scalar

  /// Whether the loss does.
  public var takesReferences: Bool { loss.takesReferences }

  /// The loss of a batch and the term of its embeddings, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    loss(embeddings, labels: labels) + regularizer(embeddings) * weight
  }

  /// The loss of a batch and what it is compared with, and the term of the batch's embeddings; traps where the loss compares a batch with
  /// itself alone.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    loss.value(of: batch) + regularizer(batch.anchors) * weight
  }
}

extension ProxyLoss {
  /// This loss with a term on its level's proxies, which are not normalised.
  ///
  /// A term may compare all proxies, so that they cannot be spread over ranks or sampled.
  public func regularized(by regularizer: any Regularizer<Scalar>, weight: Scalar = 1) -> RegularizedProxyLoss<Scalar> {
    RegularizedProxyLoss(loss: self, regularizer: regularizer, weight: weight)
  }
}

extension PairLoss {
  /// This loss with a term on the embeddings, which are not normalised.
  ///
  /// In a `CrossBatchMemory` that compares a batch with itself too, the term counts in both comparisons; around such a memory it counts once.
  public func regularized(by regularizer: any Regularizer<Scalar>, weight: Scalar = 1) -> RegularizedPairLoss<Scalar> {
    RegularizedPairLoss(loss: self, regularizer: regularizer, weight: weight)
  }
}
