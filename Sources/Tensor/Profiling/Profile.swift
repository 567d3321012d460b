/// Where the time of a computation goes: calls, time, GFLOP/s and GB/s of each operation, forward and backward.
///
/// ```swift
/// let profile = Profile()
/// profile.measure { optimizer.step { loss(model(images), labels: labels) } }
/// print(profile)
/// try profile.writeTrace(to: "step.json")
/// ```
///
/// It sees the operations of the thread that calls `measure`, each with all the threads that work for it. An operation's time begins
/// where the one before it ended, so that nothing is left out; time that belongs to no operation gets a name of its own
/// from `mark(_:)`. Not to be used from two threads at once.
public final class Profile {
  /// What one operation took in one direction.
  public struct Row: Sendable {
    /// The operation's recorded name, such as `matmul`, or that of a mark.
    public let operation: String
    /// Whether it ran in a pullback.
    public let isBackward: Bool
    /// How often it ran.
    public internal(set) var calls = 0
    /// The time of all calls.
    public internal(set) var seconds = 0.0
    /// Multiplications and additions of matrix products and convolutions; 0 for everything else.
    public internal(set) var operations = 0.0
    /// The bytes of inputs and outputs, each counted once; 0 for views and where they are not known.
    public internal(set) var bytes = 0.0
  }

  /// One entry of a trace; times in nanoseconds of the system's clock.
  package struct Call {
    package let name: String
    package let isBackward: Bool
    package let start: UInt64
    package internal(set) var end: UInt64
    package let shape: [Int]
  }

  private let recorder: ProfileRecorder

  /// Makes an empty profile; a trace of it holds the first `tracedCalls` calls.
  public init(tracedCalls: Int = 100_000) { recorder = ProfileRecorder(tracedCalls: tracedCalls) }

  /// Runs `body` and adds to the profile what its operations take.
  public func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
    recorder.start()
    defer { recorder.mark("rest") }
    return try recorder.observing(body)
  }

  /// Names the time since the thread's last operation, where a profile is being measured; otherwise does nothing.
  ///
  /// For what is no operation: `Profile.mark("wait for pictures")` after waiting.
  public static func mark(_ name: String) { (TapeObserver.current as? ProfileRecorder)?.mark(name) }

  /// What each operation took, the longest first.
  public var rows: [Row] { recorder.rows.values.sorted { ($0.seconds, $0.operation) > ($1.seconds, $1.operation) } }

  /// All the time that was measured.
  public var seconds: Double { recorder.rows.values.reduce(0) { $0 + $1.seconds } }

  /// The calls in order, with the time since the first one began.
  package var calls: [Call] { recorder.calls }
}

extension Profile: CustomStringConvertible {
  /// A table with a line an operation, the longest first, at most 30.
  public var description: String {
    let (all, rows) = (max(seconds, 1e-9), rows)
    var lines = [["operation", "pass", "calls", "ms", "%", "GFLOP/s", "GB/s"]]
    func rate(_ amount: Double, _ seconds: Double) -> String {
      amount == 0 ? "–" : decimal(amount / max(seconds, 1e-9) / 1e9)
    }
    for row in rows.prefix(30) {
      lines.append([
        row.operation, row.isBackward ? "backward" : "forward", "\(row.calls)", decimal(row.seconds * 1e3),
        decimal(row.seconds / all * 100), rate(row.operations, row.seconds), rate(row.bytes, row.seconds),
      ])
    }
    if rows.count > 30 {
      let others = rows.dropFirst(30).reduce(0) { $0 + $1.seconds }
      lines.append(["\(rows.count - 30) others", "", "", decimal(others * 1e3), decimal(others / all * 100), "", ""])
    }
    let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max()! }
    return lines.map { line in
      line.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - line[column].count)
        return column < 2 ? line[column] + space : space + line[column]
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// One digit after the point.
  private func decimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
