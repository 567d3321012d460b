import ClassTree
import Foundation
import Models
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// The main job from the command line to the files, on a small folder of real JPEG files.
@Suite(.serialized) struct ExperimentTests {
  static let smallCUB = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Fixtures/SmallCUB").path

  @Test func trainsOnACUBFolderAndSaysSo() throws {
    let (folder, results) = (try Trained.folder(), try Trained.results())
    expectEqual(results.data.name, "SmallCUB")
    #expect((results.data.classesTrain, results.data.classesTest) == (6, 6))
    #expect((results.data.imagesTrain, results.data.imagesTest) == (24, 24))
    expectEqual(results.runs.map(\.method), ["proxy-nca", "hpl-nca", "proxy-anchor", "hpl-pa"])
    for run in results.runs {
      #expect((0...1).contains(run.metrics.mapAtR) && run.metrics.recall[8]! >= run.metrics.recallAt1)
      #expect(run.epochs.count == 2 && run.imagesPerSecond > 0)
      expectEqual(run.hierarchy.isEmpty, !run.method.hasPrefix("hpl"))
    }
    expectEqual(results.smallerDefaults, ["--batch 24 instead of 120: 4 pictures of each of 6 classes"])
    for run in results.runs {
      let matches = try #require(run.metrics.cumulativeMatches)
      #expect(matches.count == 20 && matches[0] == run.metrics.recallAt1 && matches[7] == run.metrics.recall[8])
      #expect(
        (run.metrics.recallAt1...1).contains(try #require(run.metrics.meanReciprocalRank)) && run.remeasured == nil)
    }
    let table = try String(contentsOfFile: "\(folder)/runs/hpl-pa-seed-0/classes.csv", encoding: .utf8)
    let lines = table.split(separator: "\n")
    #expect(lines.count == 7 && lines[0] == "class,queries,precision_at_1,r_precision,map_at_r,mean_reciprocal_rank")
    #expect(lines[1].hasPrefix("007.lemon-breasted_twigling,4,"))
    let page = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
    #expect(page.contains("Smaller than usual: --batch 24 instead of 120"))
    #expect(page.contains("SmallCUB") && page.contains("data:image/png;base64,"))
    #expect(page.contains("t-SNE of the 24 test pictures") && page.contains("name=\"plane1-1\""))
    #expect(page.contains("Every point shows its picture") && page.contains("Group 3"))
    let proxies = try Safetensors(contentsOf: "\(folder)/proxies.safetensors")
    expectEqual(
      proxies.names,
      [
        "levels.0.proxies", "levels.1.proxies", "levels.2.proxies", "levels.1.parents", "levels.2.parents",
      ])
    expectEqual(proxies.metadata["method"], "hpl-pa")
    let hierarchy = try ClassHierarchy(
      contentsOf: "\(folder)/hierarchy.json", classes: results.data.classNames)
    expectEqual(hierarchy.levels.map(\.parents), results.runs[3].hierarchy.map(\.parents))
    expectEqual(hierarchy.levels.map(\.name), ["clusters:3:0.1:ward", "clusters:2:0.1"])
  }

  /// A finished run is measured once more as later options ask for it; nothing is trained, and the usual numbers stay.
  @Test func aFinishedRunIsMeasuredOnceMore() throws {
    try Trained.withCopy { folder in
      let before = try Trained.results()
      let checkpoint = try Trained.checkpoint(in: folder)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint))
      let asked = ["--whiten", "--expand-queries", "2", "--rerank", "--precision-at", "1,5"]
      let results = try Harness.results(Trained.arguments + asked, in: folder)
      #expect(try Data(contentsOf: URL(fileURLWithPath: checkpoint)) == bytes)
      expectEqual(results.runs.map(\.metrics), before.runs.map(\.metrics))
      for run in results.runs {
        let remeasured = try #require(run.remeasured)
        expectEqual(remeasured.steps, ["whiten", "expand-queries 2", "rerank", "precision-at 1,5"])
        expectEqual(remeasured.metrics.precision[1], nil)
        #expect((0...1).contains(try #require(remeasured.metrics.precision[5])) && remeasured.metrics != run.metrics)
      }
      // With precision alone the ranking is the usual one.
      let plain = try Harness.results(Trained.arguments + ["--precision-at", "3"], in: folder)
      expectEqual(plain.runs.map { $0.remeasured?.metrics.mapAtR }, before.runs.map(\.metrics.mapAtR))
      let table = try #require(Table.remeasured(Summary(plain)))
      #expect(table.contains("P@3") && table.contains("measured once more, percent: precision-at 3"))
      #expect(try Harness.results(Trained.arguments, in: folder).runs.allSatisfy { $0.remeasured == nil })
    }
  }

  @Test func theSameSeedGivesTheSameNumbersAndTheSameStart() throws {
    try inTemporaryFolder { folder in
      let arguments = [
        "--data", Self.smallCUB, "--method", "proxy-anchor,hpl-pa", "--image-size", "32", "--epochs", "2", "--warm-up",
        "1", "--threads", "2",
      ]
      let first = try run(arguments + ["--workers", "1"], in: folder)
      let second = try run(arguments + ["--workers", "3"], in: folder, output: "again")
      expectEqual(first.runs.map(\.epochs), second.runs.map(\.epochs))
      expectEqual(first.runs.map(\.metrics), second.runs.map(\.metrics))
      // The hierarchical loss has coarse proxies, which do not count yet, among its weights.
      var starts = first.runs.map { $0.epochs[0] }
      expectEqual(Set(starts.map { $0.norms?["proxies"]?.gradients }).count, 1)
      for index in starts.indices { starts[index].norms?["proxies"] = nil }
      expectEqual(starts[0], starts[1], "before the warm-up ends, flat and hierarchical agree")
      #expect(first.runs[0].epochs[1] != first.runs[1].epochs[1])
    }
  }

  @Test func savedWeightsAreTheStart() throws {
    try inTemporaryFolder { folder in
      let arguments = ["--data", Self.smallCUB, "--method", "hpl-pa", "--image-size", "32", "--epochs", "1"]
      _ = try run(arguments, in: folder)
      let weights = "\(folder)/out/model.safetensors"
      let random = try run(arguments + ["--lr", "1e-20"], in: folder, output: "random")
      let resumed = try run(arguments + ["--lr", "1e-20", "--weights", weights], in: folder, output: "resumed")
      #expect(random.runs[0].metrics != resumed.runs[0].metrics)
      let failure = CubHPLTests.failure {
        try run(arguments + ["--weights", weights, "--dimensions", "9"], in: folder, output: "x")
      }
      #expect(
        failure.contains("model.safetensors holds a small of 128 dimensions, which does not fit a small of 9"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/x"))
    }
  }

  /// From a file as torchvision's to a run of its own, whose file is the next start.
  @Test func publishedWeightsAreTheStart() throws {
    try inTemporaryFolder { folder in
      var generator = RandomGenerator(seed: 3)
      let published = ResNet<Float>(.resNet18, classes: 2, using: &generator)
      try published.tensors().write(to: "\(folder)/published.safetensors")
      let arguments = [
        "--data", Self.smallCUB, "--method", "hpl-pa", "--image-size", "32", "--epochs", "2", "--backbone", "resnet18",
        "--dimensions", "8", "--freeze-batch-norm", "--head-warm-up", "1",
      ]
      let results = try run(arguments + ["--weights", "\(folder)/published.safetensors"], in: folder)
      #expect(results.options.backbone == .published(.resNet18) && results.options.freezeBatchNorm)
      let trained = try Safetensors(contentsOf: "\(folder)/out/model.safetensors")
      let names = published.state.filter { !$0.name.hasPrefix("fc.") }.map(\.name)
      expectEqual(trained.names, names + ["head.linear.weight", "head.linear.bias"])
      for named in published.state where !named.name.hasPrefix("fc.") {
        let isTheSame = try trained.tensor(named.name, as: Float.self).scalars == named.parameter.value.scalars
        let isNorm = named.name.contains("bn") || named.name.contains("downsample.1")
        expectEqual(isTheSame, isNorm, "\(named.name)")
      }
    }
  }

  @Test func aProfileIsWrittenBesideTheReport() throws {
    let trace = try String(contentsOfFile: "\(Trained.folder())/profile.json", encoding: .utf8)
    #expect(trace.contains("\"conv2d\"") && trace.contains("\"wait for pictures\""))
  }

  @Test func severalLevelsAndSeeds() throws {
    try inTemporaryFolder { folder in
      let results = try run(
        [
          "--data", Self.smallCUB, "--method", "hpl-nca", "--image-size", "32", "--epochs", "1", "--levels",
          "1.0,clusters:3:0.1,clusters:2:0.05:centroid", "--seeds", "2",
        ], in: folder)
      expectEqual(results.runs.map(\.seed), [0, 1])
      expectEqual(results.runs[0].hierarchy.map(\.parents.count), [6, 3])
      expectEqual(results.runs[0].hierarchy.map(\.name), ["clusters:3:0.1", "clusters:2:0.05:centroid"])
    }
  }

  @Test(arguments: [
    (["--levels", "1.0,clusters:7:0.1"], "7 clusters of the 6 proxies below are not possible"),
    (["--levels", "1.0,taxonomy:0.1"], "the data has 0 levels of a taxonomy"),
    (["--batch", "48", "--samples-per-class", "4"], "there are 6"),
    (
      ["--lr", "1e30", "--batch", "8", "--samples-per-class", "2"],
      "HPL-PA: the loss became NaN in epoch 1, step 2; try a smaller --lr"
    ),
  ])
  func whatDoesNotFitIsOneLineAndLeavesNothing(_ options: [String], _ message: String) throws {
    try inTemporaryFolder { folder in
      let failure = CubHPLTests.failure {
        try run(["--data", Self.smallCUB, "--method", "hpl-pa", "--image-size", "32"] + options, in: folder)
      }
      #expect(failure.contains(message), "\(failure)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
    }
  }

  @Test func brokenPicturesStopOrAreSkipped() throws {
    try inTemporaryFolder { folder in
      let copy = "\(folder)/cub"
      try FileManager.default.copyItem(atPath: Self.smallCUB, toPath: copy)
      let first = try String(contentsOfFile: "\(copy)/images.txt", encoding: .utf8).split(separator: "\n")[0]
      let picture = "\(copy)/images/" + first.split(separator: " ")[1]
      let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: picture))
      let arguments = ["--data", copy, "--method", "hpl-pa", "--image-size", "32", "--epochs", "1"]
      let failure = CubHPLTests.failure { try run(arguments, in: folder) }
      #expect(failure.contains(picture) && failure.contains("--skip-broken"))
      let results = try run(arguments + ["--skip-broken"], in: folder)
      expectEqual(results.data.skippedFiles, [picture])
      expectEqual(results.data.imagesTrain, 23)
    }
  }

  private func run(_ arguments: [String], in folder: String, output: String = "out") throws -> Results {
    try Harness.results(arguments, in: "\(folder)/\(output)")
  }
}
