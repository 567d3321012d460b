import Tensor

/// Circle loss (Sun et al., CVPR 2020, equations 6 to 8): each pair is weighted by how far it is from where it should be.
///
/// With cosines `s`, for each anchor `softplus(LSE_N γ[s+μ]₊(s−μ) + LSE_P −γ[1+μ−s]₊(s−1+μ))`, whose weights `[ ]₊` are constants to
/// the gradient; 0 for an anchor without positives or without negatives.
public struct CircleLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The margin μ.
  public var margin: Scalar
  /// The scale γ.
  public var scale: Scalar
  private let miner: any Miner
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with the paper's constants for fine-grained retrieval.
  public init(
    margin: Scalar = 0.4, scale: Scalar = 80, miner: any Miner = AllMiner(),
    reducer: any Reducer<Scalar> = NonZeroMeanReducer()
  ) {
    (self.margin, self.scale, self.miner, self.reducer) = (margin, scale, miner, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let pairs = batch.mined(by: miner).pairs
    let similarities = batch.similarities(by: CosineSimilarity())
    /// Each anchor's log Σ exp over its pairs, `[batch]`.
    func term(_ pairs: [(row: Int, column: Int)], _ logits: (_ s: Tensor<Scalar>) -> Tensor<Scalar>) -> Tensor<Scalar> {
      logits(similarities.elements(at: pairs)).logSumExp(of: pairs.map(\.row), count: batch.count)
    }
    let negatives = term(pairs.negatives) { relu($0.detached + margin) * ($0 - margin) * scale }
    let positives = term(pairs.positives) { relu(1 + margin - $0.detached) * ($0 - (1 - margin)) * -scale }
    return reducer(batch.terms(ofSamples: softplus(negatives + positives)))
  }
}
