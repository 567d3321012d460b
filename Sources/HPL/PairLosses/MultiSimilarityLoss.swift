import Tensor

/// Multi-similarity loss (Wang et al., CVPR 2019, equation 12): soft maxima over each anchor's positives and negatives.
///
/// `1/α·log(1 + Σ_P e^{−α(s−λ)}) + 1/β·log(1 + Σ_N e^{β(s−λ)})` with cosines `s`, averaged over the batch; an empty set counts 0.
public struct MultiSimilarityLoss<Scalar: TensorScalar>: PairLoss {
  /// The scale α of positives.
  public var positiveScale: Scalar
  /// The scale β of negatives.
  public var negativeScale: Scalar
  /// The similarity λ that both are compared with.
  public var base: Scalar
  private let miner: any Miner

  /// Makes the loss with the paper's constants; its own miner is `MultiSimilarityMiner`.
  public init(
    positiveScale: Scalar = 2, negativeScale: Scalar = 50, base: Scalar = 0.5, miner: any Miner = AllMiner()
  ) {
    (self.positiveScale, self.negativeScale) = (positiveScale, negativeScale)
    (self.base, self.miner) = (base, miner)
  }

  /// The loss of a batch, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    let pairs = miner.mine(
      BatchDistances(withoutRecording { embeddings.batchDistances("MultiSimilarityLoss", labels) }, labels)
    ).pairs
    let similarities = embeddings.cosineSimilarities(to: embeddings)
    /// The soft maximum over each anchor's pairs, `[batch]`.
    func term(_ pairs: [(row: Int, column: Int)], scale: Scalar, sign: Scalar) -> Tensor<Scalar> {
      let powers = (similarities.elements(at: pairs) - base) * (scale * sign)
      return softplus(powers.segmentedLogSumExp(Tensor<Int>(pairs.map(\.row)), count: labels.count)) / scale
    }
    return
      (term(pairs.positives, scale: positiveScale, sign: -1) + term(pairs.negatives, scale: negativeScale, sign: 1))
      .mean()
  }
}
