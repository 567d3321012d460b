import Tensor

/// The ratio of noise to signal, `var(a − b) / var(a)` over the dimensions, of an anchor a (Yuan et al., CVPR 2019).
///
/// It is not symmetric: the rows are the anchors. Embeddings are normalised, as in pytorch-metric-learning, unless it is told
/// otherwise.
public struct SNRDistance<Scalar: TensorScalar>: Distance {
  /// Whether embeddings are brought to length 1.
  public var normalizes: Bool

  /// Makes the distance.
  public init(normalizes: Bool = true) { self.normalizes = normalizes }

  /// The distances, `[m, n]`.
  ///
  /// A normalised row whose dimensions are all equal has no signal to divide by. The sum of its squares counts as that of rounding errors,
  /// `ulpOfOne²` at least: it is very near to its like and very far from all others, with finite gradients.
  public func callAsFunction(_ rows: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar> {
    let (signal, other) = (centred(rows), centred(others))
    let least = Tensor<Scalar>(Scalar.ulpOfOne * Scalar.ulpOfOne)
    // Both variances have the same divisor.
    return signal.squaredDistances(to: other) / maximum((signal * signal).sum(along: 1, keepsAxes: true), least)
  }

  private func centred(_ rows: Tensor<Scalar>) -> Tensor<Scalar> {
    let rows = normalizes ? rows.normalized(along: 1) : rows
    return rows - rows.mean(along: 1, keepsAxes: true)
  }
}
