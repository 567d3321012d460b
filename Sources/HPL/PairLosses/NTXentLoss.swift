import Tensor

/// Normalised temperature-scaled cross-entropy (Sohn, NeurIPS 2016; Chen et al., ICML 2020): each positive against the anchor's
/// negatives.
///
/// `−log(e^{s_p/τ} / (e^{s_p/τ} + Σ_N e^{s_n/τ}))` for every positive pair, with cosines `s`, or the negative of a distance. No loss is
/// too large for it, where pytorch-metric-learning stops at the logarithm of the smallest number.
public struct NTXentLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The temperature τ.
  public var temperature: Scalar
  private let miner: any Miner
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss.
  public init(
    temperature: Scalar = 0.07, miner: any Miner = AllMiner(), distance: any Distance<Scalar> = CosineSimilarity(),
    reducer: any Reducer<Scalar> = MeanReducer()
  ) {
    (self.temperature, self.miner) = (temperature, miner)
    (self.distance, self.reducer) = (distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let pairs = batch.mined(by: miner).pairs
    let logits = batch.similarities(by: distance) / temperature
    let rows = pairs.positives.map(\.row)
    let others = logits.logSumExp(at: pairs.negatives).take(Tensor<Int>(rows))
    return reducer(batch.terms(softplus(others - logits.elements(at: pairs.positives)), anchors: rows))
  }
}
