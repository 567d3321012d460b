import Foundation
import Testing
import _TestSupport

@testable import CubHPL

/// The real program beside another one on the same folder, and without memory.
@Suite(.serialized) struct ProgramLimitTests {
  private static let training = [
    "--data", ExperimentTests.smallCUB, "--method", "hpl-pa", "--dimensions", "8", "--batch", "8",
    "--samples-per-class", "2", "--levels", "1,clusters:3:0.1",
  ]

  @Test func theSecondOfTwoProcessesStops() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let arguments = Self.training + ["--image-size", "32", "--epochs", "60", "--output", folder]
    let first = try BuiltProgram.Running(arguments)
    let checkpoint = "\(folder)/runs/hpl-pa-seed-0/last.safetensors"
    first.wait("a checkpoint") { FileManager.default.fileExists(atPath: checkpoint) }
    let lock = try String(contentsOfFile: "\(folder)/\(FolderLock.name)", encoding: .utf8)
    for other in [
      Self.training + ["--image-size", "32", "--epochs", "1", "--lr", "0.5", "--output", folder],
      ["embed", ExperimentTests.smallCUB, "--checkpoint", checkpoint, "--output", "\(folder)/e.npy"],
      ["tsne", "--checkpoint", checkpoint, "--output", folder],
    ] {
      let second = try BuiltProgram.run(other)
      #expect(second.status == 1 && second.output.isEmpty, "\(second)")
      #expect(second.line.hasPrefix("cub-hpl: \(folder) is being written to by \(lock); wait until"), "\(second)")
    }
    first.send(SIGKILL)
    try expectEqual(first.outcome().status, 128 + SIGKILL)
    let again = try BuiltProgram.run([
      "embed", ExperimentTests.smallCUB, "--checkpoint", checkpoint, "--output", "\(folder)/e.npy",
    ])
    expectEqual(again.status, 0, "the system has released the lock: \(again)")
  }

  /// Too little to begin with, where OpenBLAS and libdispatch would try for ever; and too little for the pictures.
  @Test(
    // A sanitizer needs more addresses than any limit gives.
    .enabled(if: ["ASAN_OPTIONS", "TSAN_OPTIONS"].allSatisfy { ProcessInfo.processInfo.environment[$0] == nil }),
    .timeLimit(.minutes(3)),
    arguments: [("--image-size 32", 600_000), ("--image-size 1024", 1_000_000)])
  func withoutMemoryItIsOneLine(_ options: String, _ kibibytes: Int) throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = try BuiltProgram.Running(
      Self.training + ["--epochs", "1", "--output", folder, "--quiet"] + options.split(separator: " ").map(String.init),
      preparation: "export OPENBLAS_NUM_THREADS=1; ulimit -v \(kibibytes)")
    let outcome = try process.outcome()
    expectEqual(outcome.status, 1, "\(outcome)")
    expectEqual(outcome.error.split(separator: "\n").count, 1, "\(outcome)")
    #expect(outcome.line.hasPrefix("cub-hpl: out of memory: "), "\(outcome)")
  }
}
