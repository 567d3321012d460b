import Tensor

// The functions of the same subjects, with their options kept: what PyTorch has as layers. Nothing is computed here.

/// The cross-entropy of logits and labels, or the probabilities of classes: `crossEntropy` with its options kept.
public struct CrossEntropyLoss<Scalar: TensorScalar>: Module {
  /// What each class counts, `[classes]`; nil for all alike.
  public var weights: Tensor<Scalar>?
  /// The label of samples that do not count.
  public var ignored: Int?
  /// The share of each sample that all classes get alike.
  public var smoothing: Scalar
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(
    weights: Tensor<Scalar>? = nil, ignoring ignored: Int? = -100, smoothing: Scalar = 0, reduction: Reduction = .mean
  ) {
    (self.weights, self.ignored, self.smoothing, self.reduction) = (weights, ignored, smoothing, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    crossEntropy(
      predictions, targets, weights: weights, ignoring: ignored, smoothing: smoothing, reduction: reduction, file: file,
      line: line)
  }

  /// The loss of the probabilities of classes; what is ignored is a label.
  ///
  /// Traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    crossEntropy(
      predictions, targets, weights: weights, smoothing: smoothing, reduction: reduction, file: file, line: line)
  }
}

/// The negative logarithm of each sample's own probability: `nllLoss` with its options kept.
public struct NLLLoss<Scalar: TensorScalar>: Module {
  /// What each class counts, `[classes]`; nil for all alike.
  public var weights: Tensor<Scalar>?
  /// The label of samples that do not count.
  public var ignored: Int?
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(weights: Tensor<Scalar>? = nil, ignoring ignored: Int? = -100, reduction: Reduction = .mean) {
    (self.weights, self.ignored, self.reduction) = (weights, ignored, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    nllLoss(predictions, targets, weights: weights, ignoring: ignored, reduction: reduction, file: file, line: line)
  }
}

/// The cross-entropy of single probabilities: `binaryCrossEntropy` with its options kept.
public struct BCELoss<Scalar: TensorScalar>: Module {
  /// What each element counts; nil for all alike.
  public var weights: Tensor<Scalar>?
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(weights: Tensor<Scalar>? = nil, reduction: Reduction = .mean) {
    (self.weights, self.reduction) = (weights, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    binaryCrossEntropy(predictions, targets, weights: weights, reduction: reduction, file: file, line: line)
  }
}

/// The cross-entropy of single logits: `binaryCrossEntropyWithLogits` with its options kept.
public struct BCEWithLogitsLoss<Scalar: TensorScalar>: Module {
  /// What each element counts; nil for all alike.
  public var weights: Tensor<Scalar>?
  /// What an element that is wanted counts; nil for as much as another.
  public var positiveWeights: Tensor<Scalar>?
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(weights: Tensor<Scalar>? = nil, positiveWeights: Tensor<Scalar>? = nil, reduction: Reduction = .mean) {
    (self.weights, self.positiveWeights, self.reduction) = (weights, positiveWeights, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    binaryCrossEntropyWithLogits(
      predictions, targets, weights: weights, positiveWeights: positiveWeights, reduction: reduction, file: file,
      line: line)
  }
}

/// The squared differences: `mseLoss` with its options kept.
public struct MSELoss<Scalar: TensorScalar>: Module {
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(reduction: Reduction = .mean) {
    self.reduction = reduction
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    mseLoss(predictions, targets, reduction: reduction, file: file, line: line)
  }
}

/// The absolute differences: `l1Loss` with its options kept.
public struct L1Loss<Scalar: TensorScalar>: Module {
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(reduction: Reduction = .mean) {
    self.reduction = reduction
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    l1Loss(predictions, targets, reduction: reduction, file: file, line: line)
  }
}

/// Squared differences that go on as a line: `huberLoss` with its options kept.
public struct HuberLoss<Scalar: TensorScalar>: Module {
  /// Where the line begins.
  public var delta: Scalar
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(delta: Scalar = 1, reduction: Reduction = .mean) {
    (self.delta, self.reduction) = (delta, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    huberLoss(predictions, targets, delta: delta, reduction: reduction, file: file, line: line)
  }
}

/// Absolute differences that begin as squares: `smoothL1Loss` with its options kept.
public struct SmoothL1Loss<Scalar: TensorScalar>: Module {
  /// Where the squares end.
  public var beta: Scalar
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(beta: Scalar = 1, reduction: Reduction = .mean) {
    (self.beta, self.reduction) = (beta, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    smoothL1Loss(predictions, targets, beta: beta, reduction: reduction, file: file, line: line)
  }
}

/// The Kullback–Leibler divergence of what is wanted from what is predicted: `klDivergence` with its options kept.
public struct KLDivLoss<Scalar: TensorScalar>: Module {
  /// Whether targets are logarithms of probabilities too.
  public var targetsAreLogarithms: Bool
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(targetsAreLogarithms: Bool = false, reduction: Reduction = .mean) {
    (self.targetsAreLogarithms, self.reduction) = (targetsAreLogarithms, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    klDivergence(
      predictions, targets, targetsAreLogarithms: targetsAreLogarithms, reduction: reduction, file: file, line: line)
  }
}

/// Distances of what belongs together, and what others lack to a margin: `hingeEmbeddingLoss` with its options kept.
public struct HingeEmbeddingLoss<Scalar: TensorScalar>: Module {
  /// The margin.
  public var margin: Scalar
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(margin: Scalar = 1, reduction: Reduction = .mean) {
    (self.margin, self.reduction) = (margin, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    hingeEmbeddingLoss(predictions, targets, margin: margin, reduction: reduction, file: file, line: line)
  }
}

/// What other classes' scores lack to stay a margin below the own one: `multiMarginLoss` with its options kept.
public struct MultiMarginLoss<Scalar: TensorScalar>: Module {
  /// To which power: 1 or 2.
  public var power: Int
  /// The margin.
  public var margin: Scalar
  /// What each class counts, `[classes]`; nil for all alike.
  public var weights: Tensor<Scalar>?
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(power: Int = 1, margin: Scalar = 1, weights: Tensor<Scalar>? = nil, reduction: Reduction = .mean) {
    (self.power, self.margin, self.weights, self.reduction) = (power, margin, weights, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ predictions: Tensor<Scalar>, _ targets: Labels, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    multiMarginLoss(
      predictions, targets, power: power, margin: margin, weights: weights, reduction: reduction, file: file, line: line
    )
  }
}

/// Cosines of pairs that belong together, or do not: `cosineEmbeddingLoss` with its options kept.
public struct CosineEmbeddingLoss<Scalar: TensorScalar>: Module {
  /// What the cosine of others may be.
  public var margin: Scalar
  /// What becomes of the single losses.
  public var reduction: Reduction

  /// Keeps the options.
  public init(margin: Scalar = 0, reduction: Reduction = .mean) {
    (self.margin, self.reduction) = (margin, reduction)
  }

  /// The loss; traps as the function does.
  public func callAsFunction(
    _ first: Tensor<Scalar>, _ second: Tensor<Scalar>, _ targets: Tensor<Scalar>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Scalar> {
    cosineEmbeddingLoss(first, second, targets, margin: margin, reduction: reduction, file: file, line: line)
  }
}
