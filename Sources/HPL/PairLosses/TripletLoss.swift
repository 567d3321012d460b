import Tensor

/// Triplet loss (Schroff et al., CVPR 2015): each anchor closer to a positive than to a negative, by a margin.
///
/// `[d_ap − d_an + m]₊` with Euclidean distances `d` of normalised embeddings, averaged over the triplets that are not 0. With a
/// similarity `s` it is `[s_an − s_ap + m]₊`.
public struct TripletLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The margin m.
  public var margin: Scalar
  private let miner: any Miner
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss.
  public init(
    margin: Scalar = 0.05, miner: any Miner = AllMiner(), distance: any Distance<Scalar> = LpDistance(),
    reducer: any Reducer<Scalar> = NonZeroMeanReducer()
  ) {
    (self.margin, self.miner, self.distance, self.reducer) = (margin, miner, distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let distances = batch.distances(by: distance)
    let triplets = batch.mined(by: miner).triplets
    let near = distances.elements(at: triplets.map { ($0.anchor, $0.positive) })
    let far = distances.elements(at: triplets.map { ($0.anchor, $0.negative) })
    return reducer(batch.terms(relu(near - far + margin), anchors: triplets.map(\.anchor)))
  }
}
