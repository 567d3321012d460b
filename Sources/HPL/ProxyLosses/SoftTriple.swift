import Tensor

/// SoftTriple (Qian et al., ICCV 2019, equations 6 to 9): each class has several centres, and a sample's similarity to a class is a
/// soft maximum over them.
///
/// `S_c = Σ_k softmax_k(s_ck/γ)·s_ck`, cross-entropy of `λ(S − δ·1_y)`, and a regulariser that draws a class's centres together:
/// `τ/(C·K(K−1)) Σ √(2 + 10⁻⁵ − 2 w_i·w_j)` over the pairs of a class's centres. A level of a `HierarchicalProxyLoss` with this loss has `centers` proxies for each
/// class or group.
public struct SoftTriple<Scalar: TensorScalar>: SampleProxyLoss {
  /// The number of centres K of a class.
  public var centers: Int
  /// The scale λ of the similarities.
  public var scale: Scalar
  /// The temperature γ of the soft maximum over centres.
  public var temperature: Scalar
  /// The weight τ of the regulariser.
  public var regularization: Scalar
  /// The margin δ.
  public var margin: Scalar

  /// Makes the loss with the paper's constants; traps unless there is a centre.
  public init(
    centers: Int = 10, scale: Scalar = 20, temperature: Scalar = 0.1, regularization: Scalar = 0.2,
    margin: Scalar = 0.01
  ) {
    guard centers >= 1 else { fatalError("SoftTriple: \(centers) centres a class") }
    self.centers = centers
    (self.scale, self.temperature) = (scale, temperature)
    (self.regularization, self.margin) = (regularization, margin)
  }

  /// As many as centres.
  public var proxiesPerTarget: Int { centers }

  /// Whether some proxies may stand for all: the regulariser is a mean over them.
  public var allowsSampling: Bool { false }

  /// Each sample's loss, `[batch]`; the values of `similarities` are `[batch, classes · centers]`, a class's centres side by side, `targets`
  /// `[batch]`.
  ///
  /// Traps where the similarities are not a multiple of the centres.
  public func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let ofClasses = similarities.map { similarities in
      let ofCentres = similarities.reshaped([similarities.shape[0], similarities.shape[1] / centers, centers])
      return ((ofCentres / temperature).softmax(along: 2) * ofCentres).sum(along: 2)
    }
    let own = ofClasses.pick(targets) - margin
    return crossEntropy(ofClasses, own: own, scale: scale, targets: targets)
  }

  /// The regulariser; `proxies` are `[classes · centers, dimensions]` and are normalised here.
  public func penalty(on proxies: Tensor<Scalar>) -> Tensor<Scalar>? {
    guard centers > 1, regularization != 0 else { return nil }
    let classes = proxies.shape[0] / centers
    let unit = proxies.normalized(along: 1).reshaped([classes, centers, proxies.shape[1]])
    let isPair = Tensor<Scalar>.ones([centers, centers]).upperTriangle(diagonal: 1)
    // 2 − 2 w_i·w_j as a distance, which keeps its digits where the centres have come together.
    let lengths = sqrt(unit.squaredDistances(to: unit) + 1e-5) * isPair
    return lengths.sum() * (regularization / Scalar(classes * centers * (centers - 1)))
  }
}
