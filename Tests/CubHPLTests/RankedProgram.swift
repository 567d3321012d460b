import Foundation
import Testing

@testable import CubHPL

/// The program as a launcher of MPI starts it, several times.
struct RankedProgram: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let program: String
  private let options: [String]

  /// Open MPI's launcher, which wants to be told that root may, and that there may be more ranks than cores.
  static let openMPI = RankedProgram(
    testDescription: "Open MPI", program: "mpirun.openmpi",
    options: ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"])
  /// MPICH's launcher.
  static let mpich = RankedProgram(testDescription: "MPICH", program: "mpirun.mpich", options: [])

  /// Those that this machine has.
  static let found = [openMPI, mpich].filter { $0.path != nil }

  private var path: String? {
    ["/usr/bin/", "/usr/local/bin/"].map { $0 + program }.first(where: FileManager.default.isExecutableFile)
  }

  /// Runs it to its end on so many ranks, each with one thread; `others` are the arguments of the last rank, where they differ.
  func run(_ ranks: Int, _ arguments: [String], others: [String]? = nil) throws -> BuiltProgram.Outcome {
    try start(ranks, arguments, others: others).outcome()
  }

  func start(_ ranks: Int, _ arguments: [String], others: [String]? = nil) throws -> BuiltProgram.Running {
    let program = [BuiltProgram.path]
    let command =
      options + ["-n", "\(others == nil ? ranks : ranks - 1)"] + program + arguments
      + (others.map { [":", "-n", "1"] + program + $0 } ?? [])
    return try BuiltProgram.Running(command, program: path!)
  }
}
