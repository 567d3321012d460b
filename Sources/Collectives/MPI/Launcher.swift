import Foundation

/// What a launcher (`mpirun`, `srun`) tells a process by its environment, before MPI is there.
struct Launcher: Equatable {
  /// The kinds of launchers, and so which library fits.
  enum Kind: Equatable {
    case openMPI, hydra, slurm
  }

  let kind: Kind
  /// This process's number, where it is told.
  let rank: Int
  /// How many processes were started.
  let size: Int
  /// The variable that says so.
  let variable: String

  /// In a batch script, outside `srun`, SLURM_NTASKS counts what could be started; a step's own number counts what was.
  private static let known: [(kind: Kind, size: String, rank: String)] = [
    (.openMPI, "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), (.hydra, "PMI_SIZE", "PMI_RANK"),
    (.slurm, "SLURM_STEP_NUM_TASKS", "SLURM_PROCID"),
  ]

  /// Reads the environment; nil where nobody has started several processes.
  init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    for (kind, sizeName, rankName) in Launcher.known {
      guard let size = environment[sizeName].flatMap(Int.init), size > 1 else { continue }
      (self.kind, self.size, variable) = (kind, size, sizeName)
      rank = environment[rankName].flatMap(Int.init) ?? 0
      return
    }
    return nil
  }
}
