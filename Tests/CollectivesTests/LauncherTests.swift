import Testing
import _TestSupport

@testable import Collectives

/// What a launcher's environment says, and which libraries are looked for.
@Suite struct LauncherTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let environment: [String: String]
    let kind: Launcher.Kind?
    let rank: Int
    let size: Int

    init(_ environment: [String: String], _ kind: Launcher.Kind? = nil, rank: Int = 0, of size: Int = 1) {
      (self.environment, self.kind, self.rank, self.size) = (environment, kind, rank, size)
    }

    var testDescription: String { environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " ") }
  }

  @Test(arguments: [
    Case([:]),
    Case(["OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "3"], .openMPI, rank: 3, of: 4),
    Case(["PMI_SIZE": "2", "PMI_RANK": "1"], .hydra, rank: 1, of: 2),
    Case(["SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5"], .slurm, rank: 5, of: 8),
    // One process is alone, whoever has started it.
    Case(["OMPI_COMM_WORLD_SIZE": "1", "OMPI_COMM_WORLD_RANK": "0"]),
    Case(["PMI_SIZE": "1", "PMI_RANK": "0"]),
    Case(["SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"]),
    // A batch script: nobody has started several yet.
    Case(["SLURM_NTASKS": "8", "SLURM_PROCID": "0"]),
    Case(["SLURM_NTASKS": "8", "SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"]),
    // srun may set up PMI; mpirun inside of a step of one process.
    Case(["SLURM_STEP_NUM_TASKS": "4", "SLURM_PROCID": "1", "PMI_SIZE": "4", "PMI_RANK": "1"], .hydra, rank: 1, of: 4),
    Case(
      ["SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0", "OMPI_COMM_WORLD_SIZE": "4", "OMPI_COMM_WORLD_RANK": "2"],
      .openMPI, rank: 2, of: 4),
    Case(["OMPI_COMM_WORLD_SIZE": "many"]), Case(["PMI_SIZE": ""]), Case(["PMI_SIZE": "-2"]),
    Case(["OMPI_COMM_WORLD_SIZE": "2"], .openMPI, rank: 0, of: 2),
  ])
  func readsTheEnvironment(_ known: Case) {
    let found = Launcher(known.environment)
    expectEqual(found?.kind, known.kind)
    guard let found else { return }
    expectEqual(found.rank, known.rank)
    expectEqual(found.size, known.size)
    expectEqual(known.environment[found.variable], "\(known.size)")
  }

  /// The launcher's own library comes first; each kind knows all.
  @Test(arguments: [(Launcher.Kind.openMPI, "libmpi.so.40"), (.hydra, "libmpich.so.12"), (.slurm, "libmpi.so.40")])
  func looksForTheLaunchersLibraryFirst(kind: Launcher.Kind, first: String) {
    let names = MPILibrary.names(for: kind)
    expectEqual(names.first, first)
    expectEqual(Set(names), ["libmpi.so.40", "libmpi_abi.so.0", "libmpich.so.12", "libmpi.so.12"])
    expectEqual(names.count, 4)
  }
}
