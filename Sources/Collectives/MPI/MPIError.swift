/// Why the ranks of a launcher do not come together.
public enum MPIError: Error, Equatable, CustomStringConvertible {
  /// There is no library to load.
  case libraryMissing(reason: String)
  /// A library is there, but not one with an interface that is known here.
  case unknownLibrary(library: String, reason: String)
  /// The launcher says that there are several processes, but MPI finds another number.
  case otherSize(launcher: Int, variable: String, found: Int, library: String)

  /// The error in one line, with what to do.
  public var description: String {
    switch self {
    case .libraryMissing(let reason):
      "this process was started as one of several, but no MPI library can be loaded (\(reason)): install openmpi-bin or mpich, "
        + "or name the library in \(MPILibrary.variable)"
    case .unknownLibrary(let library, let reason): "\(library) is no MPI library with a known interface: \(reason)"
    case .otherSize(let launcher, let variable, let found, let library):
      "\(variable) says that \(launcher) processes were started, but \(library) finds \(found): the launcher is another MPI's "
        + "than the library; start with its own mpirun, or name the launcher's library in \(MPILibrary.variable)"
    }
  }
}
