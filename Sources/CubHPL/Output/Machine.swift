import Foundation

/// What the program ran on.
struct Machine: Codable, Equatable, Sendable {
  var cpu: String
  var cores: Int
  /// Threads that computed.
  var threads: Int
  var memoryGibibytes: Double
  var system: String
  /// The language version of the compiler.
  var swift: String
  /// `debug` or `release`.
  var build: String

  enum CodingKeys: String, CodingKey {
    case cpu, cores, threads, system, swift, build
    case memoryGibibytes = "memory_gib"
  }

  /// The machine that this process runs on.
  static func current(threads: Int) -> Machine {
    let process = ProcessInfo.processInfo
    let memory = Double(process.physicalMemory) / 1_073_741_824
    return Machine(
      cpu: cpuModel(), cores: process.activeProcessorCount, threads: threads,
      memoryGibibytes: (memory * 10).rounded() / 10, system: process.operatingSystemVersionString, swift: compiler,
      build: isDebug ? "debug" : "release")
  }

  /// One line for people.
  var description: String {
    let counts = "\(cores) \(cores == 1 ? "core" : "cores"), \(threads) \(threads == 1 ? "thread" : "threads")"
    return "\(cpu), \(counts), \(fixed(memoryGibibytes, 1)) GiB, \(system)"
  }

  private static func cpuModel() -> String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
    return model?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
  }

  private static var isDebug: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }

  private static var compiler: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #elseif compiler(>=6.2)
      "6.2"
    #else
      "6.1"
    #endif
  }
}
