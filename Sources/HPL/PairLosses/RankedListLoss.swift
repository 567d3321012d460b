import Tensor

/// Ranked list loss (Wang et al., CVPR 2019, equations 5 to 9): positives inside a sphere, negatives outside a larger one, the worst
/// of each list weighted most.
///
/// With Euclidean distances `d` of normalised embeddings, for each anchor `(1−λ)·Σ w(d−α+μ)/Σw + λ·Σ v(α−d)/Σv` over the positives
/// with `d > α−μ` and the negatives with `d < α`, where `w = e^{Tp(d−α+μ)}` and `v = e^{Tn(α−d)}`; the mean over the batch.
public struct RankedListLoss<Scalar: TensorScalar>: ReferencePairLoss {
  /// The margin μ between the spheres.
  public var margin: Scalar
  /// The distance α beyond which a negative costs nothing.
  public var boundary: Scalar
  /// How much the negatives count, λ, beside the positives.
  public var balance: Scalar
  /// The temperature Tp of the positives' weights.
  public var positiveTemperature: Scalar
  /// The temperature Tn of the negatives' weights.
  public var negativeTemperature: Scalar
  private let distance: any Distance<Scalar>
  private let reducer: any Reducer<Scalar>

  /// Makes the loss; without a boundary it is the distance `1 + margin/2`, as in pytorch-metric-learning, which asks for the margin and the
  /// negatives' temperature.
  ///
  /// Traps for a similarity without a boundary.
  public init(
    margin: Scalar = 0.4, boundary: Scalar? = nil, balance: Scalar = 0.5, positiveTemperature: Scalar = 0,
    negativeTemperature: Scalar = 10, distance: any Distance<Scalar> = LpDistance(),
    reducer: any Reducer<Scalar> = MeanReducer(), file: StaticString = #fileID, line: UInt = #line
  ) {
    let boundary =
      boundary
      ?? distance.constant(1 + margin / 2, "RankedListLoss", "boundary", isSimilarity: false, file, line)
    (self.margin, self.boundary, self.balance) = (margin, boundary, balance)
    (self.positiveTemperature, self.negativeTemperature) = (positiveTemperature, negativeTemperature)
    (self.distance, self.reducer) = (distance, reducer)
  }

  /// The loss of a batch and what it is compared with.
  public func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    let distances = batch.distances(by: distance)
    let all = batch.mined(by: AllMiner()).pairs
    let boundary = distance.sign * boundary
    /// Each anchor's weighted mean of what is above 0, `[batch]`; 0 where nothing is.
    func term(
      _ pairs: [(row: Int, column: Int)], _ temperature: Scalar, _ excess: (_ d: Tensor<Scalar>) -> Tensor<Scalar>
    ) -> Tensor<Scalar> {
      let every = excess(distances.elements(at: pairs))
      let numbers = every.detached.scalars
      let counting = numbers.indices.filter { numbers[$0] > 0 }
      let (values, rows) = (every.take(Tensor<Int>(counting)), counting.map { pairs[$0].row })
      let weights = exp(values * temperature)
      let sums = weights.sums(of: rows, count: batch.count)
      let nonEmpty = sums.replacing(with: 1, where: sums.detached .== 0)
      return (weights * values).sums(of: rows, count: batch.count) / nonEmpty
    }
    let pull = term(all.positives, positiveTemperature) { $0 - boundary + margin }
    let push = term(all.negatives, negativeTemperature) { boundary - $0 }
    return reducer(batch.terms(ofSamples: pull * (1 - balance) + push * balance))
  }
}
