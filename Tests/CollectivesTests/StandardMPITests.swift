import Foundation
import Testing
import _TestSupport

@testable import Collectives

/// The compiler that comes with Swift.
private let clang = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/clang" }
  .first { FileManager.default.isExecutableFile(atPath: $0) }

/// The standard interface of MPI 5, which no system's library has yet: a small one, made for this, that checks the handles.
@Suite(.serialized, .enabled(if: clang != nil, "needs clang, which comes with Swift"))
struct StandardMPITests {
  /// Makes the library, and hands over its path and that of a file to meet in.
  private func withLibrary(_ body: (_ library: String, _ world: String) throws -> Void) throws {
    try inTemporaryFolder { folder in
      let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/standard_mpi.c").path
      let library = "\(folder)/libmpi_abi.so.0"
      let made = try RankRun.start(
        [clang!, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source], [:])
      try #require(made.status == 0, "\(made)")
      try body(library, "\(folder)/world")
    }
  }

  /// Two processes, started as a launcher does it.
  private func two(_ library: String, _ world: String, _ arguments: [String]) throws -> RankRun.Outcome {
    try RankRun.start(
      [
        "/bin/sh", "-c",
        "PMI_RANK=1 timeout 50 \"$0\" \"$@\" & other=$!; PMI_RANK=0 timeout 50 \"$0\" \"$@\"; status=$?; wait $other && exit $status",
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
      expectEqual(loaded.interface, .standard)
      expectEqual(loaded.title, "Standard MPI of the tests 1.0")
    }
  }

  /// It finds itself alone, as a library does whose launcher is another MPI's.
  @Test func anotherNumberOfProcesses() throws {
    try withLibrary { library, _ in
      let found = try RankRun.alone([], ["PMI_SIZE": "2", "PMI_RANK": "1", "HPL_MPI": library])
      #expect(found.status == 3 && found.output.isEmpty, "\(found)")
      expectEqual(
        found.error,
        "rank-program: PMI_SIZE says that 2 processes were started, but Standard MPI of the tests 1.0 (\(library)) "
          + "finds 1: the launcher is another MPI's than the library; start with its own mpirun, or name the launcher's library "
          + "in HPL_MPI\n")
    }
  }
}
