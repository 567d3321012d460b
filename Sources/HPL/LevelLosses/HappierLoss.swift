import NN
import Tensor

/// HAPPIER (Ramzi et al., ECCV 2022): hierarchical average precision, and a cluster loss that holds each class together.
///
/// `(1 − λ)·HAP + λ·NormSoftmax`, where the second, on the classes alone, has a proxy for each. Give `parameters` to an optimizer; the
/// authors' learning rate of the proxies is 10⁵ times that of the network's head.
public final class HappierLoss<Scalar: TensorScalar>: LevelLoss, Module {
  /// The class proxies, `[classes, dimensions]`.
  public let proxies: Parameter<Scalar>
  /// The ranking.
  public let ranking: HAPLoss<Scalar>
  /// What the cluster loss counts, λ.
  public let clusterWeight: Scalar
  private let cluster: NormSoftmax<Scalar>

  /// Makes the loss with the paper's constants, its proxies drawn uniformly up to `1/√dimensions`.
  public init(
    classes: Int, dimensions: Int, ranking: HAPLoss<Scalar> = HAPLoss(), clusterWeight: Scalar = 0.1,
    temperature: Scalar = 0.05, using generator: inout RandomGenerator
  ) {
    let bound = 1 / Scalar(dimensions).squareRoot()
    proxies = Parameter(.uniform([classes, dimensions], in: -bound..<bound, using: &generator))
    (self.ranking, self.clusterWeight) = (ranking, clusterWeight)
    cluster = NormSoftmax(temperature: temperature)
  }

  /// The loss of a batch, `[batch, dimensions]`, on all levels, each `[batch]`; labels of the first are classes from 0.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, levels: [Labels]) -> Tensor<Scalar> {
    let ranked = ranking(embeddings, levels: levels) * (1 - clusterWeight)
    return ranked + cluster(embeddings.cosineSimilarities(to: proxies.value), targets: levels[0]) * clusterWeight
  }
}
