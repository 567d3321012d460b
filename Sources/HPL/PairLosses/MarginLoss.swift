import NN
import Tensor

/// Margin loss (Wu et al., ICCV 2017, equation 6): positives nearer than a learned boundary β, negatives farther, each by a margin.
///
/// `[d_ap − β + α]₊ + [β − d_an + α]₊` over the triplets of a miner, averaged over the terms that are not 0, and `ν·β`; β is one
/// number, or one for each class. Give `parameters` to an optimizer.
public final class MarginLoss<Scalar: TensorScalar>: ReferencePairLoss, Module {
  /// The margin α.
  public let margin: Scalar
  /// The boundary β, a single number or `[classes]`.
  public let beta: Parameter<Scalar>
  /// What β itself costs, ν: the greater, the smaller it gets.
  public let betaWeight: Scalar
  private let miner: any Miner
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with the paper's margin and first boundary, 1.2, which is a distance; with `classes`, each has a boundary of its own.
  ///
  /// The paper draws its triplets by `DistanceWeightedMiner`. To leave β as it is, freeze it: `loss.beta.isFrozen = true`. Traps for a similarity
  /// without a first boundary.
  public init(
    margin: Scalar = 0.2, beta: Scalar? = nil, classes: Int? = nil, betaWeight: Scalar = 0,
    miner: any Miner = AllMiner(),
    distance: any Distance<Scalar> = LpDistance(), reducer: any Reducer<Scalar> = NonZeroMeanReducer(),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let beta = beta ?? distance.constant(1.2, "MarginLoss", "beta", isSimilarity: false, file, line)
    (self.margin, self.betaWeight) = (margin, betaWeight)
    self.beta = Parameter(.full(classes.map { [$0] } ?? [], beta))
    (self.miner, self.distance, self.reducer) = (miner, distance, reducer)
  }

  /// The loss of a batch and what it is compared with; traps for a class without a boundary.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let distances = batch.distances(by: distance)
    let triplets = batch.mined(by: miner).triplets
    let anchors = triplets.map(\.anchor)
    let boundaries = beta.value.rank == 0 ? beta.value : beta.value.take(batch.labels.take(Tensor<Int>(anchors)))
    let beta = boundaries * distance.sign
    let near = relu(distances.elements(at: triplets.map { ($0.anchor, $0.positive) }) - beta + margin)
    let far = relu(beta - distances.elements(at: triplets.map { ($0.anchor, $0.negative) }) + margin)
    let value = reducer(batch.terms(.concatenated([near, far], along: 0), anchors: anchors + anchors))
    return betaWeight == 0 ? value : value + self.beta.value.mean() * betaWeight
  }
}
