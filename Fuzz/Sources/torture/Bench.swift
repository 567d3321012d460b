import Foundation

/// What a campaign works with: the job, a folder for each try, random numbers, and a place for what went wrong.
struct Bench {
  let name: String
  let workload: Workload
  let folder: Folder
  let tries: Int
  let keeps: Bool
  private(set) var done = 0
  private(set) var failures: [String] = []
  private var counts: [String: Int] = [:]
  private let seed: UInt64

  init(_ name: String, workload: Workload, folder: Folder, seed: UInt64, tries: Int, keeps: Bool) {
    (self.name, self.workload, self.folder, self.tries) = (name, workload, folder, tries)
    (self.seed, self.keeps) = (seed, keeps)
  }

  var program: Program { workload.program }

  /// How the tries ended, such as `12 × status 1`.
  var tally: String { counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }.joined(separator: ", ") }

  /// Does `body` with an empty folder and the try's own random numbers; what it returns is why the try failed, if it did.
  mutating func attempt(
    _ number: Int, _ body: (Folder, inout Dice, (String) -> Void) throws -> String?
  ) throws {
    let folder = folder.sub("\(number)")
    folder.remove()
    try folder.make()
    var dice = Dice(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
    var ends: [String] = []
    let reason = try body(folder, &dice) { ends.append($0) }
    for end in ends { counts[end, default: 0] += 1 }
    done += 1
    if let reason { failures.append("try \(number): \(reason)" + (keeps ? "; see \(folder.path)" : "")) }
    if !keeps || reason == nil { folder.remove() }
  }
}

/// Random numbers of one try.
struct Dice: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }
  mutating func pick<T>(_ all: [T]) -> T { all[below(all.count)] }
}

extension Program.Outcome {
  /// How it ended, for the tally.
  var endText: String {
    switch end {
    case .status(let status): "status \(status)"
    case .signal(let signal): "signal \(signal)"
    case .hanging: "hanging"
    }
  }

  /// Why the end is none that a user should see: nil where the status is one of those allowed and a failure said so in one line.
  func objection(allowed: Set<Int32>) -> String? {
    guard case .status(let status) = end else {
      return "\(endText) after \(Int(seconds)) s: \(errorText.suffix(300))"
    }
    guard allowed.contains(status) else { return "status \(status): \(errorText.suffix(300))" }
    let raw = (outputText + errorText).unicodeScalars.first {
      switch $0.value {
      case 10: false
      case 0..<32, 127..<160, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
    if let raw { return "control character \(raw.value) raw in what it said: \(errorText.suffix(300))" }
    guard status != 0 else { return nil }
    let lines = errorText.split(separator: "\n", omittingEmptySubsequences: true).filter { $0.hasPrefix("cub-hpl:") }
    if lines.count != 1 { return "\(lines.count) lines of error with status \(status): \(errorText.suffix(300))" }
    if errorText.contains("Fatal error") || errorText.contains("Stack dump") {
      return "a trap: \(errorText.suffix(300))"
    }
    if lines[0].utf8.count > 2000 { return "a line of \(lines[0].utf8.count) bytes" }
    return nil
  }
}
