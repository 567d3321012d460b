import Collectives
import Foundation
import HPL
import Synchronization
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// Runs of several ranks, here threads of one process: the numbers of one, the same bits again, and going on.
@Suite(.serialized) struct RankRunTests {
  /// What a rank has come to.
  struct Outcome: Sendable {
    var losses: [Double]
    var levels: [[Double]]
    var validation: [Double?]
    var tensors: [String: [Double]]
  }

  /// Trains on a small folder; each rank has a folder of its own, of which the first one's counts.
  private static func train(
    _ method: String, _ more: [String], in folder: String, over group: Group, epochs: Int = 9
  ) throws -> Outcome {
    let arguments = [
      "--data", ExperimentTests.smallCUB, "--image-size", "32", "--epochs", "3", "--dimensions", "8", "--batch", "8",
      "--samples-per-class", "2", "--threads", "1", "--method", method, "--validation-classes", "2",
    ]
    let settings = try Harness.settings(arguments + more)
    let data = try TrainingData(DataRequest(settings), over: group) { _ in }
    let plan = RunPlan(method: MethodList.standard[method]!, seed: 3, settings: settings)
    let output = try OutputFolder("\(folder)/\(group.rank)")
    defer { output.close() }
    let run = try TrainingRun(plan, data: data, folder: RunFolder(output, plan, data, over: group))
    let progress = Progress(plan: .init(epochs: 3, steps: [1]), style: .quiet)
    for _ in 0..<epochs where !run.isFinished { try run.advance(progress) }
    let file = try Safetensors(contentsOf: run.folder.last)
    let tensors = Dictionary(
      uniqueKeysWithValues: try file.names.map { ($0, try file.tensor($0, convertingTo: Double.self).scalars) })
    return Outcome(
      losses: run.curve.map(\.loss), levels: run.curve.map(\.levels), validation: run.curve.map(\.validationMapAtR),
      tensors: tensors)
  }

  private static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private static func ranks(
    _ size: Int, _ method: String, _ more: [String], in folder: String, epochs: Int = 9
  ) throws -> [Outcome] {
    try Group.threads(size) { try Self.train(method, more, in: folder, over: $0, epochs: epochs) }
  }

  private static let known = Mutex<[String: [Outcome]]>([:])

  /// What a whole run comes to, which is trained once for all tests that read it.
  private static func ranks(_ size: Int, _ method: String, _ more: [String]) throws -> [Outcome] {
    let key = "\(size) \(method) \(more)"
    if let outcome = known.withLock({ $0[key] }) { return outcome }
    let outcome = try withFolder { try ranks(size, method, more, in: $0) }
    known.withLock { $0[key] = outcome }
    return outcome
  }

