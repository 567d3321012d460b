import Tensor

/// The surrogate of Recall@k (Patel et al., CVPR 2022): how many of a sample's positives are among its k nearest, with sigmoids for
/// steps.
///
/// With cosines `s`, the rank of a positive is `R_i = 1 + Σ_{j≠i} σ((s_qj − s_qi)/τ)`, where j may be the anchor q itself, as in the
/// authors' code. The loss is `1 − mean_k min(Σ_P σ((k − R_i)/τ'), k) / min(k, |P|)`, averaged over the anchors that have a positive.
public struct RecallAtKLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The numbers k.
  public var ks: [Int]
  /// The temperature τ of the ranks.
  public var temperature: Scalar
  /// The temperature τ' of being among the k nearest.
  public var rankTemperature: Scalar
  private let reducer: any Reducer<Scalar>

  /// Makes the loss with the paper's constants.
  public init(
    ks: [Int] = [1, 2, 4, 8, 16], temperature: Scalar = 0.01, rankTemperature: Scalar = 1,
    reducer: any Reducer<Scalar> = MeanReducer()
  ) {
    (self.ks, self.temperature, self.rankTemperature, self.reducer) = (ks, temperature, rankTemperature, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let pairs = batch.relevant(includingSelf: false)
    let rows = pairs.map(\.row)
    let above = ranks(batch.similarities(by: CosineSimilarity()), at: pairs) { sigmoid($0 / temperature) }
    let rank = above.sum(along: 1) + 1
    let present = Set(rows).sorted()
    let sizes = Tensor<Scalar>.ones([rows.count]).sums(of: rows, count: batch.count).take(Tensor<Int>(present))
    let recalls = ks.map { k in
      let found = sigmoid((Scalar(k) - rank) / rankTemperature).sums(of: rows, count: batch.count)
      return minimum(found.take(Tensor<Int>(present)), Scalar(k)) / minimum(sizes, Scalar(k))
    }
    let missed = 1 - Tensor.stacked(recalls, along: 0).mean(along: 0)
    return reducer(batch.terms(missed, anchors: present))
  }
}
