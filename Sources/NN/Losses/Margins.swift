import Tensor

/// A distance itself where the target is 1, and what it lacks to the margin where it is −1.
///
/// Any other target adds both, as in PyTorch. Traps where the shapes differ.
public func hingeEmbeddingLoss<Scalar: TensorScalar>(
  _ distances: Tensor<Scalar>, _ targets: Tensor<Scalar>, margin: Scalar = 1, reduction: Reduction = .mean,
  file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("hingeEmbeddingLoss", distances, targets, file, line)
  let near = distances.replacing(with: 0, where: targets .== -1)
  let far = relu(margin - distances).replacing(with: 0, where: targets .== 1)
  return (near + far).reduced(reduction)
}

/// What each other class's score lacks to stay a margin below the own one, to a power: `Σ max(0, margin − own + other)ᵖ / classes`.
///
/// Scores `[batch, classes]` and labels `[batch]`; a sample counts by the weight of its class, which the mean does not divide by, as in
/// PyTorch. Traps where the shapes do not fit, for a class that does not exist, and unless the power is 1 or 2.
public func multiMarginLoss<Scalar: TensorScalar>(
  _ scores: Tensor<Scalar>, _ labels: Labels, power: Int = 1, margin: Scalar = 1, weights: Tensor<Scalar>? = nil,
  reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  require(
    scores.rank == 2 && labels.shape == [scores.shape[0]] && (weights == nil || weights!.shape == [scores.shape[1]]),
    "multiMarginLoss: scores \(scores.shape) [batch, classes] do not fit labels \(labels.shape)"
      + (weights.map { " and weights \($0.shape)" } ?? ""), file: file, line: line)
  require(power == 1 || power == 2, "multiMarginLoss: power \(power) is not 1 or 2", file: file, line: line)
  let own = scores.pick(labels, file: file, line: line).unsqueezed(1)
  let lacking = relu(scores - own + margin).masked(labels, by: 0)
  let losses = (power == 1 ? lacking : square(lacking)).sum(along: 1) / Scalar(scores.shape[1])
  return (weights.map { losses * $0.take(labels) } ?? losses).reduced(reduction)
}

/// One less the cosine of each pair of rows where the target is 1, and where it is −1 what the cosine exceeds the margin by.
///
/// Rows `[batch, dimensions]` and targets `[batch]`. Traps where the shapes do not fit.
public func cosineEmbeddingLoss<Scalar: TensorScalar>(
  _ first: Tensor<Scalar>, _ second: Tensor<Scalar>, _ targets: Tensor<Scalar>, margin: Scalar = 0,
  reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  require(
    first.rank >= 1 && first.shape == second.shape && Array(first.shape.dropLast()) == targets.shape,
    "cosineEmbeddingLoss: \(first.shape) and \(second.shape) [batch, dimensions] do not fit targets \(targets.shape)",
    file: file, line: line)
  func squares(_ x: Tensor<Scalar>) -> Tensor<Scalar> { square(x).sum(along: -1) + 1e-12 }
  let cosines = (first * second).sum(along: -1) * rsqrt(squares(first) * squares(second))
  let near = (1 - cosines).replacing(with: 0, where: targets .!= 1)
  let far = relu(cosines - margin).replacing(with: 0, where: targets .!= -1)
  return (near + far).reduced(reduction)
}
