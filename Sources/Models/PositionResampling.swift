import Tensor

/// How position embeddings, which are learned for a grid of patches, become those of another grid.
///
/// Both are bicubic, as the authors' own code has it. Where the grids are equal nothing changes.
public enum PositionResampling: Sendable {
  /// By the ratio of the sides, with Keys' a = −1/2 and, to smaller grids, antialiased: timm's, and DINOv2's with registers.
  case antialiased
  /// By `(side + 0.1) / oldSide`, with a = −3/4 and no antialiasing: DINO's, and DINOv2's without registers.
  case shifted

  /// Embeddings of a square grid, `[side · side, dimensions]` in row-major order, for another one of `target` × `target`.
  func callAsFunction<Scalar: TensorScalar>(_ embeddings: Tensor<Scalar>, from side: Int, to target: Int) -> Tensor<
    Scalar
  > {
    if side == target { return embeddings }
    let width = embeddings.shape[1]
    let weights = Tensor(weights(from: side, to: target).map { Scalar($0) }, shape: [target, side])
    let rows = weights.matmul(embeddings.reshaped([side, side * width])).reshaped([target, side, width])
    let columns = weights.matmul(rows.permuted([1, 0, 2]).reshaped([side, target * width]))
    return columns.reshaped([target, target, width]).permuted([1, 0, 2]).reshaped([target * target, width])
  }

  /// What each old place counts for each new one along one axis, `[target, side]` in row-major order; each row sums to 1.
  private func weights(from side: Int, to target: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: target * side)
    for place in 0..<target {
      let row = place * side
      switch self {
      case .shifted:
        let center = (Double(place) + 0.5) * Double(side) / (Double(target) + 0.1) - 0.5
        let first = Int(center.rounded(.down)) - 1
        for old in first..<first + 4 {  // beyond the edge the outermost goes on
          weights[row + min(max(old, 0), side - 1)] += cubic(center - Double(old), -0.75)
        }
      case .antialiased:
        let ratio = Double(side) / Double(target)
        let stretch = max(ratio, 1)
        let center = ratio * (Double(place) + 0.5)
        let range = max(Int(center - 2 * stretch + 0.5), 0)..<min(Int(center + 2 * stretch + 0.5), side)
        for old in range { weights[row + old] = cubic((Double(old) + 0.5 - center) / stretch, -0.5) }
        let sum = range.reduce(0) { $0 + weights[row + $1] }
        for old in range { weights[row + old] /= sum }
      }
    }
    return weights
  }
}

/// Keys' cubic kernel (1981) with its parameter `a`; zero from ±2 on.
private func cubic(_ distance: Double, _ a: Double) -> Double {
  let x = abs(distance)
  if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
  if x < 2 { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
  return 0
}
