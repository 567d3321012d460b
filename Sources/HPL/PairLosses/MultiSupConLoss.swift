import Tensor

/// Supervised contrastive loss of samples with several classes (MultiSupCon, as pytorch-metric-learning 3 has it): each positive counts as
/// much as its classes and the anchor's overlap.
///
/// With cosines `s` and Jaccard's indices `J`, for each anchor `−mean_P J_p log(e^{s_p/τ} / Σ_{a≠i} e^{s_a/τ})` over the positives
/// P, those with `J` of at least the threshold; averaged over the anchors that have a positive. Where each sample has one class it is
/// `SupConLoss`.
public struct MultiSupConLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The temperature τ.
  public var temperature: Scalar
  /// The least overlap of a positive.
  public var threshold: Scalar
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with its authors' constants; with a threshold of 0 all others are positives.
  public init(
    temperature: Scalar = 0.1, threshold: Scalar = 0.5, distance: any Distance<Scalar> = CosineSimilarity(),
    reducer: any Reducer<Scalar> = MeanReducer()
  ) {
    (self.temperature, self.threshold) = (temperature, threshold)
    (self.distance, self.reducer) = (distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let (overlaps, width) = (batch.overlaps.scalars, batch.others.shape[0])
    let pairs = (0..<batch.count).flatMap { anchor in
      (0..<width).filter { $0 != batch.places[anchor] }.map { (row: anchor, column: $0) }
    }
    func overlap(_ pair: (row: Int, column: Int)) -> Scalar { overlaps[pair.row * width + pair.column] }
    let positives = pairs.filter { overlap($0) >= threshold }
    let logits = batch.similarities(by: distance) / temperature
    let rows = positives.map(\.row)
    let costs = logits.logSumExp(at: pairs).take(Tensor<Int>(rows)) - logits.elements(at: positives)
    let means = (costs * Tensor(positives.map(overlap))).means(of: rows)
    return reducer(batch.terms(means.values, anchors: means.rows))
  }
}
