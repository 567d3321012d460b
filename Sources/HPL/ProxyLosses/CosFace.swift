import Tensor

/// CosFace (Wang et al., CVPR 2018, equation 4): cross-entropy of `scale·(s − margin·1_y)` over the cosines `s` to all proxies.
public struct CosFace<Scalar: TensorScalar>: SampleProxyLoss {
  /// Subtracted from the cosine to the own proxy.
  public var margin: Scalar
  /// Multiplies the cosines.
  public var scale: Scalar

  /// Makes the loss with the paper's margin and scale.
  public init(margin: Scalar = 0.35, scale: Scalar = 64) { (self.margin, self.scale) = (margin, scale) }

  /// Whether some proxies may stand for all: they may.
  public var allowsSampling: Bool { true }

  /// Each sample's loss, `[batch]`, whose targets are `[batch]`.
  public func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let own = similarities.pick(targets) - margin
    return crossEntropy(similarities, own: own, scale: scale, targets: targets)
  }
}
