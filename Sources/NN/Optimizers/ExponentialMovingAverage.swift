import Collectives
import Tensor
import TensorFiles

/// A moving average of a module's weights and statistics, which often evaluates better than the last weights; what the module remembers
/// is taken as it is.
///
/// Update it after every step of the optimizer: `average = d · average + (1 − d) · value` with `d = min(decay, (1 + n)/(10 + n))`
/// after `n` updates, so that the first weights are soon forgotten (as in TensorFlow).
///
/// ```swift
/// let average = ExponentialMovingAverage(of: model, decay: 0.999)
/// // after each step: average.update()
/// let embeddings = average.applied { model(images) }
/// ```
public final class ExponentialMovingAverage<Scalar: TensorScalar> {
  /// How much of the average each update keeps in the long run.
  public let decay: Double
  /// The number of updates.
  public private(set) var updates = 0
  private let parameters: [NamedParameter<Scalar>]
  private var averages: [Tensor<Scalar>]

  /// Starts at the module's values; traps unless the decay is from 0 to 1.
  public init(of module: some Module<Scalar>, decay: Double, file: StaticString = #fileID, line: UInt = #line) {
    require(
      (0...1).contains(decay), "ExponentialMovingAverage: a decay of \(decay) is not from 0 to 1", file: file,
      line: line)
    self.decay = decay
    parameters = module.state
    averages = parameters.map { $0.parameter.value.detached }
  }

  /// Moves the averages towards the values that the module has now.
  public func update() {
    let kept = Scalar(min(decay, Double(1 + updates) / Double(10 + updates)))
    withoutRecording {
      for (index, named) in parameters.enumerated() {
        let value = named.parameter.value
        averages[index] =
          named.parameter.role == .memory ? value.detached : averages[index] * kept + value * (1 - kept)
      }
    }
    updates += 1
  }

  /// Runs `body` while the module has the averages, then gives it back its own values, also where `body` throws.
  public func applied<Result>(_ body: () throws -> Result) rethrows -> Result {
    let own = parameters.map { $0.parameter.value.detached }
    apply()
    defer { for (named, value) in zip(parameters, own) { named.parameter.update(value) } }
    return try body()
  }

  /// Gives the module the averages for good.
  public func apply() {
    for (named, average) in zip(parameters, averages) { named.parameter.update(average) }
  }

  /// Gives every rank the mean of the ranks' averages of running statistics, as `Module.averageStatistics(over:)` does with these.
  public func averageStatistics(over group: Group) {
    guard group.size > 1 else { return }
    for (index, named) in parameters.enumerated() where named.parameter.role == .statistic {
      averages[index] = group.mean(averages[index])
    }
  }

  /// Adds the averages, by the names of the module, and the number of updates to a set of tensors.
  public func save(into file: inout Safetensors, prefix: String = "ema.") {
    file.set(Tensor([updates]), for: prefix + "updates")
    for (named, average) in zip(parameters, averages) { file.set(average, for: prefix + named.name) }
  }

  /// Takes what `save(into:prefix:)` adds, strictly.
  ///
  /// Throws `StateError` or `TensorFileError` and then changes nothing.
  public func load(_ file: Safetensors, prefix: String = "ema.") throws {
    let count: Tensor<Int> = try file.tensor(prefix + "updates")
    guard count.shape == [1] else {
      throw StateError(
        source: file.source, missing: [], unexpected: [],
        misshapen: ["\(prefix)updates (expected [1], found \(count.shape))"])
    }
    let updates = try validCount(count.item, in: file, prefix + "updates")
    var loaded: [Tensor<Scalar>] = []
    try NN.load(
      parameters.map { (prefix + $0.name, $0.parameter.shape, { tensor, _, _ in loaded.append(tensor) }) }, from: file,
      prefix: prefix, alsoKnown: [prefix + "updates"])
    (averages, self.updates) = (loaded, updates)
  }
}