  /// Threads and folders are a machine's own, however they are written; other words are not.
  @Test func someWordsOfACommandMayDiffer() throws {
    _ = try Group.threads(2) { group in
      let own = ["--threads=\(group.rank + 1)", "--output", "\(group.rank)", "--workers=\(group.rank)"]
      try RanksError.check(commandLine: ["cub-hpl", "--epochs=2"] + own, over: group)
    }
    #expect(throws: (any Error).self) {
      try Group.threads(2) { try RanksError.check(commandLine: ["cub-hpl", "--epochs=\($0.rank + 1)"], over: $0) }
    }
  }

  /// With the batch normalised as a whole, the numbers are those of one process, up to rounding; whatever the loss.
  @Test(arguments: ["hpl-pa", "soft-triple", "triplet"], [2, 3])
  func theNumbersOfOneProcess(method: String, size: Int) throws {
    let more = ["--sync-batch-norm"] + (method == "hpl-pa" ? ["--levels", "1.0,clusters:2:0.1"] : [])
    let alone = try Self.ranks(1, method, more)[0]
    for outcome in try Self.ranks(size, method, more) {
      for (loss, expected) in zip(outcome.losses, alone.losses) {
        expectLess(abs(loss - expected), 2e-3 * abs(expected), "\(outcome.losses) \(alone.losses)")
      }
      expectLess(abs(outcome.losses[0] - alone.losses[0]), 1e-4 * abs(alone.losses[0]))
      expectEqual(outcome.tensors.keys, alone.tensors.keys)
    }
  }

  /// Proxies spread over ranks are the ones in one place, and the checkpoint has all of them.
  @Test(arguments: ["hpl-pa", "norm-softmax"])
  func shardedProxiesAreTheOnesInOnePlace(method: String) throws {
    let more = ["--sync-batch-norm"] + (method == "hpl-pa" ? ["--levels", "1.0,clusters:2:0.1"] : [])
    let whole = try Self.ranks(2, method, more)
    for (sharded, whole) in zip(try Self.ranks(2, method, ["--shard-proxies"] + more), whole) {
      expectLess(abs(sharded.losses[0] - whole.losses[0]), 1e-4 * abs(whole.losses[0]))
      expectEqual(sharded.tensors.mapValues(\.count), whole.tensors.mapValues(\.count))
    }
  }

  /// The same ranks give the same bits, on each of them, and a run that stopped goes on as if it had not.
  @Test(arguments: [
    [], ["--shard-proxies", "--accumulate", "2", "--ema", "0.9"], ["--shard-proxies", "--sampling-rate", "0.4"],
  ])
  func theSameBitsAgainAndAfterAStop(more: [String]) throws {
    let method = more.contains("--sampling-rate") ? "cosface" : "hpl-pa"
    let more =
      more + (method == "hpl-pa" ? ["--levels", "1.0,clusters:2:0.1", "--warm-up", "1", "--recluster", "1"] : [])
    let through = try Self.ranks(2, method, more)
    #expect(through[0].tensors == through[1].tensors && through[0].losses == through[1].losses)
    try Self.withFolder { folder in
      _ = try Self.ranks(2, method, more, in: folder, epochs: 1)
      // What the others have is not looked at: the first one's is.
      try FileManager.default.removeItem(atPath: "\(folder)/1")
      let resumed = try Self.ranks(2, method, more, in: folder)
      for outcome in resumed {
        expectEqual(outcome.tensors, through[0].tensors)
        expectEqual(outcome.losses, through[0].losses)
        expectEqual(outcome.validation, through[0].validation)
      }
    }
  }

  /// A checkpoint of two ranks is gone on with by three, and by one.
  @Test func otherNumbersOfRanksGoOn() throws {
    let more = ["--shard-proxies", "--sync-batch-norm"]
    let through = try Self.ranks(2, "norm-softmax", more)[0]
    try Self.withFolder { folder in
      _ = try Self.ranks(2, "norm-softmax", more, in: "\(folder)/stopped", epochs: 2)
      for size in [1, 3] {
        try FileManager.default.copyItem(atPath: "\(folder)/stopped", toPath: "\(folder)/\(size)")
        let outcome = try Self.ranks(size, "norm-softmax", more, in: "\(folder)/\(size)")[0]
        #expect(outcome.losses.count == 3 && outcome.losses[0] == through.losses[0])
        expectLess(abs(outcome.losses[2] - through.losses[2]), 1e-3 * abs(through.losses[2]))
      }
    }
  }

  /// What a rank says of a plan that another has been given otherwise, or finds other data for.
  private static func complaints(_ arguments: @escaping @Sendable (Int) -> [String]) throws -> [String] {
    try Group.threads(2) { group in
      do {
        _ = try ExperimentPlan(Harness.given(arguments(group.rank)), .train, over: group) { _ in }
        return "none"
      } catch { return "\(error)" }
    }
  }

  @Test func otherOptionsAndOtherDataAreNamed() throws {
    let usual = ["--method", "arcface", "--image-size", "32", "--dimensions", "8", "--data"]
    func expect(_ words: String, _ arguments: @escaping @Sendable (Int) -> [String]) throws {
      for found in try Self.complaints(arguments) { #expect(found.contains(words), "\(found)") }
    }
    let cub = ExperimentTests.smallCUB
    try expect("none") { _ in usual + [cub] }
    try expect("epochs (on rank 0 3, there 4)") { usual + [cub, "--epochs", "\(3 + $0)"] }
    try expect("the runs there are arcface-seed-0 --shard-proxies") {
      usual + [cub] + ($0 == 1 ? ["--shard-proxies"] : [])
    }
    try Self.withFolder { folder in
      let copy = "\(folder)/\(URL(fileURLWithPath: cub).lastPathComponent)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: cub, toPath: copy)
      let pictures = FileManager.default.subpaths(atPath: copy)!.filter { $0.hasSuffix(".jpg") }.sorted()
      let other = try Data(contentsOf: URL(fileURLWithPath: "\(copy)/\(pictures[1])"))
      try other.write(to: URL(fileURLWithPath: "\(copy)/\(pictures[0])"))
      try expect("rank 1 does not do what rank 0 does: pictures (on rank 0") { usual + [$0 == 0 ? cub : copy] }
    }
  }
}
