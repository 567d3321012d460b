import Tensor

/// The cross-entropy of logits and labels: `−log softmax(logits)[label]`.
///
/// Logits `[…, classes]` and labels in the shape before the classes. `weights`, `[classes]`, count each class's samples more or
/// less, and the mean is theirs too. Samples of the ignored label, PyTorch's −100 unless given, count nowhere; where all are ignored
/// the mean is NaN. `smoothing` gives that share of each sample to all classes alike (Szegedy et al., 2016). Traps where
/// the shapes do not fit, and for a class that does not exist.
public func crossEntropy<Scalar: TensorScalar>(
  _ logits: Tensor<Scalar>, _ labels: Labels, weights: Tensor<Scalar>? = nil, ignoring ignored: Int? = -100,
  smoothing: Scalar = 0, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireClasses("crossEntropy", logits, labels, weights, file, line)
  return logLoss(
    "crossEntropy", logits.logSoftmax(along: -1), labels, weights, ignored, smoothing, reduction, file, line)
}

/// The cross-entropy of logits and the probabilities of each class: `−Σ probability · log softmax(logits)`.
///
/// Both `[…, classes]`; the mean divides by the number of samples, as in PyTorch, whatever the classes weigh. `weights` and
/// `smoothing` as for labels. Traps where the shapes do not fit.
public func crossEntropy<Scalar: TensorScalar>(
  _ logits: Tensor<Scalar>, _ probabilities: Tensor<Scalar>, weights: Tensor<Scalar>? = nil, smoothing: Scalar = 0,
  reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  require(logits.rank >= 1, "crossEntropy: a single number has no classes", file: file, line: line)
  requireOneShape("crossEntropy", logits, probabilities, file, line)
  let classes = logits.shape[logits.rank - 1]
  requireWeights("crossEntropy", weights, classes, file, line)
  requireSmoothing(smoothing, file, line)
  let wanted = smoothing == 0 ? probabilities : probabilities * (1 - smoothing) + smoothing / Scalar(classes)
  let terms = logits.logSoftmax(along: -1) * wanted
  return -(weights.map { terms * $0 } ?? terms).sum(along: -1).reduced(reduction)
}

/// The negative logarithm of each sample's own probability, where the logarithms of all are known.
///
/// Logarithms `[…, classes]` and labels in the shape before the classes; weights, ignored labels, means and traps as for `crossEntropy`.
public func nllLoss<Scalar: TensorScalar>(
  _ logProbabilities: Tensor<Scalar>, _ labels: Labels, weights: Tensor<Scalar>? = nil, ignoring ignored: Int? = -100,
  reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireClasses("nllLoss", logProbabilities, labels, weights, file, line)
  return logLoss("nllLoss", logProbabilities, labels, weights, ignored, 0, reduction, file, line)
}

/// The cross-entropy of single probabilities: `−target · log p − (1 − target) · log(1 − p)`, each logarithm at least −100.
///
/// `weights` broadcast against the elements. Where a logarithm is cut its gradient is 0; PyTorch's is up to 10¹² there. Rather
/// take `binaryCrossEntropyWithLogits`, which cuts nothing. Traps where the shapes differ, and for what is no probability.
public func binaryCrossEntropy<Scalar: TensorScalar>(
  _ probabilities: Tensor<Scalar>, _ targets: Tensor<Scalar>, weights: Tensor<Scalar>? = nil,
  reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("binaryCrossEntropy", probabilities, targets, file, line)
  requireWeights("binaryCrossEntropy", weights, targets, file, line)
  require(
    !((probabilities .< 0) .| (probabilities .> 1)).anyTrue,
    "binaryCrossEntropy: probabilities outside of 0...1; binaryCrossEntropyWithLogits takes logits", file: file,
    line: line)
  func logarithm(_ p: Tensor<Scalar>) -> Tensor<Scalar> {
    let isCut = log(p.detached) .< -100
    return log(p.replacing(with: 1, where: isCut)).replacing(with: -100, where: isCut)
  }
  let losses = -(targets * logarithm(probabilities) + (1 - targets) * logarithm(1 - probabilities))
  return (weights.map { losses * $0 } ?? losses).reduced(reduction)
}

