import Foundation

/// The process's memory in MiB, as Linux states it.
enum Memory {
  static var resident: Double { status("VmRSS:") }

  /// The most that was resident since the start or `forgetPeak`.
  static var peak: Double { status("VmHWM:") }

  /// Starts a new measurement of the peak.
  static func forgetPeak() { try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }

  private static func status(_ key: String) -> Double {
    let lines = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n") ?? []
    guard let line = lines.first(where: { $0.hasPrefix(key) }) else { return .nan }
    return line.split(separator: " ").compactMap { Double($0) }.first.map { $0 / 1024 } ?? .nan
  }
}
