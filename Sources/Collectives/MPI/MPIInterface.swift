import Foundation

/// What programs must know of an MPI library at compile time, of those that exist: the names of things are standard, their
/// values were not before MPI 5.
///
/// A handle is a pointer in two of them and an int in one. Both are passed in the same place, of which an int takes the lower
/// half, so that one kind of number does for all.
enum MPIInterface: String, CaseIterable {
  /// Open MPI 4 and 5: handles are addresses of objects in the library.
  case openMPI = "Open MPI"
  /// MPICH, Intel MPI, MVAPICH and others with MPICH's interface: handles are numbers.
  case mpich = "MPICH"
  /// The standard interface of MPI 5: handles are small numbers in pointers.
  case standard = "MPI 5"

  typealias Handle = UInt

  /// What is looked for in a library of this kind and in no other.
  private var mark: String {
    switch self {
    case .openMPI: "ompi_mpi_comm_world"
    case .standard: "MPI_Abi_get_version"
    case .mpich: "MPI_Get_library_version"
    }
  }

  /// The interface of a loaded library, by what it has; nil for no MPI library.
  init?(of image: UnsafeMutableRawPointer) {
    // MPICH's mark is everybody's.
    guard let found = [MPIInterface.openMPI, .standard, .mpich].first(where: { dlsym(image, $0.mark) != nil }) else {
      return nil
    }
    self = found
  }

  /// The handles that are used here.
  struct Constants: Equatable {
    let world: Handle
    let byte: Handle
    let float: Handle
    let sum: Handle
  }

  /// Their values; nil where the library lacks one.
  func constants(in image: UnsafeMutableRawPointer) -> Constants? {
    switch self {
    case .openMPI:
      let names = ["ompi_mpi_comm_world", "ompi_mpi_byte", "ompi_mpi_float", "ompi_mpi_op_sum"]
      let found = names.compactMap { dlsym(image, $0).map { UInt(bitPattern: $0) } }
      guard found.count == names.count else { return nil }
      return Constants(world: found[0], byte: found[1], float: found[2], sum: found[3])
    case .mpich:
      return Constants(
        world: 0x4400_0000, byte: 0x4c00_010d, float: 0x4c00_040a, sum: 0x5800_0003)
    case .standard:
      return Constants(world: 0x101, byte: 0x247, float: 0x210, sum: 0x21)
    }
  }
}
