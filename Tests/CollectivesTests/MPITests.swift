import Foundation
import Testing
import _TestSupport

/// The ranks of real launchers: every collective, the same bits everywhere, and the end of all where one ends.
///
/// What each collective must give, `rank-program` compares itself.
@Suite(.serialized) struct MPITests {
  @Suite(.serialized, .enabled(if: RankRun.Launcher.openMPI.path != nil, "needs Open MPI's mpirun (openmpi-bin)"))
  struct OpenMPI {
    @Test(arguments: [2, 4]) func everyCollective(ranks: Int) throws { try MPITests.everyCollective(.openMPI, ranks) }
    @Test func blocksOverTheLimitGoInRounds() throws { try MPITests.rounds(.openMPI) }
    @Test(arguments: ["throw", "die"]) func oneRanksEndIsAllRanks(how: String) throws {
      try MPITests.oneRanksEnd(.openMPI, how)
    }
  }

  @Suite(.serialized, .enabled(if: RankRun.Launcher.mpich.path != nil, "needs MPICH's mpirun (mpich)"))
  struct MPICH {
    @Test(arguments: [2, 4]) func everyCollective(ranks: Int) throws { try MPITests.everyCollective(.mpich, ranks) }
    @Test func blocksOverTheLimitGoInRounds() throws { try MPITests.rounds(.mpich) }
    @Test(arguments: ["throw", "die"]) func oneRanksEndIsAllRanks(how: String) throws {
      try MPITests.oneRanksEnd(.mpich, how)
    }
  }

  /// What every transport must print: the line has a digest of all results' bits.
  static func line(_ ranks: Int) throws -> String {
    let threads = try RankRun.alone(["threads", "\(ranks)"])
    try #require(threads.status == 0 && threads.output.hasPrefix("\(ranks) ranks agree: "), "\(threads)")
    return threads.output
  }

  /// Twice, because nothing may depend on time.
  private static func everyCollective(_ launcher: RankRun.Launcher, _ ranks: Int) throws {
    let expected = try line(ranks)
    for _ in 0..<2 {
      let found = try RankRun.launch(launcher, ranks)
      expectEqual(found.status, 0, "\(found)")
      expectEqual(found.output, expected, "\(found)")
    }
  }

  private static func rounds(_ launcher: RankRun.Launcher) throws {
    let found = try RankRun.launch(launcher, 3, ["check", "--most-bytes", "4099"])
    #expect(try found.status == 0 && found.output == line(3), "\(found)")
  }

  private static func oneRanksEnd(_ launcher: RankRun.Launcher, _ how: String) throws {
    let found = try RankRun.launch(launcher, 3, [how])
    #expect(found.status != 0 && !found.output.contains("agree") && found.seconds < 30, "\(found)")
    expectEqual(
      found.ownLines, (how == "throw" ? ["rank-program: rank 2: this rank alone has failed"] : []), "\(found)")
  }
}
