import Foundation
import Testing

/// Set-ups that cannot work end within seconds, with one line that says why.
@Suite(.serialized) struct WrongSetUpTests {
  private static let launched = ["OMPI_COMM_WORLD_SIZE": "3", "OMPI_COMM_WORLD_RANK": "0"]

  /// `words` must be in the line.
  private static func expectLine(
    _ found: RankRun.Outcome, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.status != 0 && found.output.isEmpty && found.seconds < 20, "\(found)", sourceLocation: sourceLocation)
    let lines = Set(found.ownLines)
    #expect(lines.count == 1, "\(found)", sourceLocation: sourceLocation)
    for word in words {
      #expect(lines.first?.contains(word) == true, "no '\(word)': \(found)", sourceLocation: sourceLocation)
    }
  }

  @Test func noLibrary() throws {
    let found = try RankRun.alone([], Self.launched.merging(["HPL_MPI": "/nowhere/libmpi.so"]) { $1 })
    Self.expectLine(found, "no MPI library can be loaded", "/nowhere/libmpi.so", "HPL_MPI")
    #expect(found.error == found.ownLines[0] + "\n")
  }

  @Test func aLibraryThatIsNoMPI() throws {
    let found = try RankRun.alone([], Self.launched.merging(["HPL_MPI": "libm.so.6"]) { $1 })
    Self.expectLine(found, "libm.so.6", "no MPI library")
    #expect(found.error == found.ownLines[0] + "\n")
  }
}
