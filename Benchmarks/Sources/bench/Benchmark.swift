import Collectives
import Foundation

/// What is timed: set up once, then run many times.
struct Work {
  /// How many times `run` does the thing whose time is reported.
  var repetitions = 1
  /// Floating-point operations of one repetition, where arithmetic is the limit.
  var flops: Double?
  /// Bytes that one repetition has to read and write at least, where memory is the limit.
  var bytes: Double?
  let run: () -> Void
}

/// A named piece of work at several sizes.
struct Benchmark: Sendable {
  let name: String
  /// Peak memory is of interest: `compare` then gives each size a process of its own.
  let measuresMemory: Bool
  /// Is for the ranks of a launcher: `Benchmarks/distributed` starts it, `compare` does not.
  let isDistributed: Bool
  private let sizes: [(label: String, make: @Sendable () -> Work)]

  /// Names a benchmark; a size is printed as its description.
  init<Size: Sendable>(
    _ name: String, measuresMemory: Bool = false, isDistributed: Bool = false, sizes: [Size],
    _ make: @escaping @Sendable (Size) -> Work
  ) {
    (self.name, self.measuresMemory, self.isDistributed) = (name, measuresMemory, isDistributed)
    self.sizes = sizes.map { size in ("\(size)", { @Sendable in make(size) }) }
  }

  /// The line that `--list` prints.
  var listing: String {
    let labels = sizes.map { "\"\($0.label)\"" }.joined(separator: ", ")
    return #"{"name": "\#(name)", "sizes": [\#(labels)], "measures_memory": \#(measuresMemory)}"#
  }

  /// Measures and prints all sizes, or the one asked for; returns how many.
  ///
  /// Under a launcher all ranks measure together: the time of a run is that of the slowest, and rank 0 prints.
  func run(size: String?, _ group: Group) -> Int {
    let chosen = sizes.filter { size == nil || $0.label == size }
    for (label, make) in chosen {
      Memory.forgetPeak()
      let before = Memory.resident
      let work = make()
      let seconds = medianSeconds(of: work.run, group) / Double(work.repetitions)
      var fields = [
        ("name", "\"\(name)\""), ("size", "\"\(label)\""), ("median_ms", number(seconds * 1e3)),
        ("peak_mib", number(Memory.peak)), ("work_mib", number(Memory.peak - before)),
      ]
      if let flops = work.flops { fields.append(("gflops", number(flops / seconds / 1e9))) }
      if let bytes = work.bytes { fields.append(("gbps", number(bytes / seconds / 1e9))) }
      if group.size > 1 {
        let peaks = group.gathered(number(Memory.peak)).joined(separator: ", ")
        fields += [
          ("ranks", "\(group.size)"), ("library", "\"\(group.library ?? "")\""), ("ranks_peak_mib", "[\(peaks)]"),
        ]
      }
      guard group.isFirst else { continue }
      print("{" + fields.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}")
      fflush(nil)
    }
    return chosen.count
  }

  private func number(_ value: Double) -> String { String(format: "%.6g", value) }
}

/// The median time of a run, after a warm-up: at least 5 runs and 1 second, or 3 runs where they are slow.
private func medianSeconds(of run: () -> Void, _ group: Group) -> Double {
  func seconds() -> Double {
    group.barrier()
    let own = ContinuousClock().measure(run) / .seconds(1)
    return group.gathered("\(own)").compactMap(Double.init).max()!
  }
  var warming = seconds()
  while warming < 0.2 { warming += seconds() }
  var times: [Double] = []
  var total = 0.0
  while times.count < 3 || (total < 1 || times.count < 5) && total < 10 {
    times.append(seconds())
    total += times.last!
  }
  times.sort()
  return (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
}
