import Tensor

/// Contrastive loss (Hadsell et al., CVPR 2006): positives closer than one distance, negatives farther than another.
///
/// `[d_ap − m_p]₊ + [m_n − d_an]₊` with Euclidean distances `d` of normalised embeddings; positives and negatives are each averaged
/// over their terms that are not 0, as in pytorch-metric-learning.
public struct ContrastiveLoss<Scalar: TensorScalar>: PairLoss {
  /// The distance m_p within which a positive costs nothing.
  public var positiveMargin: Scalar
  /// The distance m_n beyond which a negative costs nothing.
  public var negativeMargin: Scalar
  private let miner: any Miner

  /// Makes the loss.
  public init(positiveMargin: Scalar = 0, negativeMargin: Scalar = 1, miner: any Miner = AllMiner()) {
    (self.positiveMargin, self.negativeMargin, self.miner) = (positiveMargin, negativeMargin, miner)
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let distances = embeddings.batchDistances("ContrastiveLoss", labels)
    let pairs = miner.mine(BatchDistances(distances, labels)).pairs
    let positives = relu(distances.elements(at: pairs.positives) - positiveMargin).meanOfNonZero()
    let negatives = relu(negativeMargin - distances.elements(at: pairs.negatives)).meanOfNonZero()
    return positives + negatives
  }
}
