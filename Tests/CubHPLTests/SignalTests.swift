import Foundation
import Testing
import _TestSupport

@testable import CubHPL

/// Signals to the real program: it ends soon, keeps what is finished, leaves nothing half, and goes on bit for bit.
@Suite(.serialized) struct SignalTests {
  private static let epochs = 20
  private static let training = [
    "--data", ExperimentTests.smallCUB, "--method", "hpl-pa", "--image-size", "32", "--epochs", "\(epochs)",
    "--dimensions", "4", "--batch", "12", "--samples-per-class", "2",
  ]

  /// Every file in a folder, hidden ones too.
  private func files(in folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).sorted()
  }

  private func results(_ folder: String) throws -> [Results.Run] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/results.json"))
    return try JSONDecoder().decode(Results.self, from: data).runs
  }

  @Test(
    arguments: [(SIGINT, "SIGINT", 130), (SIGTERM, "SIGTERM", 143), (SIGHUP, "SIGHUP", 129)] as [(Int32, String, Int32)]
  )
  func aRunIsStoppedAndGoesOn(_ signal: Int32, _ name: String, _ status: Int32) throws {
    try inTemporaryFolder { folder in
      let arguments = Self.training + ["--output", "\(folder)/out"]
      let last = "\(folder)/out/runs/hpl-pa-seed-0/last.safetensors"
      let process = try BuiltProgram.Running(arguments)
      process.wait("a checkpoint") { FileManager.default.fileExists(atPath: last) }
      process.send(signal)
      let outcome = try process.outcome()
      expectEqual(outcome.status, status, "\(outcome)")
      expectEqual(outcome.output, "", "\(outcome)")
      expectEqual(
        outcome.line, "cub-hpl: stopped by \(name); the same command goes on after the last epoch that was finished")
      #expect(!files(in: folder).contains { $0.hasSuffix(".partial") || $0.hasSuffix(".lock") }, "\(files(in: folder))")
      let done = try Checkpoint(contentsOf: last).state.curve.count
      #expect(done < Self.epochs && !FileManager.default.fileExists(atPath: "\(folder)/out/results.json"))
      guard signal == SIGINT else { return }

      let again = try BuiltProgram.run(arguments)
      #expect(again.status == 0 && again.error.contains("goes on after epoch \(done)"), "\(again)")
      try expectEqual(BuiltProgram.run(Self.training + ["--output", "\(folder)/through"]).status, 0)
      let (one, other) = (try results("\(folder)/out")[0], try results("\(folder)/through")[0])
      expectEqual(one.epochs, other.epochs)
      expectEqual(one.metrics, other.metrics)
      expectEqual(one.hierarchy, other.hierarchy)
    }
  }

  @Test func aKilledRunGoesOnToo() throws {
    try inTemporaryFolder { folder in
      let arguments = Self.training + ["--output", "\(folder)/out"]
      let process = try BuiltProgram.Running(arguments)
      process.wait("a checkpoint") {
        FileManager.default.fileExists(atPath: "\(folder)/out/runs/hpl-pa-seed-0/last.safetensors")
      }
      process.send(SIGKILL)
      try expectEqual(process.outcome().status, 128 + SIGKILL)
      let again = try BuiltProgram.run(arguments)
      #expect(again.status == 0 && again.error.contains("goes on after epoch"), "\(again)")
      try expectEqual(results("\(folder)/out")[0].epochs.count, Self.epochs)
    }
  }

  /// While it draws the embedded birds and has written nothing.
  @Test func beforeTheFirstEpochNothingStays() throws {
    try inTemporaryFolder { folder in
      let process = try BuiltProgram.Running(["--method", "hpl-pa", "--output", "\(folder)/out"])
      process.wait("the handler") { process.handles(SIGTERM) && process.handles(SIGHUP) }
      process.send(SIGTERM)
      let outcome = try process.outcome()
      expectEqual(outcome.status, 143, "\(outcome)")
      expectEqual(outcome.line, "cub-hpl: stopped by SIGTERM; nothing was written", "\(outcome)")
      #expect(files(in: folder).isEmpty)
    }
  }

  /// The advice names the folder where the person did not.
  @Test func theFolderIsNamed() throws {
    try inTemporaryFolder { folder in
      let process = try BuiltProgram.Running(Self.training, preparation: "cd '\(folder)'")
      // When the second is told, the first one is on the disk.
      process.wait("two epochs") { process.errorSoFar.contains("epoch  2/\(Self.epochs)") }
      process.send(SIGINT)
      let line = try process.outcome().line
      let name = try #require(line.firstMatch(of: /the same command with --output (runs\/[0-9-]+) goes on/)).1
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"))
    }
  }

  /// Commands on a checkpoint, stopped once they have begun, leave no file.
  @Test(arguments: ["tsne", "embed"])
  func commandsOnACheckpointLeaveNothing(_ command: String) throws {
    try inTemporaryFolder { folder in
      let checkpoint = ["--checkpoint", "\(try Trained.folder())/model.safetensors"]
      let arguments =
        command == "tsne"
        ? ["tsne", "--data", ExperimentTests.smallCUB, "--output", "\(folder)/new/tsne"]
        : ["embed", ExperimentTests.smallCUB, "--output", "\(folder)/new/e.npy"]
      let process = try BuiltProgram.Running(arguments + checkpoint)
      process.wait("its first line") { process.errorSoFar.contains("checking") }
      process.send(SIGINT)
      let outcome = try process.outcome()
      // A fast machine may be done before the signal comes.
      guard outcome.status != 0 else { return }
      expectEqual(outcome.status, 130, "\(outcome)")
      expectEqual(outcome.line, "cub-hpl: stopped by SIGINT; nothing was written", "\(outcome)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/new"))
    }
  }

  /// A reader of the standard error that has fallen asleep keeps the line back, and the second signal does not wait for it.
  @Test func aSecondSignalEndsItAtOnce() throws {
    try inTemporaryFolder { folder in
      let pipe = "\(folder)/pipe"
      let full = "mkfifo '\(pipe)'; exec 3<>'\(pipe)'; dd if=/dev/zero of='\(pipe)' bs=4096 count=16 2>/dev/null"
      let process = try BuiltProgram.Running(
        Self.training + ["--output", "\(folder)/out", "--quiet"], "2>&3", preparation: full)
      process.wait("a checkpoint") {
        FileManager.default.fileExists(atPath: "\(folder)/out/runs/hpl-pa-seed-0/last.safetensors")
      }
      process.send(SIGHUP)
      usleep(200_000)
      #expect(process.isRunning)
      process.send(SIGINT)
      try expectEqual(process.outcome().status, 129, "the first signal's")
    }
  }

  /// As under `nohup`, or behind `&` in a script.
  @Test func whatTheStarterIgnoresStaysIgnored() throws {
    try inTemporaryFolder { folder in
      let process = try BuiltProgram.Running(
        Self.training + ["--output", "\(folder)/out"], preparation: "trap '' HUP INT")
      process.wait("an epoch") { process.errorSoFar.contains("epoch  1/\(Self.epochs)") }
      process.send(SIGHUP)
      process.send(SIGINT)
      usleep(200_000)
      #expect(process.isRunning)
      process.send(SIGTERM)
      try expectEqual(process.outcome().status, 143)
    }
  }
}
