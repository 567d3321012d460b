import Tensor

/// Triplet loss (Schroff et al., CVPR 2015): each anchor closer to a positive than to a negative, by a margin.
///
/// `[d_ap − d_an + m]₊` with Euclidean distances `d` of normalised embeddings, averaged over the triplets that are not 0.
public struct TripletLoss<Scalar: TensorScalar>: PairLoss {
  /// The margin m.
  public var margin: Scalar
  private let miner: any Miner

  /// Makes the loss.
  public init(margin: Scalar = 0.05, miner: any Miner = AllMiner()) { (self.margin, self.miner) = (margin, miner) }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let distances = embeddings.batchDistances("TripletLoss", labels)
    let triplets = miner.mine(BatchDistances(distances, labels)).triplets
    let near = distances.elements(at: triplets.map { ($0.anchor, $0.positive) })
    let far = distances.elements(at: triplets.map { ($0.anchor, $0.negative) })
    return relu(near - far + margin).meanOfNonZero()
  }
}
