import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an epoch took: seconds by part, and memory.
struct EpochCost: Codable, Equatable, Sendable {
  /// Waiting for pictures, which are made ready meanwhile.
  var data = 0.0
  /// The network and the loss.
  var forward = 0.0
  /// The gradients.
  var backward = 0.0
  /// The sum of the gradients over the ranks, the optimiser, and averages of the weights.
  var step = 0.0
  /// Measuring the validation classes or the probe.
  var evaluation = 0.0
  /// What is left, such as clustering and the accuracies; without the writing of the checkpoint.
  var other = 0.0
  /// The most memory that the process has had so far, in mebibytes.
  var peakMebibytes = 0.0

  enum CodingKeys: String, CodingKey {
    case data, forward, backward, step, evaluation, other
    case peakMebibytes = "peak_mib"
  }

  /// The parts that seconds are counted for, and what tables call them.
  static let parts: [(title: String, seconds: WritableKeyPath<EpochCost, Double> & Sendable)] = [
    ("pictures", \.data), ("forward", \.forward), ("backward", \.backward), ("step", \.step),
    ("evaluation", \.evaluation), ("other", \.other),
  ]

  /// The seconds of all parts.
  var seconds: Double { Self.parts.reduce(0) { $0 + self[keyPath: $1.seconds] } }

  /// The numbers under the names that TensorBoard groups them by.
  var series: [(tag: String, value: Double)] {
    Self.parts.map { ("seconds/\($0.title)", self[keyPath: $0.seconds]) } + [("memory/peak_mib", peakMebibytes)]
  }

  /// The most memory that this process has had, in mebibytes.
  static var peakMebibytesNow: Double {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, which Glibc's module has as another type
    // Linux counts in KiB, macOS in bytes.
    #if canImport(Darwin)
      return Double(usage.ru_maxrss) / 1_048_576
    #else
      return Double(usage.ru_maxrss) / 1024
    #endif
  }
}

/// A watch that gives the time since it was last read to one part after another.
struct EpochWatch {
  private(set) var cost = EpochCost()
  private var last = Progress.now()

  /// Counts the time since the last call for a part.
  mutating func count(_ part: WritableKeyPath<EpochCost, Double>) {
    let now = Progress.now()
    cost[keyPath: part] += now - last
    last = now
  }

  /// What the epoch took until now; what no part has is `other`.
  mutating func finished() -> EpochCost {
    count(\.other)
    cost.peakMebibytes = EpochCost.peakMebibytesNow
    return cost
  }
}
