import Tensor

/// Supervised contrastive loss (Khosla et al., NeurIPS 2020, equation 2): each positive against everything else in the batch.
///
/// `−mean_P log(e^{s_p/τ} / Σ_{a≠i} e^{s_a/τ})` with cosines `s`, or the negative of a distance; averaged over the anchors that
/// have a positive.
public struct SupConLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The temperature τ.
  public var temperature: Scalar
  private let miner: any Miner
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with the paper's temperature; only the pairs that the miner chooses count.
  public init(
    temperature: Scalar = 0.1, miner: any Miner = AllMiner(), distance: any Distance<Scalar> = CosineSimilarity(),
    reducer: any Reducer<Scalar> = MeanReducer()
  ) {
    (self.temperature, self.miner) = (temperature, miner)
    (self.distance, self.reducer) = (distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let pairs = batch.mined(by: miner).pairs
    let logits = batch.similarities(by: distance) / temperature
    let all = logits.logSumExp(at: pairs.positives + pairs.negatives)
    let rows = pairs.positives.map(\.row)
    let means = (all.take(Tensor<Int>(rows)) - logits.elements(at: pairs.positives)).means(of: rows)
    return reducer(batch.terms(means.values, anchors: means.rows))
  }
}
