import Foundation
import Tensor
import Testing
import _TestSupport

@testable import CubHPL

/// Networks that are trained in bfloat16.
@Suite struct PrecisionRunTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private func train(_ name: String, _ precision: String, epochs: Int = 9) throws -> TrainingRun {
    let settings = try Harness.settings([
      "--data", ExperimentTests.smallCUB, "--image-size", "32", "--epochs", "3", "--dimensions", "8", "--warm-up", "1",
      "--batch", "4", "--samples-per-class", "2", "--method", "hpl-pa", "--levels", "1.0,clusters:2:0.1",
      "--precision", precision,
    ])
    let data = try TrainingData(DataRequest(settings)) { _ in }
    let plan = RunPlan(method: MethodList.standard["hpl-pa"]!, seed: 3, settings: settings)
    let run = try TrainingRun(
      plan, data: data, folder: RunFolder(OutputFolder("\(folder)/\(name)"), plan, data, over: .alone))
    let progress = Progress(plan: .init(epochs: 3, steps: [1]), style: .quiet)
    for _ in 0..<epochs where !run.isFinished { try run.advance(progress) }
    return run
  }

  @Test func theyComeOutNearThoseOfFloat() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (half, full) = (try train("half", "bfloat16"), try train("full", "float32"))
    #expect(half.curve != full.curve)
    for (a, b) in zip(half.curve, full.curve) { expectLess(abs(a.loss - b.loss), 0.05 * b.loss) }
  }

  /// The precision is a setting of the network: a checkpoint has it, a resumed run keeps it and another one is refused.
  @Test func theCheckpointHasThePrecision() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let through = try train("through", "bfloat16")
    _ = try train("stopped", "bfloat16", epochs: 1)
    let resumed = try train("stopped", "bfloat16")
    expectEqual(resumed.curve, through.curve)
    try expectEqual(resumed.testedModel(.standard).settings.precision, .bfloat16)
    #expect(throws: CheckpointError.self) { try train("stopped", "float32") }
  }

  @Test func automaticallyItIsWhatTheProcessorHas() throws {
    let settings = try Harness.settings(["--precision", "auto"])
    expectEqual(settings.precision, (Precision.bfloat16.isAccelerated ? .bfloat16 : .float32))
    #expect(throws: UsageError.self) { try Harness.settings(["--precision", "half"]) }
  }
}
