import Tensor

/// Multi-similarity loss (Wang et al., CVPR 2019, equation 12): soft maxima over each anchor's positives and negatives.
///
/// `1/α·log(1 + Σ_P e^{−α(s−λ)}) + 1/β·log(1 + Σ_N e^{β(s−λ)})` with cosines `s`, averaged over the batch; an empty set counts 0.
/// With a distance `d` in the place of `s`, `s − λ` is `λ − d`.
public struct MultiSimilarityLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The scale α of positives.
  public var positiveScale: Scalar
  /// The scale β of negatives.
  public var negativeScale: Scalar
  /// The similarity λ that both are compared with.
  public var base: Scalar
  private let miner: any Miner
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with the paper's constants, of which the base, 0.5, is a similarity; its own miner is `MultiSimilarityMiner`.
  ///
  /// Traps for a distance without a base.
  public init(
    positiveScale: Scalar = 2, negativeScale: Scalar = 50, base: Scalar? = nil, miner: any Miner = AllMiner(),
    distance: any Distance<Scalar> = CosineSimilarity(), reducer: any Reducer<Scalar> = MeanReducer(),
    file: StaticString = #fileID, line: UInt = #line
  ) {
    (self.positiveScale, self.negativeScale) = (positiveScale, negativeScale)
    self.base = base ?? distance.constant(0.5, "MultiSimilarityLoss", "base", isSimilarity: true, file, line)
    self.miner = miner
    (self.distance, self.reducer) = (distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let pairs = batch.mined(by: miner).pairs
    let similarities = batch.similarities(by: distance)
    let base = -distance.sign * base
    /// The soft maximum over each anchor's pairs, `[batch]`.
    func term(_ pairs: [(row: Int, column: Int)], scale: Scalar, sign: Scalar) -> Tensor<Scalar> {
      let powers = (similarities.elements(at: pairs) - base) * (scale * sign)
      return softplus(powers.logSumExp(of: pairs.map(\.row), count: batch.count)) / scale
    }
    let terms =
      term(pairs.positives, scale: positiveScale, sign: -1) + term(pairs.negatives, scale: negativeScale, sign: 1)
    return reducer(batch.terms(ofSamples: terms))
  }
}
