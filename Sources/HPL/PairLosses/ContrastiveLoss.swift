import Tensor

/// Contrastive loss (Hadsell et al., CVPR 2006): positives closer than one distance, negatives farther than another.
///
/// `[d_ap − m_p]₊ + [m_n − d_an]₊` with Euclidean distances `d` of normalised embeddings; positives and negatives are each averaged
/// over their terms that are not 0, as in pytorch-metric-learning. With a similarity `s` it is `[m_p − s_ap]₊ + [s_an − m_n]₊`.
public struct ContrastiveLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The distance m_p within which a positive costs nothing, or the similarity beyond which it does.
  public var positiveMargin: Scalar
  /// The distance m_n beyond which a negative costs nothing, or the similarity within which it does.
  public var negativeMargin: Scalar
  private let miner: any Miner
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss; margins that are not given are 0 and 1 for a distance, and 1 and 0 for a similarity, as pytorch-metric-learning advises.
  public init(
    positiveMargin: Scalar? = nil, negativeMargin: Scalar? = nil, miner: any Miner = AllMiner(),
    distance: any Distance<Scalar> = LpDistance(), reducer: any Reducer<Scalar> = NonZeroMeanReducer()
  ) {
    self.positiveMargin = positiveMargin ?? (distance.isSimilarity ? 1 : 0)
    self.negativeMargin = negativeMargin ?? (distance.isSimilarity ? 0 : 1)
    (self.miner, self.distance, self.reducer) = (miner, distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let distances = batch.distances(by: distance)
    let pairs = batch.mined(by: miner).pairs
    let positives = relu(distances.elements(at: pairs.positives) - distance.sign * positiveMargin)
    let negatives = relu(distance.sign * negativeMargin - distances.elements(at: pairs.negatives))
    return reducer(batch.terms(positives, anchors: pairs.positives.map(\.row)))
      + reducer(batch.terms(negatives, anchors: pairs.negatives.map(\.row)))
  }
}
