import Foundation
import Testing

@testable import Collectives

/// What must be known of each MPI library in advance.
@Suite struct MPIInterfaceTests {
  private static let program = dlopen(nil, RTLD_NOW)!
  private static let openMPI = dlopen("libmpi.so.40", RTLD_NOW)
  private static let mpich = dlopen("libmpich.so.12", RTLD_NOW)

  /// From MPICH's `mpi.h` and from the standard's (MPI 5.0, appendix A).
  @Test func constantsOfTheHeaders() {
    #expect(
      MPIInterface.mpich.constants(in: Self.program)
        == .init(world: 0x4400_0000, byte: 0x4c00_010d, float: 0x4c00_040a, sum: 0x5800_0003, inPlace: .max))
    #expect(
      MPIInterface.standard.constants(in: Self.program)
        == .init(world: 0x101, byte: 0x247, float: 0x210, sum: 0x21, inPlace: 1))
  }

  /// Open MPI's handles are objects, which another library does not have.
  @Test func openMPIsHandlesAreObjects() { #expect(MPIInterface.openMPI.constants(in: Self.program) == nil) }

  @Test(.enabled(if: openMPI != nil, "needs Open MPI's library (openmpi-bin)"))
  func openMPIsLibrary() throws {
    let image = Self.openMPI!
    #expect(MPIInterface(of: image) == .openMPI)
    let found = try #require(MPIInterface.openMPI.constants(in: image))
    func address(_ name: String) -> UInt { UInt(bitPattern: dlsym(image, name)) }
    #expect(found.world == address("ompi_mpi_comm_world") && found.sum == address("ompi_mpi_op_sum"))
    #expect(found.byte == address("ompi_mpi_byte") && found.float == address("ompi_mpi_float") && found.inPlace == 1)
    #expect(try MPILibrary("libmpi.so.40").title.hasPrefix("Open MPI"))
  }

  @Test(.enabled(if: mpich != nil, "needs MPICH's library (mpich)"))
  func mpichsLibrary() throws {
    #expect(MPIInterface(of: Self.mpich!) == .mpich)
    #expect(try MPILibrary("libmpich.so.12").title.hasPrefix("MPICH"))
  }

  @Test func otherLibrariesAreNone() {
    #expect(MPIInterface(of: dlopen("libm.so.6", RTLD_NOW)!) == nil)
    #expect(throws: MPIError.unknownLibrary(library: "libm.so.6", reason: "it has no MPI_Get_library_version")) {
      try MPILibrary("libm.so.6")
    }
  }
}

/// The standard interface of MPI 5, which no system's library has yet: a small one, made for this, that checks the handles.
@Suite(.serialized, .enabled(if: StandardMPITests.clang != nil, "needs clang, which comes with Swift"))
struct StandardMPITests {
  static let clang = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/clang" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Makes the library, and hands over its path and that of a file to meet in.
  private func withLibrary(_ body: (_ library: String, _ world: String) throws -> Void) throws {
    try inTemporaryFolder { folder in
      let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/standard_mpi.c").path
      let library = "\(folder)/libmpi_abi.so.0"
      let made = try RankRun.start(
        [Self.clang!, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source], [:])
      try #require(made.status == 0, "\(made)")
      try body(library, "\(folder)/world")
    }
  }

  /// Two processes, started as a launcher does it.
  private func two(_ library: String, _ world: String, _ arguments: [String]) throws -> RankRun.Outcome {
    try RankRun.start(
      [
        "/bin/sh", "-c",
        "PMI_RANK=1 \"$0\" \"$@\" & other=$!; PMI_RANK=0 \"$0\" \"$@\"; status=$?; wait $other && exit $status",
        RankRun.program,
      ] + arguments, ["PMI_SIZE": "2", "HPL_MPI": library, "STANDARD_MPI_FILE": world])
  }

  @Test func everyCollectiveByTheStandardsHandles() throws {
    try withLibrary { library, world in
      let found = try two(library, world, ["check"])
      #expect(try found.status == 0 && found.output == MPITests.line(2), "\(found)")
      let rounds = try two(library, world + "2", ["check", "--most-bytes", "4099"])
      #expect(try rounds.status == 0 && rounds.output == MPITests.line(2), "\(rounds)")
    }
  }

  @Test func isKnownByItsVersion() throws {
    try withLibrary { library, _ in
      let loaded = try MPILibrary(library)
      #expect(loaded.interface == .standard && loaded.title == "Standard MPI of the tests 1.0")
    }
  }

  /// It finds itself alone, as a library does whose launcher is another MPI's.
  @Test func anotherNumberOfProcesses() throws {
    try withLibrary { library, _ in
      let found = try RankRun.alone([], ["PMI_SIZE": "2", "PMI_RANK": "1", "HPL_MPI": library])
      #expect(found.status == 3 && found.output.isEmpty, "\(found)")
      #expect(
        found.error
          == "rank-program: PMI_SIZE says that 2 processes were started, but Standard MPI of the tests 1.0 (\(library)) "
          + "finds 1: the launcher is another MPI's than the library; start with its own mpirun, or name the launcher's library "
          + "in HPL_MPI\n")
    }
  }
}
