import Foundation
import Testing

/// `rank-program`, started as a person starts it: under the launcher of an MPI, or without one.
enum RankRun {
  /// How it ended, and what it wrote.
  struct Outcome: CustomStringConvertible {
    let status: Int32
    let output: String
    let error: String
    let seconds: Double

    /// The lines that the program itself wrote on the standard error.
    var ownLines: [String] { error.split(separator: "\n").map(String.init).filter { $0.hasPrefix("rank-program: ") } }

    var description: String { "status \(status) after \(seconds) s\n\(output)\n\(error)" }
  }

  /// What starts several ranks.
  enum Launcher: String, CaseIterable, CustomTestStringConvertible {
    case openMPI = "Open MPI"
    case mpich = "MPICH"

    var testDescription: String { rawValue }

    /// Its path; nil where it is not there.
    var path: String? { self == .openMPI ? Launcher.openMPIPath : Launcher.mpichPath }

    private static let openMPIPath = find(["mpirun.openmpi"], saying: "Open MPI", "OpenRTE")
    private static let mpichPath = find(["mpirun.mpich", "mpiexec.hydra"], saying: "HYDRA")

    /// A system with both has names of its own for each; otherwise `mpirun` says which it is.
    private static func find(_ names: [String], saying marks: String...) -> String? {
      let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
      func path(_ name: String) -> String? {
        folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
      }
      if let own = names.lazy.compactMap(path).first { return own }
      guard let common = path("mpirun"), let said = try? start([common, "--version"], [:]) else { return nil }
      return marks.contains { said.output.contains($0) } ? common : nil
    }

    fileprivate func command(_ ranks: Int) -> [String] {
      let options =
        self == .openMPI ? ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"] : []
      return [path!] + options + ["-n", "\(ranks)"]
    }
  }

  /// Beside the tests' executable.
  static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    .appendingPathComponent("rank-program").path

  /// Runs several ranks to their end.
  static func launch(
    _ launcher: Launcher, _ ranks: Int, _ arguments: [String] = [], _ environment: [String: String] = [:]
  ) throws -> Outcome {
    try start(launcher.command(ranks) + [program] + arguments, environment)
  }

  /// Runs one process to its end.
  static func alone(_ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> Outcome {
    try start([program] + arguments, environment)
  }

  /// Records an issue where it does not end within a minute.
  static func start(_ command: [String], _ environment: [String: String]) throws -> Outcome {
    try inTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "exec \"$0\" \"$@\" >\"$OUT\" 2>\"$ERR\" </dev/null"] + command
      let own = ["OUT": "\(folder)/out", "ERR": "\(folder)/err", "HPL_THREADS": "1"]
      let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
      process.environment = inherited.merging(own) { $1 }.merging(environment) { $1 }
      let begin = ContinuousClock.now
      try process.run()
      let limit = begin + .seconds(60)
      while process.isRunning, ContinuousClock.now < limit { usleep(5000) }
      if process.isRunning {
        Issue.record("\(command) has not ended within a minute")
        process.terminate()
      }
      process.waitUntilExit()
      func text(_ name: String) -> String { (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? "" }
      return Outcome(
        // As a shell counts what a signal ends.
        status: process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0),
        output: text("out"),
        error: text("err"), seconds: (ContinuousClock.now - begin) / .seconds(1))
    }
  }
}

/// Runs `body` with a new empty folder that is removed afterwards.
func inTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
