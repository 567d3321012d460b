import Tensor

/// L-BFGS (Liu and Nocedal, 1989), as PyTorch defines it: Newton's method whose curvature is learned from the last steps.
///
/// For smooth losses of all the data, such as fits with few parameters. A step makes many iterations, and needs the loss more than
/// once: the closure must give the same for the same parameters.
///
/// ```swift
/// let optimizer = LBFGS(model.parameters, lineSearch: .strongWolfe)
/// for _ in 0..<10 { optimizer.step { meanSquaredError(model(x), y) } }
/// ```
public final class LBFGS<Scalar: TensorScalar> {
  /// How far along its direction an iteration goes.
  public enum LineSearch: Sendable {
    /// The learning rate's share of the direction.
    case fixed
    /// So far that the loss falls enough and its slope is flat enough (Nocedal and Wright, 3.5), starting at the learning rate.
    case strongWolfe
  }

  /// The parameters, which the optimizer sees as one vector.
  public let parameters: [NamedParameter<Scalar>]
  /// The share of the direction that an iteration goes, or starts to search at.
  public var learningRate: Double
  /// The most iterations of a step.
  public let iterations: Int
  /// From how many evaluations of the loss on a step ends.
  public let evaluations: Int
  /// No element of the gradient is greater where a step ends.
  public let gradientTolerance: Double
  /// A step ends where no parameter, or not the loss, changes by more.
  public let changeTolerance: Double
  /// How many iterations the curvature is learned from.
  public let historySize: Int
  /// How far an iteration goes.
  public let lineSearch: LineSearch
  /// The number of steps taken.
  public internal(set) var stepCount = 0
  /// What the last iterations have found; nil before the first.
  var memory: Memory?

  /// What is kept from iteration to iteration.
  struct Memory {
    /// The gradient that the last direction was made of.
    var gradient: Tensor<Scalar>
    var direction: Tensor<Scalar>
    /// The share of the direction that was gone.
    var length: Double
    /// Changes of the gradient and of the parameters, the oldest first.
    var gradientChanges: [Tensor<Scalar>] = []
    var changes: [Tensor<Scalar>] = []
    /// The diagonal of the inverse Hessian that the history changes.
    var scale = 1.0
  }

  /// Makes the optimizer with PyTorch's defaults; `evaluations` are a quarter more than `iterations` where they are not given.
  ///
  /// Traps for parameters of which each rank has some rows.
  public init(
    _ parameters: [NamedParameter<Scalar>], learningRate: Double = 1, iterations: Int = 20, evaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100,
    lineSearch: LineSearch = .fixed, file: StaticString = #fileID, line: UInt = #line
  ) {
    let sharded = parameters.first { $0.parameter.shard != nil }
    require(
      sharded == nil, "LBFGS: each rank has rows of its own of '\(sharded?.name ?? "")'", file: file, line: line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.iterations = iterations
    self.evaluations = evaluations ?? iterations * 5 / 4
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
    self.lineSearch = lineSearch
  }

  /// Lowers a loss by some iterations, for which it is made and walked back again and again; returns the loss before, as a constant.
  ///
  /// Traps where no gradient arrives at any of the parameters, unless `allowsNoGradients`; gradients of others are ignored.
  @discardableResult
  public func step(
    allowsNoGradients: Bool = false, file: StaticString = #fileID, line: UInt = #line,
    _ loss: () throws -> Tensor<Scalar>
  ) rethrows -> Tensor<Scalar> {
    func evaluate() throws -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>) {
      let (value, gradients) = try valueWithGradients(
        allowsUntracked: allowsNoGradients, file: file, line: line, of: loss)
      let arrived = trainable.map { $0.gradient(in: gradients) }
      require(
        allowsNoGradients || arrived.contains { $0 != nil },
        "LBFGS: no gradient has arrived at any of the \(parameters.count) parameter(s); pass allowsNoGradients: true if nothing is "
          + "to change", file: file, line: line)
      let parts = zip(trainable, arrived).map { $1?.flattened() ?? .zeros([$0.value.count]) }
      return (value, parts.isEmpty ? .zeros([0]) : .concatenated(parts))
    }
    let first = try evaluate()
    stepCount += 1
    try iterate(from: first, evaluate)
    return first.value
  }

