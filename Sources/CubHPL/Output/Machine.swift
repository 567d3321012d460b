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
  /// Where the ranks were, by rank; nil for one process.
  var hosts: [String]?

  enum CodingKeys: String, CodingKey {
    case cpu, cores, threads, system, swift, build, hosts
    case memoryGibibytes = "memory_gib"
  }

  /// The machine that this process runs on; `hosts` where several ranks work together.
  static func current(threads: Int, hosts: [String]? = nil) -> Machine {
    let process = ProcessInfo.processInfo
    let memory = Double(process.physicalMemory) / 1_073_741_824
    return Machine(
      cpu: cpuModel(), cores: process.activeProcessorCount, threads: threads,
      memoryGibibytes: (memory * 10).rounded() / 10, system: process.operatingSystemVersionString, swift: compiler,
      build: isDebug ? "debug" : "release", hosts: hosts)
  }

  /// How many ranks are on each host, in the order of the ranks: `4 on a, 4 on b`.
  static func counted(_ hosts: [String]) -> String {
    var names: [String] = []
    for host in hosts where !names.contains(host) { names.append(host) }
    return names.map { name in "\(hosts.count { $0 == name }) on \(name)" }.joined(separator: ", ")
  }

  /// One line for people.
  var description: String {
    let counts = "\(cores) \(cores == 1 ? "core" : "cores"), \(threads) \(threads == 1 ? "thread" : "threads")"
    let ranks = hosts.map { "; \($0.count) ranks, \(Self.counted($0)), each with these threads" } ?? ""
    return "\(cpu), \(counts), \(fixed(memoryGibibytes, 1)) GiB, \(system)\(ranks)"
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