/// The cross-entropy of single logits: `binaryCrossEntropy(sigmoid(logits), targets)`, without loss of digits.
///
/// `positiveWeights` count what is wanted more or less than what is not, `weights` all of it; both broadcast against the
/// elements. Traps where the shapes do not fit.
public func binaryCrossEntropyWithLogits<Scalar: TensorScalar>(
  _ logits: Tensor<Scalar>, _ targets: Tensor<Scalar>, weights: Tensor<Scalar>? = nil,
  positiveWeights: Tensor<Scalar>? = nil, reduction: Reduction = .mean, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("binaryCrossEntropyWithLogits", logits, targets, file, line)
  for given in [weights, positiveWeights] { requireWeights("binaryCrossEntropyWithLogits", given, targets, file, line) }
  let slopes = positiveWeights.map { ($0 - 1) * targets + 1 }
  let costs = softplus(-logits)
  let losses = (1 - targets) * logits + (slopes.map { $0 * costs } ?? costs)
  return (weights.map { losses * $0 } ?? losses).reduced(reduction)
}

/// The focal loss of single logits: their cross-entropy times `(1 − p)^γ`, where p is the probability of what is wanted (Lin et al., 2017).
///
/// `alpha` weighs what is wanted and `1 − alpha` what is not; nil weighs nothing. Not reduced unless asked for, as torchvision's. Traps where the shapes differ.
public func sigmoidFocalLoss<Scalar: TensorScalar>(
  _ logits: Tensor<Scalar>, _ targets: Tensor<Scalar>, alpha: Scalar? = 0.25, gamma: Scalar = 2,
  reduction: Reduction = .none, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireOneShape("sigmoidFocalLoss", logits, targets, file, line)
  let costs = binaryCrossEntropyWithLogits(logits, targets, reduction: .none, file: file, line: line)
  let missed = sigmoid(-logits) * targets + sigmoid(logits) * (1 - targets)
  let focused = costs * missed.raised(to: gamma)
  guard let alpha else { return focused.reduced(reduction) }
  let weights = targets * alpha + (1 - targets) * (1 - alpha)
  return (focused * weights).reduced(reduction)
}

/// What labels cost by the logarithms of their probabilities.
private func logLoss<Scalar: TensorScalar>(
  _ name: StaticString, _ logarithms: Tensor<Scalar>, _ labels: Labels, _ weights: Tensor<Scalar>?, _ ignored: Int?,
  _ smoothing: Scalar, _ reduction: Reduction, _ file: StaticString, _ line: UInt
) -> Tensor<Scalar> {
  requireSmoothing(smoothing, file, line)
  let classes = logarithms.shape[logarithms.rank - 1]
  let isIgnored = ignored.map { labels .== Tensor($0) }.flatMap { $0.anyTrue ? $0 : nil }
  let own = isIgnored == nil ? labels : Labels(labels.scalars.map { $0 == ignored ? 0 : $0 }, shape: labels.shape)
  if let label = own.scalars.first(where: { !(0..<classes).contains($0) }) {
    trap("\(name): no class \(label) among \(classes)", file: file, line: line)
  }
  func counted(_ losses: Tensor<Scalar>) -> Tensor<Scalar> {
    isIgnored.map { losses.replacing(with: 0, where: $0) } ?? losses
  }
  var losses = -logarithms.reshaped([own.count, classes]).pick(own.flattened()).reshaped(labels.shape)
  let shares = weights.map { counted($0.take(own)) }
  if let shares { losses = losses * shares }
  if smoothing != 0 {
    let all = -(weights.map { logarithms * $0 } ?? logarithms).sum(along: -1)
    losses = losses * (1 - smoothing) + all * (smoothing / Scalar(classes))
  }
  let total = shares?.sum() ?? isIgnored.map { Tensor(Scalar(labels.count - $0.trueCount)) }
  return counted(losses).reduced(reduction, total: total)
}

private func requireClasses<Scalar: TensorScalar>(
  _ name: StaticString, _ logits: Tensor<Scalar>, _ labels: Labels, _ weights: Tensor<Scalar>?, _ file: StaticString,
  _ line: UInt
) {
  require(
    logits.rank >= 1 && Array(logits.shape.dropLast()) == labels.shape,
    "\(name): logits \(logits.shape) [..., classes] do not fit labels \(labels.shape)", file: file, line: line)
  requireWeights(name, weights, logits.shape[logits.rank - 1], file, line)
}

private func requireWeights<Scalar: TensorScalar>(
  _ name: StaticString, _ weights: Tensor<Scalar>?, _ classes: Int, _ file: StaticString, _ line: UInt
) {
  require(
    weights == nil || weights!.shape == [classes],
    "\(name): weights \(weights!.shape) are not one for each of \(classes) classes", file: file, line: line)
}

private func requireSmoothing<Scalar: TensorScalar>(_ smoothing: Scalar, _ file: StaticString, _ line: UInt) {
  require((0...1).contains(smoothing), "crossEntropy: smoothing \(smoothing) is not in 0...1", file: file, line: line)
}
