import Foundation
import Testing
import _TestSupport

private let launched = ["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "0"]

/// Set-ups that cannot work end within seconds, with one line that says why.
@Suite(.serialized) struct WrongSetUpTests {
  /// `words` must be in the line.
  private static func expectLine(
    _ found: RankRun.Outcome, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.status != 0 && found.output.isEmpty && found.seconds < 20, "\(found)", sourceLocation: sourceLocation)
    let lines = Set(found.ownLines)
    #expect(lines.count == 1, "\(found)", sourceLocation: sourceLocation)
    for word in words {
      #expect(lines.first?.contains(word) == true, "no '\(word)': \(found)", sourceLocation: sourceLocation)
    }
  }

  @Test func noLibrary() throws {
    let found = try RankRun.alone([], launched.merging(["HPL_MPI": "/nowhere/libmpi.so"]) { $1 })
    Self.expectLine(found, "no MPI library can be loaded", "/nowhere/libmpi.so", "HPL_MPI")
    expectEqual(found.error, found.ownLines[0] + "\n")
  }

  @Test func aLibraryThatIsNoMPI() throws {
    let found = try RankRun.alone([], launched.merging(["HPL_MPI": "libm.so.6"]) { $1 })
    Self.expectLine(found, "libm.so.6", "no MPI library")
    expectEqual(found.error, found.ownLines[0] + "\n")
  }

  /// As by hand, or as inherited from a launcher that is gone: the library finds itself alone.
  @Test(
    .enabled(if: RankRun.Launcher.openMPI.path != nil, "needs Open MPI (openmpi-bin)"),
    arguments: [
      launched, ["PMI_SIZE": "3", "PMI_RANK": "1"], ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "2"],
    ])
  func variablesWithoutALauncherOpenMPI(variables: [String: String]) throws {
    let found = try RankRun.alone([], variables.merging(["HPL_MPI": "libmpi.so.40"]) { $1 })
    Self.expectLine(found, "says that 3 processes were started, but Open MPI", "(libmpi.so.40) finds 1")
  }

  @Test(
    .enabled(if: RankRun.Launcher.mpich.path != nil, "needs MPICH (mpich)"),
    arguments: [
      launched, ["PMI_SIZE": "3", "PMI_RANK": "1"], ["SLURM_STEP_NUM_TASKS": "3", "SLURM_PROCID": "2"],
    ])
  func variablesWithoutALauncherMPICH(variables: [String: String]) throws {
    let found = try RankRun.alone([], variables.merging(["HPL_MPI": "libmpich.so.12"]) { $1 })
    Self.expectLine(found, "says that 3 processes were started, but MPICH", "(libmpich.so.12) finds 1")
  }

  /// Each of the ranks finds itself alone, and says the same.
  @Test(
    .enabled(
      if: RankRun.Launcher.allCases.allSatisfy { $0.path != nil }, "needs Open MPI and MPICH (openmpi-bin and mpich)"),
    arguments: [
      (RankRun.Launcher.openMPI, "libmpich.so.12", "OMPI_COMM_WORLD_SIZE"), (.mpich, "libmpi.so.40", "PMI_SIZE"),
    ])
  func theLauncherOfAnotherMPI(launcher: RankRun.Launcher, library: String, variable: String) throws {
    let found = try RankRun.launch(launcher, 2, [], ["HPL_MPI": library])
    Self.expectLine(
      found, "\(variable) says that 2 processes were started", "\(library)) finds 1", "the launcher is another MPI's")
  }
}
