import Foundation
import Tensor

/// ArcFace (Deng et al., CVPR 2019, equation 3): cross-entropy over the cosines to all proxies, where the angle θ to the own
/// proxy is enlarged by a margin.
///
/// The own logit is `scale·cos(θ + margin)`. Past `θ = π − margin`, where that would rise again, it goes on as
/// `scale·(cos θ − margin·sin margin)`, as in the authors' code. At θ = 0 and θ = π, where the sine has no slope, the gradient is that
/// of the cosine alone.
public struct ArcFace<Scalar: TensorScalar>: SampleProxyLoss {
  /// Added to the angle, in radians, at least 0 and less than π; traps for another.
  public var margin: Double { didSet { ArcFace.check(margin, #fileID, #line) } }
  /// Multiplies the cosines.
  public var scale: Scalar

  /// Makes the loss; the defaults, 28.6° and 64, are those of pytorch-metric-learning.
  ///
  /// Traps for a margin that is no angle from 0 to π, as one in degrees.
  public init(
    margin: Double = 28.6 * .pi / 180, scale: Scalar = 64, file: StaticString = #fileID, line: UInt = #line
  ) {
    ArcFace.check(margin, file, line)
    (self.margin, self.scale) = (margin, scale)
  }

  private static func check(_ margin: Double, _ file: StaticString, _ line: UInt) {
    require(
      (0..<Double.pi).contains(margin),
      "ArcFace: the margin \(margin) is no angle in radians, at least 0 and less than π", file: file, line: line)
  }

  /// Whether some proxies may stand for all: they may.
  public var allowsSampling: Bool { true }

  /// Each sample's loss, `[batch]`, whose targets are `[batch]`.
  public func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    let cosine = similarities.pick(targets)
    let sine = sqrt((1 - cosine * cosine).clamped(to: Scalar.ulpOfOne...))
    let turned = cosine * Scalar(cos(margin)) - sine * Scalar(sin(margin))
    let isPast = cosine.detached .< Scalar(-cos(margin))
    let own = Tensor.where(isPast, cosine - Scalar(margin * sin(margin)), turned)
    return crossEntropy(similarities, own: own, scale: scale, targets: targets)
  }
}
