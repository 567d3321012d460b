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
  /// How many of them on this machine; 1 where nothing says so.
  let sizeHere: Int
  /// The variable that says how many.
  let variable: String

  /// In a batch script, outside `srun`, SLURM_NTASKS counts what could be started; a step's own number counts what was.
  private static let known: [(kind: Kind, size: String, rank: String, sizeHere: String)] = [
    (.openMPI, "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"),
    (.hydra, "PMI_SIZE", "PMI_RANK", "MPI_LOCALNRANKS"),
    (.slurm, "SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "SLURM_STEP_TASKS_PER_NODE"),
  ]

  /// Reads the environment; nil where nobody has started several processes.
  init?(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    for (kind, sizeName, rankName, hereName) in Launcher.known {
      guard let size = environment[sizeName].flatMap(Int.init), size > 1 else { continue }
      (self.kind, self.size, variable) = (kind, size, sizeName)
      rank = environment[rankName].flatMap(Int.init) ?? 0
      // Slurm writes 4(x2),3 for different machines.
      sizeHere = environment[hereName].flatMap { Int($0.prefix(while: \.isNumber)) } ?? 1
      return
    }
    return nil
  }
}
