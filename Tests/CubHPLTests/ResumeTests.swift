import ClassTree
import Clustering
import Collectives
import Foundation
import HPL
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// Runs that stop and go on, and files that cannot be gone on with.
@Suite(.serialized) struct ResumeTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private static let arguments = [
    "--data", ExperimentTests.smallCUB, "--image-size", "32", "--epochs", "4", "--dimensions", "8", "--warm-up", "1",
    "--recluster", "1", "--batch", "4", "--samples-per-class", "2", "--threads", "2",
  ]

  /// A run with everything that has a state: clusters renewed, averages, accumulated gradients, validation.
  private func makeRun(
    _ name: String, _ method: String = "hpl-pa", levels: String = "1.0,clusters:2:0.1",
    adding more: [String] = ["--ema", "0.9", "--accumulate", "2", "--validation-classes", "2"]
  ) throws -> TrainingRun {
    // The method is the plan's; the options are for one with levels.
    let settings = try Harness.settings(Self.arguments + more + ["--method", "hpl-pa", "--levels", levels])
    let data = try TrainingData(DataRequest(settings)) { _ in }
    let plan = RunPlan(method: MethodList.standard[method]!, seed: 3, settings: settings)
    return try TrainingRun(
      plan, data: data, folder: RunFolder(OutputFolder("\(folder)/\(name)"), plan, data, over: .alone))
  }

  private func train(_ run: TrainingRun, epochs: Int = 9) throws {
    let progress = Progress(plan: .init(epochs: 4, steps: [1]), style: .quiet)
    for _ in 0..<epochs where !run.isFinished { try run.advance(progress) }
  }

  /// The batch-norms of a network see pieces of a batch, so that it takes another course; at most three of four pictures are two each.
  @Test func aBatchInPiecesIsTrained() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let runs = try [[], ["--pieces-of", "3"], ["--pieces-of", "2"]].map { more in
      let run = try makeRun("pieces\(more.last ?? "")", "triplet", adding: more)
      try train(run, epochs: 1)
      return run.curve[0].loss
    }
    #expect(runs[0] != runs[1] && runs[1] == runs[2] && runs[1].isFinite)
  }

  private func contents(_ path: String) throws -> [String: [Double]] {
    let file = try Safetensors(contentsOf: path)
    return Dictionary(
      uniqueKeysWithValues: try file.names.map { ($0, try file.tensor($0, convertingTo: Double.self).scalars) })
  }

  @Test(arguments: ["hpl-pa", "soft-triple", "triplet"])
  func aRunThatStoppedGoesOnBitForBit(_ method: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let through = try makeRun("through", method)
    try train(through)
    try train(makeRun("stopped", method), epochs: 2)
    let resumed = try makeRun("stopped", method)
    expectEqual(resumed.curve.count, 2)
    try train(resumed)
    #expect(resumed.isFinished && resumed.curve == through.curve)
    for name in ["last", "best"] {
      let (one, other) = (
        try contents(through.folder.file("\(name).safetensors")),
        try contents(resumed.folder.file("\(name).safetensors"))
      )
      #expect(one == other && one["generator"] != nil && one["ema.updates"] != nil)
      #expect(one.keys.contains { $0.hasPrefix("optimizer.network.") })
      expectEqual(one.keys.contains { $0.hasPrefix("centroids.") }, (method == "hpl-pa"))
    }
  }

  @Test func clustersOfMeansAndWeightsThatRiseGoOnToo() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (levels, more) = ("1.0,clusters:3:0.1:means", ["--level-ramp", "2"])
    let through = try makeRun("through", levels: levels, adding: more)
    try train(through, epochs: 1)
    let pictures = through.classes.train
    let embeddings = try through.model.embeddings(of: pictures, through.plan.settings, over: .alone, workers: 0)
    let means = classMeans(of: embeddings, labels: Labels(pictures.labels), classes: 6).normalized(along: 1)
    try train(through, epochs: 1)
    var generator = RandomGenerator(seed: 0)
    let expected = KMeans(clusters: 3).fit(means, using: &generator).assignments.scalars
    let found = try #require(through.objective.proxies?.ancestors(on: 1))
    #expect(PartitionAgreement(of: found, with: expected).normalizedMutualInformation > 0.999)
    expectEqual(through.objective.proxies?.coarseWeightFactor, 1.0 / 3)
    try train(through)
    expectEqual(through.objective.proxies?.coarseWeightFactor, 1)
    #expect(through.curve[0].groups == nil && through.curve[0].accuracies?.count == 1)
    expectEqual(through.curve[1].groups, [.init()], "the first clusters have none to have moved from")
    #expect(through.curve[2].groups?[0].moved != nil && through.curve[2].accuracies?.count == 2)

    try train(makeRun("stopped", levels: levels, adding: more), epochs: 2)
    let resumed = try makeRun("stopped", levels: levels, adding: more)
    try train(resumed)
    expectEqual(resumed.curve, through.curve)
    try expectEqual(contents(resumed.folder.last), contents(through.folder.last))
  }

  @Test func aCheckpointIsLoadedInOneCall() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try makeRun("run")
    try train(run, epochs: 2)
    let trained = try TrainedModel(checkpoint: run.folder.last)
    expectEqual(trained.method?.name, "hpl-pa")
    expectEqual(trained.state.curve.count, 2)
    expectEqual(trained.state.seed, 3)
    expectEqual(trained.state.classNames.count, 4)
    expectEqual(trained.settings.dimensions, 8)
    expectEqual(trained.loss?.levels[1].parents, run.objective.proxies?.levels[1].parents)
    expectEqual(trained.loss?.levels[0].proxies?.value.scalars, run.objective.proxies?.levels[0].proxies?.value.scalars)
    let (own, averages) = (run.model.state[0].parameter.value.scalars, trained.network.state[0].parameter.value.scalars)
    #expect(own != averages, "the averaged weights are loaded")
    #expect(failure { _ = try TrainedModel(checkpoint: "\(folder)/none.safetensors") }.contains("none.safetensors"))
  }

  /// What a process has trained it tests from memory: with averages and the best epoch, and without.
  @Test(arguments: [["--ema", "0.9", "--validation-classes", "2"], []])
  func whatWasTrainedIsNotReadBack(_ more: [String]) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try makeRun("run", adding: more)
    try train(run)
    let file = try TrainedModel(checkpoint: run.folder.file(run.testedCheckpoint))
    try FileManager.default.removeItem(atPath: run.folder.path)
    let kept = try run.testedModel(.standard)
    expectEqual(kept.state, file.state)
    for (a, b) in zip(
      kept.network.state + (kept.loss?.parameters ?? []), file.network.state + (file.loss?.parameters ?? []))
    {
      expectEqual(a.name, b.name, "\(a.name)")
      expectEqual(a.parameter.value.scalars, b.parameter.value.scalars, "\(a.name)")
    }
    expectEqual(kept.loss?.levels[1].parents, file.loss?.levels[1].parents)
  }

  @Test func aTaxonomyComesFromTheFile() throws {
    var generator = RandomGenerator(seed: 0)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let settings = try Harness.settings(
      "--data", ExperimentTests.smallCUB, "--levels", "1,taxonomy:0.1", "--dimensions", "8")
    let method = MethodList.standard["hpl-nca"]!
    let taxonomy = try ClassHierarchy(
      classes: ["x", "y", "z"], levels: [.init(name: "", groups: ["a", "b"], parents: [1, 0, 1])])
    var tensors = Safetensors()
    let network = settings.backbone.makeNetwork(embedding: 8, using: &generator)
    network.save(into: &tensors, prefix: "model.")
    try method.objective(settings, classes: 3, taxonomy: taxonomy, using: &generator).proxies!
      .save(into: &tensors, prefix: "loss.")
    let data = try TrainingData(DataRequest(settings)) { _ in }
    let state = Checkpoint.State(
      identity: .init(settings, data: data), method: "hpl-nca", title: "", seed: 0, fold: nil, curve: [], seconds: 0,
      imagesSeen: 0, classNames: ["x", "y", "z"])
    let path = "\(try OutputFolder(folder).path)/c.safetensors"
    try Checkpoint(state, tensors).write(to: path)
    try expectEqual(TrainedModel(checkpoint: path).loss?.levels[1].parents, [1, 0, 1])
  }

  @Test func otherSettingsAreRefusedAndNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try train(makeRun("run"), epochs: 1)
    let line = failure {
      _ = try makeRun(
        "run", adding: ["--ema", "0.8", "--accumulate", "2", "--validation-classes", "2", "--lr", "0.01"])
    }
    #expect(line.contains("runs/hpl-pa-seed-3/last.safetensors is of a run with other settings"))
    #expect(line.contains("ema (there 0.9, now 0.8)") && line.contains("learning_rate") && line.contains("--output"))
    #expect(!line.contains("accumulate"))
  }

  @Test func damagedCheckpointsSayWhatToDo() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try makeRun("run")
    try train(run, epochs: 1)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: run.folder.last))
    for count in [0, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: run.folder.last))
      let line = failure { _ = try makeRun("run") }
      #expect(line.contains(run.folder.last) && line.contains("delete the file"), "\(line)")
      expectEqual(failure { _ = try TrainedModel(checkpoint: run.folder.last) }, line)
    }
    var strange = Safetensors()
    strange.set(Tensor<Float>(1), for: "x")
    try strange.write(to: run.folder.last)
    #expect(failure { _ = try makeRun("run") }.contains("is no checkpoint of cub-hpl"))
  }

  @Test func aCheckpointOfOtherClassesIsRefusedAndOfAnotherMethodHasItsNetwork() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try makeRun("run")
    try train(run, epochs: 1)
    let good = try Checkpoint(contentsOf: run.folder.last)
    var state = good.state
    state.classNames.removeLast()
    try Checkpoint(state, good.tensors).write(to: run.folder.last)
    #expect(failure { _ = try TrainedModel(checkpoint: run.folder.last) }.contains("levels.1.parents' does not put 3"))
    state = good.state
    state.method = "hardest"
    try Checkpoint(state, good.tensors).write(to: run.folder.last)
    let other = try TrainedModel(checkpoint: run.folder.last)
    #expect(other.method == nil && other.loss == nil, "the network can be used all the same")
  }

  @Test func anotherNetworkIsNamed() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try makeRun("run")
    try train(run, epochs: 1)
    let line = failure { _ = try makeRun("other", adding: ["--weights", run.folder.last, "--backbone", "resnet18"]) }
    #expect(line.contains("holds a small of 8 dimensions, which does not fit a resnet18 of 8 dimensions"))
    let started = try makeRun("started", adding: ["--weights", run.folder.last])
    let trained = try TrainedModel(checkpoint: run.folder.last)
    expectEqual(started.model.state[0].parameter.value.scalars, trained.network.state[0].parameter.value.scalars)
  }

  @Test func patienceEndsARun() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try makeRun(
      "run",
      adding: [
        "--lr", "1e-20", "--validation-classes", "2", "--patience", "2", "--freeze-batch-norm",
        "--weights", try frozenWeights(),
      ])
    try train(run)
    expectEqual(run.curve.count, 3, "nothing changes, so that nothing gets better")
    expectEqual(run.curve.best?.epoch, 1, "nothing changes, so that nothing gets better")
  }

  private func frozenWeights() throws -> String {
    var generator = RandomGenerator(seed: 2)
    let path = "\(try OutputFolder(folder).path)/w.safetensors"
    try BackboneKind.small.makeNetwork(embedding: 8, using: &generator).tensors().write(to: path)
    return path
  }

  @Test func validationClassesAreSpreadAndTheSameEachTime() throws {
    try expectEqual(ValidationClasses.count(4).heldOut(of: 12), [2, 5, 8, 11])
    try expectEqual(ValidationClasses.share(0.25).heldOut(of: 12), [3, 7, 11].map { $0 })
    #expect(try ValidationClasses.none.heldOut(of: 12).isEmpty)
    for wrong in [ValidationClasses.count(1), .count(11), .share(0.01), .share(0.99)] {
      #expect(throws: UsageError.self) { try wrong.heldOut(of: 12) }
    }
    let settings = try Harness.settings(Self.arguments + ["--validation-classes", "2"])
    let data = try TrainingData(DataRequest(settings)) { _ in }
    let classes = try data.classes(settings, fold: nil)
    #expect(classes.train.classNames + classes.validation!.classNames != data.train.classNames)
    expectEqual(Set(classes.train.classNames + classes.validation!.classNames), Set(data.train.classNames))
    #expect(Set(classes.validation!.classNames).isDisjoint(with: data.test.classNames))
  }
}
