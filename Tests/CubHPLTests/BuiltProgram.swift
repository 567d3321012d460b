import Foundation
import Testing

@testable import CubHPL

/// The program as it was built, started as a person starts it.
enum BuiltProgram {
  /// How it ended, and what it wrote.
  struct Outcome: CustomStringConvertible {
    let status: Int32
    let output: String
    let error: String

    /// The last line on the standard error.
    var line: String { error.split(separator: "\n").last.map(String.init) ?? "" }

    var description: String { "status \(status)\n\(output)\n\(error)" }
  }

  /// Beside the tests' executable.
  static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("cub-hpl").path

  /// Runs it to its end.
  ///
  /// - Parameter redirection: what a shell makes of its streams, such as `2>&-`.
  static func run(_ arguments: [String], _ redirection: String = "") throws -> Outcome {
    try Running(arguments, redirection).outcome()
  }

  /// A process that has been started.
  final class Running {
    private let process = Process()
    private let folder: URL
    private let output: URL
    private let error: URL

    /// - Parameters:
    ///   - preparation: a line for the shell before it becomes the program.
    ///   - program: what is started in its place, such as a launcher that starts it.
    init(
      _ arguments: [String], _ redirection: String = "", preparation: String = ":", program: String = BuiltProgram.path
    ) throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      (output, error) = (folder.appendingPathComponent("out"), folder.appendingPathComponent("err"))
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", "\(preparation); exec \"$0\" \"$@\" >\"$OUT\" 2>\"$ERR\" \(redirection)", program] + arguments
      process.environment = ["OUT": output.path, "ERR": error.path, "HPL_THREADS": "2", "PATH": "/usr/bin:/bin"]
      try process.run()
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      try? FileManager.default.removeItem(at: folder)
    }

    var isRunning: Bool { process.isRunning }

    /// What the standard error has so far.
    var errorSoFar: String { (try? String(contentsOf: error, encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until something holds; records an issue where the process ends, or a minute passes, before it does.
    func wait(_ what: String, until holds: () -> Bool) {
      for _ in 0..<6000 where process.isRunning {
        if holds() { return }
        usleep(10_000)
      }
      if !holds() { Issue.record("\(what) never came: \(errorSoFar)") }
    }

    /// Whether the program has got as far as to take over a signal.
    func handles(_ signal: Int32) -> Bool {
      let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
      guard let caught = status?.firstMatch(of: /SigCgt:\s*([0-9a-f]+)/), let set = UInt64(caught.1, radix: 16) else {
        return false
      }
      return set >> UInt64(signal - 1) & 1 == 1
    }

    func outcome() throws -> Outcome {
      process.waitUntilExit()
      // As a shell counts what a signal ends.
      let status = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
      return Outcome(
        status: status, output: (try? String(contentsOf: output, encoding: .utf8)) ?? "", error: errorSoFar)
    }
  }
}

/// Runs `body` with a new empty folder that is removed afterwards.
func inTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}
