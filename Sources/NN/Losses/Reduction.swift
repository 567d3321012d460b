import Tensor

/// What becomes of the losses of single elements or samples.
public enum Reduction: Sendable {
  /// They stay as they are.
  case none
  /// Their sum.
  case sum
  /// Their mean; of weighted classes the weighted mean.
  case mean
  /// Their sum over the size of the first axis.
  case batchMean
}

extension Tensor where Scalar: TensorScalar {
  /// These losses, reduced; `total` is what a mean divides by, their number unless given.
  func reduced(_ reduction: Reduction, total: Tensor? = nil) -> Tensor {
    switch reduction {
    case .none: self
    case .sum: sum()
    case .mean: total.map { sum() / $0 } ?? mean()
    case .batchMean: sum() / Scalar(shape.first ?? 1)
    }
  }
}

/// Traps unless weights broadcast to the targets' shape: a larger one would repeat the losses.
func requireWeights<Scalar: TensorScalar>(
  _ name: StaticString, _ weights: Tensor<Scalar>?, _ targets: Tensor<Scalar>, _ file: StaticString, _ line: UInt
) {
  guard let weights else { return }
  let fit = zip(weights.shape.reversed(), targets.shape.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  require(
    fit && weights.rank <= targets.rank,
    "\(name): weights \(weights.shape) do not broadcast to targets \(targets.shape)", file: file, line: line)
}

/// Traps unless what is predicted and what is wanted have one shape: broadcasting would compare everything with everything.
func requireOneShape<Scalar: TensorScalar>(
  _ name: StaticString, _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, _ file: StaticString, _ line: UInt
) {
  require(
    predictions.shape == targets.shape,
    "\(name): predictions \(predictions.shape) and targets \(targets.shape) are not of one shape", file: file,
    line: line)
}
