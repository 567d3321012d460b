import Foundation
import Tensor

/// Sub-centre ArcFace (Deng et al., ECCV 2020): each class has several centres, and a sample's cosine to a class is that to the
/// nearest of them, so that a centre can take what is labelled wrongly.
///
/// A level of a `HierarchicalProxyLoss` with this loss has `centers` proxies for each class or group.
public struct SubCenterArcFace<Scalar: TensorScalar>: SampleProxyLoss {
  /// The number of centres of a class.
  public var centers: Int
  /// The loss on the cosines to the classes.
  public var arcFace: ArcFace<Scalar>

  /// Makes the loss with the paper's three centres, and ArcFace's margin in radians and scale; traps unless there is a centre, and as
  /// `ArcFace`.
  public init(
    centers: Int = 3, margin: Double = 28.6 * .pi / 180, scale: Scalar = 64, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    require(centers >= 1, "SubCenterArcFace: \(centers) centres a class", file: file, line: line)
    (self.centers, arcFace) = (centers, ArcFace(margin: margin, scale: scale, file: file, line: line))
  }

  /// As many as centres.
  public var proxiesPerTarget: Int { centers }

  /// Whether some proxies may stand for all: they may.
  public var allowsSampling: Bool { true }

  /// Each sample's loss, `[batch]`; the values of `similarities` are `[batch, classes · centers]`, a class's centres side by side, `targets`
  /// `[batch]`.
  public func terms(_ similarities: ProxySimilarities<Scalar>, targets: Labels) -> Tensor<Scalar> {
    arcFace.terms(similarities.map { ofCenters($0).max(along: 2) }, targets: targets)
  }

  /// The samples that are likely to be labelled wrongly, in ascending order: more than an angle, in radians, from the centre that is
  /// nearest to most samples of their class.
  ///
  /// `similarities` are `[samples, classes · centers]`, `labels` `[samples]`. The paper drops those beyond 75° and trains anew. Traps for an
  /// angle that is not in 0...π, as one in degrees.
  public func outliers(
    _ similarities: Tensor<Scalar>, labels: Labels, angle: Double = 75 * .pi / 180, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [Int] {
    require(
      (0...Double.pi).contains(angle), "outliers: the angle \(angle) is not in radians, from 0 to π", file: file,
      line: line)
    let own = labels.reshaped([labels.count, 1, 1])
    let cosines = ofCenters(similarities.detached).takeElements(own, along: 1).reshaped([labels.count, centers])
    let nearest = cosines.argmax(along: 1).scalars
    let samples = Dictionary(grouping: labels.scalars.indices) { labels.scalars[$0] }
    return samples.values.flatMap { samples in
      var counts = [Int](repeating: 0, count: centers)
      for sample in samples { counts[nearest[sample]] += 1 }
      let common = counts.firstIndex(of: counts.max()!)!
      return samples.filter { cosines[$0, common].item < Scalar(cos(angle)) }
    }.sorted()
  }

  private func ofCenters(_ similarities: Tensor<Scalar>) -> Tensor<Scalar> {
    similarities.reshaped([similarities.shape[0], similarities.shape[1] / centers, centers])
  }
}
