import Tensor

/// Proxy-NCA (Movshovitz-Attias et al., ICCV 2017, equation 4): each sample against all proxies but its own.
///
/// With `d = ‖x − p‖² = 2 − 2s` of normalised vectors: the mean of `−log(e^{−scale·d(x,p_y)} / Σ_{z≠y} e^{−scale·d(x,p_z)})`,
/// unbounded below. With `includesOwnProxy` the sum runs over all proxies (as in ProxyNCA++ and pytorch-metric-learning),
/// which makes it a cross-entropy. Where there is no other proxy, the sum counts as 1 and the sample is only pulled.
public struct ProxyNCA<Scalar: TensorScalar>: SampleProxyLoss {
  /// Multiplies the squared distances.
  public var scale: Scalar
  /// Whether the denominator includes the sample's own proxy.
  public var includesOwnProxy: Bool

  /// Makes the loss; the scale 9 is the original code's 3 on samples and on proxies.
  public init(scale: Scalar = 9, includesOwnProxy: Bool = false) {
    (self.scale, self.includesOwnProxy) = (scale, includesOwnProxy)
  }

  /// ProxyNCA++ (Teh et al., ECCV 2020): the own proxy in the denominator, and a temperature of 1/9.
  public static var plusPlus: ProxyNCA { ProxyNCA(scale: 9, includesOwnProxy: true) }

  /// Whether some proxies may stand for all: they may.
  public var allowsSampling: Bool { true }

  /// Each sample's loss, `[batch]`, whose targets are `[batch]`.
  public func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let own = similarities.pick(targets)
    if includesOwnProxy { return crossEntropy(similarities, own: own, scale: 2 * scale, targets: targets) }
    let normalizer =
      similarities.count == 1 ? Tensor(2 * scale) : similarities.logSumExp(scale: 2 * scale, excluding: targets)
    return normalizer - own * (2 * scale)
  }
}
