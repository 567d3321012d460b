import Tensor

/// A loss on proxies that has a term for each sample, such as a softmax over proxies: a `Reducer` can make the loss of them.
///
/// ```swift
/// let loss = CosFace<Float>().reduced(by: ThresholdReducer(high: 30))  // what is hopeless is labelled wrongly
/// ```
public protocol SampleProxyLoss<Scalar>: ShardableProxyLoss {
  /// Each sample's loss, `[batch]`; `targets` name its own class or group, `[batch]`.
  func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar>
}

extension SampleProxyLoss {
  /// The mean over the batch, whose targets are `[batch]`.
  public func callAsFunction(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    terms(similarities, targets: targets).mean()
  }

  /// This loss with another reducer in the place of the mean; the classes that it sees are those of the level.
  public func reduced(by reducer: any Reducer<Scalar>) -> ReducedProxyLoss<Scalar> {
    ReducedProxyLoss(loss: self, reducer: reducer)
  }
}

/// A loss on proxies whose terms, one a sample, are reduced in a way of one's own.
public struct ReducedProxyLoss<Scalar: TensorScalar>: ShardableProxyLoss {
  /// The loss.
  public let loss: any SampleProxyLoss<Scalar>
  /// What makes one number of its terms.
  public let reducer: any Reducer<Scalar>

  /// As many as the loss has.
  public var proxiesPerTarget: Int { loss.proxiesPerTarget }

  /// Whether some proxies may stand for all, as the loss says.
  public var allowsSampling: Bool { loss.allowsSampling }

  /// The loss of a batch, whose targets are `[batch]`.
  public func callAsFunction(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    reducer(LossTerms(ofSamples: loss.terms(similarities, targets: targets), labels: targets))
  }

  /// What the loss itself asks of the proxies.
  public func penalty(on proxies: Tensor<Scalar>) -> Tensor<Scalar>? { loss.penalty(on: proxies) }
}
