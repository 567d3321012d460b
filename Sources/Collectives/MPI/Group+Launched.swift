import Foundation
import Tensor

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

  /// The same, but with a bound on what one call of MPI carries, so that little is much already; for tests, in place of the other.
  package static func launched(mostBytes: Int) throws -> Group { try start(mostBytes: mostBytes) }

  private static let launch = Result { try start(mostBytes: MPITransport.mostBytes) }

  private static func start(mostBytes: Int) throws -> Group {
    guard let launcher = Launcher() else { return Group.alone }
    return Group(try MPITransport(MPILibrary(for: launcher.kind), for: launcher, mostBytes: mostBytes))
  }

  /// The MPI library and its version; nil where the ranks are threads, or alone.
  public var library: String? { (transport as? MPITransport)?.title }

  /// The sum over all ranks as MPI itself computes it, in an order of its own: what `sum(_:)` is measured against; nil where the
  /// ranks are no processes of MPI.
  @_spi(Benchmarks) public func librarySum(_ x: Tensor<Float>) -> Tensor<Float>? {
    guard let mpi = transport as? MPITransport else { return nil }
    return Tensor(shape: x.shape) { target in x.withUnsafeScalars { mpi.reduce($0, into: target) } }
  }

  /// The name of each rank's machine.
  public var hosts: [String] { gathered(ProcessInfo.processInfo.hostName) }
}
