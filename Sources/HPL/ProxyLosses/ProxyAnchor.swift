import ClassTree
import Tensor

/// Proxy-Anchor (Kim et al., CVPR 2020, equation 4): each proxy is an anchor for all samples of the batch.
///
/// With cosines `s`: `1/|P⁺| Σ_{p∈P⁺} log(1 + Σ_{x∈X⁺ₚ} e^{−α(s−δ)}) + 1/C Σ_p log(1 + Σ_{x∈X⁻ₚ} e^{α(s+δ)})`, where P⁺ are
/// the proxies with a sample in the batch and C counts all. Computed with log-sum-exp, so that no α overflows.
public struct ProxyAnchor<Scalar: TensorScalar>: ShardableProxyLoss, MembershipProxyLoss {
  /// The margin δ.
  public var margin: Scalar
  /// The scale α.
  public var scale: Scalar

  /// Makes the loss with the paper's margin and scale.
  public init(margin: Scalar = 0.1, scale: Scalar = 32) {
    (self.margin, self.scale) = (margin, scale)
  }

  /// Whether some proxies may stand for all: every proxy is an anchor.
  public var allowsSampling: Bool { false }

  /// The loss of a batch, whose targets are `[batch]`.
  public func callAsFunction(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let own = similarities.pick(targets)
    let pull = ((own - margin) * -scale).segmentedLogSumExp(targets, count: similarities.count)
    let push = similarities.logSumExpOfSamples(scale: scale, excluding: targets) + scale * margin
    let present = Set(targets.scalars).count
    return softplus(pull).sum() / Scalar(present) + similarities.mean(softplus(push))
  }

  /// The loss of a batch of samples that may have several classes: X⁺ₚ are all samples of the class, X⁻ₚ all others.
  ///
  /// Traps unless there is a row for each sample and a column for each class.
  public func callAsFunction(_ similarities: Tensor<Scalar>, memberships: Memberships) -> Tensor<Scalar> {
    require(
      similarities.shape == [memberships.count, memberships.classes],
      "ProxyAnchor: similarities \(similarities.shape) and memberships of \(memberships.count) samples in "
        + "\(memberships.classes) classes do not fit")
    let own = memberships.samples.enumerated().flatMap { row, classes in classes.map { (row: row, column: $0) } }
    let proxies = own.map(\.column)
    let pull = ((similarities.elements(at: own) - margin) * -scale).logSumExp(of: proxies, count: memberships.classes)
    let others = Tensor.where(memberships.mask, Tensor(-Scalar.infinity), similarities * scale)
    let push = others.logSumExp(along: 0) + scale * margin
    return softplus(pull).sum() / Scalar(max(Set(proxies).count, 1)) + softplus(push).mean()
  }
}
