import Foundation
import Testing
import _TestSupport

@testable import CubHPL

/// The built program under `mpirun`: the numbers of one process, one voice, and a clear end when something goes wrong.
@Suite(
  .serialized,
  .enabled(
    if: !RankedProgram.found.isEmpty, "neither mpirun.openmpi nor mpirun.mpich is there: install openmpi-bin or mpich"))
struct RankedProgramTests {
  private static let small = [
    "--data", ExperimentTests.smallCUB, "--image-size", "32", "--dimensions", "8", "--threads", "1",
  ]
  private static let arguments =
    small + ["--method", "hpl-pa", "--levels", "1.0,clusters:2:0.1", "--warm-up", "1", "--epochs", "2"]

  private func results(in folder: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/results.json")))
  }

  /// What went wrong, as the program says it, without the launcher's own words.
  private func lines(_ outcome: BuiltProgram.Outcome) -> [String] {
    outcome.error.split(separator: "\n").map(String.init).filter { $0.contains("\(Program.name): ") }
  }

  /// Two and four ranks, each twice, by different launchers where there are some: the same bits, because sums are formed in the order of
  /// the ranks, and up to rounding those of one process.
  @Test func trainsAsOneProcess() throws {
    let launchers = RankedProgram.found.count > 1 ? RankedProgram.found : RankedProgram.found + RankedProgram.found
    try inTemporaryFolder { folder in
      let more = ["--sync-batch-norm", "--shard-proxies"]
      let one = try BuiltProgram.run(Self.arguments + more + ["--output", "\(folder)/1"])
      expectEqual(one.status, 0, "\(one)")
      let alone = try results(in: "\(folder)/1").runs[0]
      for ranks in [2, 4] {
        let runs = try launchers.enumerated().map { time, launcher in
          let output = "\(folder)/\(ranks)-\(time)"
          let outcome = try launcher.run(ranks, Self.arguments + more + ["--output", output])
          expectEqual(outcome.status, 0, "\(outcome)")
          // The tables stand there once.
          expectEqual(outcome.output.ranges(of: "MAP@R").count, one.output.ranges(of: "MAP@R").count)
          let found = try results(in: output)
          expectEqual(found.machine.hosts?.count, ranks)
          return found.runs[0]
        }
        #expect(runs[0].epochs == runs[1].epochs && runs[0].metrics == runs[1].metrics)
        for (epoch, expected) in zip(runs[0].epochs, alone.epochs) {
          expectLess(abs(epoch.loss - expected.loss), 2e-3 * expected.loss)
        }
      }
    }
  }

  @Test func theOtherCommandsShareOutPictures() throws {
    try inTemporaryFolder { folder in
      let checkpoint = try Trained.checkpoint()
      func all(_ arguments: [String], _ files: [String]) throws {
        func contents(
          _ name: String, _ run: (_ arguments: [String]) throws -> BuiltProgram.Outcome
        ) throws -> [Data] {
          let outcome = try run(arguments.map { $0.replacing("OUT", with: "\(folder)/\(name)") })
          expectEqual(outcome.status, 0, "\(name): \(outcome)")
          return try files.map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/\($0)")) }
        }
        let one = try contents("one") { try BuiltProgram.run($0) }
        for (index, launcher) in RankedProgram.found.enumerated() {
          let three = try contents("three-\(index)") { try launcher.run(3, $0) }
          expectEqual(three, one, "\(launcher.testDescription): \(files)")
        }
      }
      let compute = ["--threads", "1", "--quiet"]
      try all(
        ["embed", ExperimentTests.smallCUB, "--checkpoint", checkpoint, "--output", "OUT/e.npy"] + compute,
        ["e.npy", "e.txt"])
      let query =
        ExperimentTests.smallCUB + "/images/"
        + (try #require(
          FileManager.default.subpaths(atPath: ExperimentTests.smallCUB + "/images")?.sorted().first {
            $0.hasSuffix(".jpg")
          }))
      try all(
        ["search", "--query", query, "--checkpoint", checkpoint, "--output", "OUT/s.html"] + compute, ["s.html"])
      try all(["tsne", "--checkpoint", checkpoint, "--output", "OUT"] + compute, ["tsne.csv"])
    }
  }

  @Test(arguments: RankedProgram.found)
  func whatIsWrongIsSaidOnce(_ launcher: RankedProgram) throws {
    try inTemporaryFolder { folder in
      func fails(_ arguments: [String], others: [String]? = nil, ranks: Int = 2, _ words: String) throws {
        let outcome = try launcher.run(ranks, arguments, others: others)
        #expect(outcome.status != 0 && lines(outcome).count == 1, "\(outcome)")
        expectEqual(lines(outcome).first?.contains(words), true, "\(outcome)")
        expectEqual((try? FileManager.default.contentsOfDirectory(atPath: folder)), [], "\(outcome)")
      }
      let output = ["--output", "\(folder)/run"]
      try fails(Self.arguments + output + ["--epochz", "3"], "--epochz")
      try fails(["--data", "\(folder)/none"] + output, "\(folder)/none")
      try fails(
        Self.arguments + output, others: Self.arguments + output + ["--lr", "0.5"],
        "rank 1 does not do what rank 0 does: the command there is")
      try fails(Self.arguments + output + ["--batch", "2"], ranks: 4, "has no picture for each of 4 ranks")
    }
  }

  /// A rank that is killed takes the others with it within seconds, and the same command goes on to the same bits.
  @Test func aKilledRankEndsAll() throws {
    try inTemporaryFolder { folder in
      let arguments = Self.small + ["--epochs", "12", "--method", "proxy-anchor"]
      let through = try RankedProgram.found[0].run(2, arguments + ["--output", "\(folder)/through"])
      expectEqual(through.status, 0, "\(through)")
      let expected = try results(in: "\(folder)/through").runs[0]
      for (index, launcher) in RankedProgram.found.enumerated() {
        let output = "\(folder)/killed-\(index)"
        let found = try killedAndResumed(launcher, arguments, output: output).runs[0]
        #expect(found.epochs == expected.epochs && found.metrics == expected.metrics)
      }
    }
  }

  /// Starts it, kills the last rank after the first checkpoint, starts it again, and reads what it has come to.
  private func killedAndResumed(
    _ launcher: RankedProgram, _ arguments: [String], output: String
  ) throws -> Results {
    let command = arguments + ["--output", output]
    let running = try launcher.start(2, command)
    let checkpoint = "\(output)/runs/proxy-anchor-seed-0/last.safetensors"
    running.wait("a checkpoint") { FileManager.default.fileExists(atPath: checkpoint) }
    let ranks = Self.processes(with: output).filter { !$0.name.contains("mpi") && !$0.name.contains("hydra") }
    expectEqual(ranks.count, 2, "\(ranks)")
    if let last = ranks.last { kill(last.number, SIGKILL) }
    #expect(try running.outcome().status != 0)
    for _ in 0..<50 where !Self.processes(with: output).isEmpty { usleep(100_000) }
    #expect(Self.processes(with: output).isEmpty)
    let resumed = try launcher.run(2, command)
    expectEqual(resumed.status, 0, "\(resumed)")
    return try results(in: output)
  }

  /// The processes whose command line has a word, in the order of their numbers.
  private static func processes(with word: String) -> [(number: Int32, name: String)] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
    return numbers.sorted().compactMap { number in
      guard let text = try? String(contentsOfFile: "/proc/\(number)/cmdline", encoding: .utf8) else { return nil }
      let words = text.split(separator: "\0").map(String.init)
      return words.contains(word) ? (number, words[0]) : nil
    }
  }
}
