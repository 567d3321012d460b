import Tensor

/// Normalised softmax (Zhai and Wu, BMVC 2019): cross-entropy over the cosines to all proxies, divided by a temperature.
public struct NormSoftmax<Scalar: TensorScalar>: ProxyLoss {
  /// What the cosines are divided by.
  public var temperature: Scalar

  /// Makes the loss with the paper's temperature.
  public init(temperature: Scalar = 0.05) { self.temperature = temperature }

  /// The loss of a batch; `similarities` are `[batch, proxies]`, `targets` `[batch]`.
  public func callAsFunction(_ similarities: Tensor<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let others = similarities.logSumExp(along: 1, scale: 1 / temperature, excluding: targets)
    return softplus(others - similarities.pick(targets) / temperature).mean()
  }
}