  private var trainable: [Parameter<Scalar>] { parameters.map(\.parameter).filter(\.isTrainable) }

  private func iterate(
    from first: (value: Tensor<Scalar>, gradient: Tensor<Scalar>),
    _ evaluate: () throws -> (value: Tensor<Scalar>, gradient: Tensor<Scalar>)
  ) rethrows {
    var (value, gradient) = (Double(first.value.item), first.gradient)
    guard greatest(gradient) > gradientTolerance else { return }
    var count = 1
    for iteration in 1...max(iterations, 1) {
      let isFirst = memory == nil
      learn(gradient)
      let direction = memory!.direction
      var length = isFirst ? min(1, 1 / Double(abs(gradient).sum().item)) * learningRate : learningRate
      let slope = Double(gradient.dot(direction).item)
      defer { memory!.length = length }
      if slope > -changeTolerance { return }
      let before = value
      let start = trainable.map { $0.value.detached }
      switch lineSearch {
      case .strongWolfe:
        let origin = LinePoint(length: 0, value: value, gradient: gradient, slope: slope)
        let (found, evaluated) = try wolfePoint(
          from: origin, length: length, tolerance: changeTolerance / greatest(direction), limit: evaluations - count
        ) { length in
          move(from: start, along: direction, by: length)
          let (value, gradient) = try evaluate()
          return LinePoint(
            length: length, value: Double(value.item), gradient: gradient, slope: Double(gradient.dot(direction).item))
        }
        (value, gradient, length) = (found.value, found.gradient, found.length)
        count += evaluated
        move(from: start, along: direction, by: length)
      case .fixed:
        move(from: start, along: direction, by: length)
        if iteration == iterations { return }
        let new = try evaluate()
        (value, gradient) = (Double(new.value.item), new.gradient)
        count += 1
      }
      if count >= evaluations || greatest(gradient) <= gradientTolerance { return }
      if greatest(direction * Scalar(length)) <= changeTolerance || abs(value - before) < changeTolerance { return }
    }
  }

  /// Makes the next direction, of a gradient and, after the first one, of what it says about the curvature.
  private func learn(_ gradient: Tensor<Scalar>) {
    guard var memory else {
      memory = Memory(gradient: gradient, direction: -gradient, length: 0)
      return
    }
    let (gradientChange, change) = (gradient - memory.gradient, memory.direction * Scalar(memory.length))
    let product = gradientChange.dot(change).item
    if product > 1e-10 {
      if memory.changes.count == historySize {
        memory.changes.removeFirst()
        memory.gradientChanges.removeFirst()
      }
      memory.gradientChanges.append(gradientChange)
      memory.changes.append(change)
      memory.scale = Double(product / gradientChange.dot(gradientChange).item)
    }
    // The inverse Hessian times the gradient, by two loops over the history.
    let history = zip(memory.changes, memory.gradientChanges).map {
      (change: $0, gradient: $1, inverse: 1 / $1.dot($0).item)
    }
    var direction = -gradient
    var shares: [Scalar] = []
    for part in history.reversed() {
      shares.append(part.change.dot(direction).item * part.inverse)
      direction = direction - part.gradient * shares.last!
    }
    direction = direction * Scalar(memory.scale)
    for (part, share) in zip(history, shares.reversed()) {
      direction = direction + part.change * (share - part.gradient.dot(direction).item * part.inverse)
    }
    (memory.direction, memory.gradient) = (direction, gradient)
    self.memory = memory
  }

  private func greatest(_ x: Tensor<Scalar>) -> Double { x.count == 0 ? 0 : Double(abs(x).max().item) }

  /// Puts the parameters at a place on a line.
  private func move(from start: [Tensor<Scalar>], along direction: Tensor<Scalar>, by length: Double) {
    var offset = 0
    for (parameter, value) in zip(trainable, start) {
      let part = direction[offset..<offset + value.count].reshaped(value.shape)
      parameter.update(value + part * Scalar(length))
      offset += value.count
    }
  }
}
