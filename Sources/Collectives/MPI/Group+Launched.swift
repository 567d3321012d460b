import Foundation
import Synchronization

extension Group {
  /// The processes that a launcher (`mpirun`, `srun`) has started with this one; `alone` where none has.
  ///
  /// MPI is loaded and started at the first call, and the same group returned by later ones; without a launcher nothing is
  /// loaded. Call `finish()` before the process ends. Throws `MPIError` where no MPI library can be loaded, or where the ranks do not
  /// find each other, rather than let each of them work for itself.
  public static func launched() throws -> Group { try launch.get() }

  /// The rank that the launcher's environment tells, before MPI is started; 0 where there is no launcher.
  public static var launchedRank: Int { Launcher()?.rank ?? 0 }

  /// The number of ranks on this machine, as the launcher's environment tells; 1 where there is no launcher.
  public static var launchedRanksHere: Int { Launcher()?.sizeHere ?? 1 }

  private static let launch = Result {
    guard let launcher = Launcher() else { return Group.alone }
    return Group(try MPITransport(MPILibrary(for: launcher.kind), for: launcher))
  }

  /// The MPI library and its version; nil where the ranks are threads, or alone.
  public var library: String? { (transport as? MPITransport)?.title }

  /// The name of each rank's machine.
  public var hosts: [String] { gathered(ProcessInfo.processInfo.hostName) }
}
