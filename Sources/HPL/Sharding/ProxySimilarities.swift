import NN
import Tensor

/// The cosines between the samples of a batch and proxies, of which this rank may have some only: what a loss is computed from that
/// can be computed where the proxies lie.
///
/// Whatever its functions return is what one process with all proxies would compute, and the same on every rank, but for what is
/// named for each proxy. So one text is the loss of all proxies and of shards.
///
/// ```swift
/// func callAsFunction(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
///   let own = similarities.pick(targets) * scale
///   return softplus(similarities.logSumExp(scale: scale, excluding: targets) - own).mean()
/// }
/// ```
public struct ProxySimilarities<Scalar: TensorScalar> {
  /// `[batch, proxies]`, of the proxies that this rank has, and of these the ones that take part.
  public let values: Tensor<Scalar>
  private let part: ProxyPart?

  /// Those of all proxies.
  public init(_ values: Tensor<Scalar>) { (self.values, part) = (values, nil) }

  init(_ values: Tensor<Scalar>, of part: ProxyPart?) { (self.values, self.part) = (values, part) }

  /// The number of classes or groups, on all ranks together.
  public var count: Int { part?.count ?? values.shape[1] }

  /// The same with other values for each proxy, or for each class where a class has several; `[batch, proxies]` of this rank.
  public func map(_ transform: (Tensor<Scalar>) -> Tensor<Scalar>) -> ProxySimilarities {
    ProxySimilarities(transform(values), of: part)
  }

  /// Each sample's cosine with its own proxy, `[batch]`.
  public func pick(_ targets: Labels) -> Tensor<Scalar> {
    guard let part else { return values.pick(targets) }
    let columns = part.columns(of: targets, none: 0)
    let picked = Tensor.where(columns.isHere, values.pick(columns.index), Tensor(0))
    return part.group.sum(picked)
  }

  /// `log Σ exp(scale · s)` of each sample over all proxies but its own, `[batch]`; −∞ where there is no other.
  public func logSumExp(scale: Scalar, excluding targets: Labels) -> Tensor<Scalar> {
    guard let part else { return values.logSumExp(along: 1, scale: scale, excluding: targets) }
    let columns = part.columns(of: targets, none: values.shape[1])
    let here = values.logSumExp(along: 1, scale: scale, excludingIfAny: columns.index)
    return part.group.stacked(here).logSumExp(along: 0)
  }

  /// `log Σ exp(scale · s)` of each proxy of this rank over the samples of other classes; −∞ where there is none.
  public func logSumExpOfSamples(scale: Scalar, excluding targets: Labels) -> Tensor<Scalar> {
    let excluded = part?.columns(of: targets, none: values.shape[1]).index ?? targets
    return values.logSumExp(along: 0, scale: scale, excludingIfAny: excluded)
  }

  /// The mean over all proxies of what there is for each proxy of this rank.
  public func mean(_ ofProxies: Tensor<Scalar>) -> Tensor<Scalar> {
    guard let part else { return ofProxies.mean() }
    return part.group.sum(ofProxies.sum()) / Scalar(part.count)
  }
}

/// A loss that can be computed where its proxies lie: those of a level may be spread over the ranks of a group, or only some of
/// them take part in a step.
public protocol ShardableProxyLoss<Scalar>: ProxyLoss {
  /// The loss of a batch, a single number; `targets` name each sample's own class or group, `[batch]`.
  func callAsFunction(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar>

  /// Whether a random part of the other proxies may stand for all of them (Partial FC); where `penalty(on:)` or a mean over
  /// proxies is part of the loss it may not.
  var allowsSampling: Bool { get }
}

extension ShardableProxyLoss {
  /// The loss of a batch with all proxies.
  public func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    self(ProxySimilarities(similarities), targets: targets)
  }
}
