import Tensor

/// The squared differences: `(prediction − target)²`.
///
/// Traps where the shapes differ: `[batch, 1]` and `[batch]` are not compared by broadcasting.
public func mseLoss<Scalar: TensorScalar>(
  _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, reduction: Reduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("mseLoss", predictions, targets, file, line)
  return square(predictions - targets).reduced(reduction)
}

/// The absolute differences: `|prediction − target|`, with gradient 0 where there is none.
///
/// Traps where the shapes differ.
public func l1Loss<Scalar: TensorScalar>(
  _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, reduction: Reduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("l1Loss", predictions, targets, file, line)
  return abs(predictions - targets).reduced(reduction)
}

/// Half the squared differences up to `delta`, and beyond it a line that goes on from there (Huber, 1964).
///
/// Traps where the shapes differ, and unless `delta` is positive.
public func huberLoss<Scalar: TensorScalar>(
  _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, delta: Scalar = 1, reduction: Reduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("huberLoss", predictions, targets, file, line)
  require(delta > 0, "huberLoss: delta \(delta) is not positive", file: file, line: line)
  let differences = predictions - targets
  let sizes = abs(differences)
  return Tensor.where(sizes .< delta, square(differences) * 0.5, (sizes - 0.5 * delta) * delta).reduced(reduction)
}

/// Half the squared differences over `beta` up to `beta`, and beyond it the absolute differences less `beta / 2`: `huberLoss` over `beta` (Girshick, 2015).
///
/// At 0 it is `l1Loss`. Traps where the shapes differ, and for a negative `beta`.
public func smoothL1Loss<Scalar: TensorScalar>(
  _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, beta: Scalar = 1, reduction: Reduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("smoothL1Loss", predictions, targets, file, line)
  require(beta >= 0, "smoothL1Loss: beta \(beta) is negative", file: file, line: line)
  if beta == 0 { return l1Loss(predictions, targets, reduction: reduction, file: file, line: line) }
  return huberLoss(predictions, targets, delta: beta, reduction: reduction, file: file, line: line) / beta
}

/// The Kullback–Leibler divergence of what is wanted from what is predicted: `target · (log target − prediction)`.
///
/// The predictions are logarithms of probabilities, the targets probabilities, or with `targetsAreLogarithms` theirs too. `.batchMean` is the
/// divergence of a sample; `.mean`, PyTorch's default, divides by the classes too. A target of 0 costs nothing, but where the
/// prediction is −∞ (NaN, as in PyTorch). Traps where the shapes differ.
public func klDivergence<Scalar: TensorScalar>(
  _ logProbabilities: Tensor<Scalar>, _ targets: Tensor<Scalar>, targetsAreLogarithms: Bool = false,
  reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("klDivergence", logProbabilities, targets, file, line)
  if targetsAreLogarithms { return (exp(targets) * (targets - logProbabilities)).reduced(reduction) }
  let entropy = targets * log(targets.replacing(with: 1, where: targets.detached .<= 0))
  return (entropy - targets * logProbabilities).reduced(reduction)
}
