import Tensor

/// The mean of each anchor's terms, and of these the mean over the batch: an anchor with many pairs counts as much as one with few.
///
/// An anchor without terms counts as 0.
public struct PerAnchorReducer<Scalar: TensorScalar>: Reducer {
  /// Makes the reducer.
  public init() {}

  /// The mean of means.
  public func callAsFunction(_ terms: LossTerms<Scalar>) -> Tensor<Scalar> {
    var counts = [Int](repeating: 0, count: terms.samples)
    for anchor in terms.anchors { counts[anchor] += 1 }
    let shares = Tensor(terms.anchors.map { 1 / Scalar(counts[$0] * counts.count) })
    return (terms.values * shares).sum()
  }
}
