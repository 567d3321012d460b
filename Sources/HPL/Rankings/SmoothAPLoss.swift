import Tensor

/// Smooth-AP (Brown et al., ECCV 2020, equation 6): one less the average precision of each sample's ranking, with sigmoids for steps.
///
/// With cosines `s`, `1 − 1/|P| Σ_{i∈P} rank_P(i)/rank(i)`, where a rank is `1 + Σ_{j≠i} σ((s_qj − s_qi)/τ)` over the positives or over
/// all. The anchor q counts among its positives and among all, as in the authors' code. An anchor without other positives has no
/// ranking. Classes may have any numbers of samples and stand in any order, where pytorch-metric-learning is right for as many classes
/// as samples of each.
public struct SmoothAPLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The temperature τ.
  public var temperature: Scalar
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with the paper's temperature.
  public init(temperature: Scalar = 0.01, reducer: any Reducer<Scalar> = MeanReducer()) {
    (self.temperature, self.reducer) = (temperature, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let pairs = batch.relevant(includingSelf: true)
    let similarities = batch.similarities(by: CosineSimilarity())
    let above = ranks(similarities, at: pairs) { sigmoid($0 / temperature) }
    let rows = pairs.map(\.row)
    let isPositive = batch.isPositive.take(Tensor<Int>(rows))
    let amongPositives = Tensor.where(isPositive, above, Tensor(0)).sum(along: 1) + 1
    let precisions = (amongPositives / (above.sum(along: 1) + 1)).means(of: rows)
    return reducer(batch.terms(1 - precisions.values, anchors: precisions.rows))
  }
}
