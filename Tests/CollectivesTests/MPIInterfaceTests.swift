import Foundation
import Testing
import _TestSupport

@testable import Collectives

/// What must be known of each MPI library in advance.
@Suite struct MPIInterfaceTests {
  private static var other: UnsafeMutableRawPointer { dlopen("libm.so.6", RTLD_NOW)! }
  private static var openMPI: UnsafeMutableRawPointer? { dlopen("libmpi.so.40", RTLD_NOW) }
  private static var mpich: UnsafeMutableRawPointer? { dlopen("libmpich.so.12", RTLD_NOW) }

  /// From MPICH's `mpi.h` and from the standard's (MPI 5.0, appendix A).
  @Test func constantsOfTheHeaders() {
    expectEqual(
      MPIInterface.mpich.constants(in: Self.other),
      .init(world: 0x4400_0000, byte: 0x4c00_010d, float: 0x4c00_040a, sum: 0x5800_0003))
    expectEqual(
      MPIInterface.standard.constants(in: Self.other), .init(world: 0x101, byte: 0x247, float: 0x210, sum: 0x21))
  }

  /// Open MPI's handles are objects, which another library does not have.
  @Test func openMPIsHandlesAreObjects() { expectEqual(MPIInterface.openMPI.constants(in: Self.other), nil) }

  @Test(.enabled(if: openMPI != nil, "needs Open MPI's library (openmpi-bin)"))
  func openMPIsLibrary() throws {
    let image = Self.openMPI!
    expectEqual(MPIInterface(of: image), .openMPI)
    let found = try #require(MPIInterface.openMPI.constants(in: image))
    func address(_ name: String) -> UInt { UInt(bitPattern: dlsym(image, name)) }
    expectEqual(found.world, address("ompi_mpi_comm_world"))
    expectEqual(found.sum, address("ompi_mpi_op_sum"))
    expectEqual(found.byte, address("ompi_mpi_byte"))
    expectEqual(found.float, address("ompi_mpi_float"))
    #expect(try MPILibrary("libmpi.so.40").title.hasPrefix("Open MPI"))
  }

  @Test(.enabled(if: mpich != nil, "needs MPICH's library (mpich)"))
  func mpichsLibrary() throws {
    expectEqual(MPIInterface(of: Self.mpich!), .mpich)
    #expect(try MPILibrary("libmpich.so.12").title.hasPrefix("MPICH"))
  }

  @Test func otherLibrariesAreNone() {
    expectEqual(MPIInterface(of: Self.other), nil)
    #expect(throws: MPIError.unknownLibrary(library: "libm.so.6", reason: "it has no MPI_Get_library_version")) {
      try MPILibrary("libm.so.6")
    }
  }
}
