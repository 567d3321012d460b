import Synchronization
import Tensor

/// The numbers that losses tell by `logNumber`, and their means.
///
/// `cub-hpl` collects what every loss tells while it trains, and shows the mean of each epoch with the other curves. A loop of your
/// own does the same:
///
/// ```swift
/// let log = LossLog()
/// for batch in batches {
///   optimizer.step { log.collecting { loss(model(batch.images), labels: batch.labels) } }
/// }
/// print(log.means)
/// ```
public final class LossLog: Sendable {
  private struct Sum {
    var total = 0.0
    var count = 0
    var isFinite = true
  }

  /// Who collects, and what comes behind each name.
  private struct Place {
    let log: LossLog
    var suffix = ""
  }

  /// One for each log that collects, the outermost first.
  @TaskLocal private static var places: [Place] = []
  private let sums = Mutex<[String: Sum]>([:])

  /// Makes a log without numbers.
  public init() {}

  /// Does something, and takes the numbers that are logged meanwhile on the same thread or task.
  ///
  /// A log that is collecting around it takes them as well. What a checkpointed block logs counts once, though it is run twice.
  public func collecting<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard !Self.places.contains(where: { $0.log === self }) else { return try body() }
    return try Self.$places.withValue(Self.places + [Place(log: self)]) { try body() }
  }

  /// The mean of each number since the beginning or the last `reset()`, over those that are neither NaN nor infinite.
  public var means: [String: Double] {
    sums.withLock { $0.filter { $0.value.count > 0 }.mapValues { $0.total / Double($0.count) } }
  }

  /// The names under which a NaN or an infinity was logged, which no mean has.
  public var notFinite: Set<String> { sums.withLock { Set($0.filter { !$0.value.isFinite }.keys) } }

  /// Forgets all numbers.
  public func reset() { sums.withLock { $0 = [:] } }

  /// Does something whose numbers are those of a level, classes first: above the classes `/level_1` and so on follow their names.
  static func onLevel<Result>(_ level: Int, _ body: () throws -> Result) rethrows -> Result {
    guard level > 0, !places.isEmpty else { return try body() }
    return try $places.withValue(places.map { Place(log: $0.log, suffix: "/level_\(level)") }) { try body() }
  }

  fileprivate static func add(_ name: String, _ value: () -> Double) {
    replayed {
      guard !places.isEmpty else { return }
      let value = value()
      for place in places { place.log.add(name + place.suffix, value) }
    }
  }

  private func add(_ name: String, _ value: Double) {
    sums.withLock { sums in
      var sum = sums[name, default: Sum()]
      if value.isFinite {
        sum.total += value
        sum.count += 1
      } else {
        sum.isFinite = false
      }
      sums[name] = sum
    }
  }
}

/// Tells a number of the batch to whoever trains, such as how hard its hardest negatives are: in a loss of your own, its miner or
/// its reducer.
///
/// `cub-hpl` writes the mean of each epoch to `curves.csv`, for TensorBoard, to `results.json` and into the report; a loop of your own
/// collects it with a `LossLog`. Where nobody collects, nothing happens. In a `HierarchicalProxyLoss` the names that a level above the
/// classes logs end in `/level_1` and so on. It is a function because a method `log` would hide the logarithm in every loss.
///
/// Traps unless `value` is a single number.
public func logNumber<Scalar: TensorScalar>(
  _ name: String, _ value: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) {
  require(
    value.count == 1, "logNumber: '\(name)' of shape \(value.shape) is not a single number", file: file, line: line)
  LossLog.add(name) { Double(value.detached.item) }
}

/// The same of a number that is no tensor.
public func logNumber(_ name: String, _ value: some BinaryFloatingPoint) { LossLog.add(name) { Double(value) } }
