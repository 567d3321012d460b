import Foundation
import Tensor

/// The surrogate of hierarchical average precision (HAPPIER: Ramzi et al., ECCV 2022): one less how well each sample's ranking
/// follows how related the others are.
///
/// Two samples that agree on t of the levels are related by `rel = t^α / #{samples with the same t}`; the anchor counts itself. With
/// cosines `s`, `1 − 1/Σ rel Σ_i h_i/r_i`, where `r_i = 1 + Σ_{j≠i} H(s_qj − s_qi)` is a rank and `h_i = rel_i + Σ_{j≠i}
/// H(s_qj − s_qi)·min(rel_i, rel_j)`. H is a step, 1 at 0, and has no gradient; but in `r_i`, for a j that is less related than i, it
/// is smooth: `σ(d/τ)` up to 0, `start + σ(d/τ)` up to δ, and `ρ(d − δ) + offset` from there on. The value jumps where these meet.
///
/// The authors divide t by one less than the levels, which changes nothing but that one level alone divides by 0; here it is an
/// ordinary average precision.
public struct HAPLoss<Scalar: TensorScalar>: LevelLoss {
  /// The power α of the number of levels.
  public var exponent: Double
  /// The temperature τ.
  public var temperature: Scalar
  /// The slope ρ of the step where it is exceeded by far.
  public var slope: Scalar
  /// The difference δ from which on it is.
  public var threshold: Scalar
  /// What the step starts at above 0.
  public var start: Scalar
  /// What the step starts at beyond δ; nil for what it had reached.
  public var offset: Scalar?

  /// Makes the loss with the paper's constants.
  public init(
    exponent: Double = 1, temperature: Scalar = 0.01, slope: Scalar = 100, threshold: Scalar = 0.05,
    start: Scalar = 0.5,
    offset: Scalar? = 1.44
  ) {
    (self.exponent, self.temperature, self.slope) = (exponent, temperature, slope)
    (self.threshold, self.start, self.offset) = (threshold, start, offset)
  }

  /// The loss of a batch, `[batch, dimensions]`, on all levels, each `[batch]`; memory grows with the pairs that agree on some level
  /// times the batch.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, levels: [Labels]) -> Tensor<Scalar> {
    requireLevels(embeddings, levels, "HAPLoss")
    let count = embeddings.shape[0]
    let agreements = agreements(levels.map(\.scalars), count)
    let relevances = agreements.map(relevances)
    let places = (0..<count).flatMap { q in (0..<count).filter { agreements[q][$0] > 0 }.map { (row: q, column: $0) } }
    let similarities = embeddings.cosineSimilarities(to: embeddings)
    let rows = Tensor<Int>(places.map(\.row))
    let related = Tensor<Int>(agreements.flatMap { $0 }, shape: [count, count]).take(rows)
    let isLess = related .< Tensor<Int>(places.map { agreements[$0.row][$0.column] }).unsqueezed(1)
    let rank = ranks(similarities, at: places) { Tensor.where(isLess, smoothStep($0), step($0)) }.sum(along: 1) + 1
    let (own, others) = (
      Tensor(places.map { relevances[$0.row][$0.column] }),
      Tensor(relevances.flatMap { $0 }, shape: [count, count]).take(rows)
    )
    let gained = withoutRecording {
      own + (ranks(similarities, at: places, step: step) * minimum(others, own.unsqueezed(1))).sum(along: 1)
    }
    let totals = Tensor(places.map { relevances[$0.row].reduce(0, +) * Scalar(count) })
    return 1 - (gained / (rank * totals)).sum()
  }

  /// For every two samples, the levels on which they agree.
  private func agreements(_ levels: [[Int]], _ count: Int) -> [[Int]] {
    (0..<count).map { q in (0..<count).map { i in levels.count { $0[q] == $0[i] } } }
  }

  /// The relevances to one anchor.
  private func relevances(_ agreements: [Int]) -> [Scalar] {
    var sizes: [Int: Int] = [:]
    for agreement in agreements { sizes[agreement, default: 0] += 1 }
    return agreements.map { $0 == 0 ? 0 : Scalar(pow(Double($0), exponent)) / Scalar(sizes[$0]!) }
  }

  private func step(_ differences: Tensor<Scalar>) -> Tensor<Scalar> {
    (differences.detached .>= 0).cast(to: Scalar.self)
  }

  private func smoothStep(_ differences: Tensor<Scalar>) -> Tensor<Scalar> {
    let soft = sigmoid(differences / temperature)
    let reached = offset ?? start + 1 / (1 + Scalar(exp(-Double(threshold / temperature))))
    let far = (differences - threshold) * slope + reached
    let values = differences.detached
    return Tensor.where(values .> threshold, far, Tensor.where(values .> 0, soft + start, soft))
  }
}
