import Tensor

/// Normalised softmax (Zhai and Wu, BMVC 2019): cross-entropy over the cosines to all proxies, divided by a temperature.
public struct NormSoftmax<Scalar: TensorScalar>: SampleProxyLoss {
  /// What the cosines are divided by.
  public var temperature: Scalar

  /// Makes the loss with the paper's temperature.
  public init(temperature: Scalar = 0.05) { self.temperature = temperature }

  /// Whether some proxies may stand for all: they may.
  public var allowsSampling: Bool { true }

  /// Each sample's loss, `[batch]`, whose targets are `[batch]`.
  public func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let others = similarities.logSumExp(scale: 1 / temperature, excluding: targets)
    return softplus(others - similarities.pick(targets) / temperature)
  }
}
