import Foundation
import HPL
import NN
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// A loss of a user's own with parameters: each level of a hierarchy has its own, trained and saved under the level's name.
@Suite(.serialized) struct OwnLossParameterTests {
  /// Softmax with a learned margin for each proxy.
  private final class LearnedMargins: ProxyLoss {
    let margins: Parameter<Float>
    let direction: Parameter<Float>

    init(_ level: Method.Level) {
      margins = Parameter(.full([level.count], 0.25))
      direction = Parameter(.ones([level.dimensions]))
    }

    func callAsFunction(_ similarities: Tensor<Float>, targets: Labels) -> Tensor<Float> {
      logNumber("margin", margins.value.mean())
      return CosFace(margin: 0, scale: 8)(similarities - margins.value, targets: targets)
    }

    func penalty(on proxies: Tensor<Float>) -> Tensor<Float>? { (proxies * direction.value).mean() }
  }

  private static let methods = MethodList(adding: [.proxies("own", title: "Own") { LearnedMargins($0) }])
  private static let names = ["margins", "direction"]

  @Test func everyLevelHasALossOfItsOwn() throws {
    let settings = try Harness.settings("--dimensions", "8", "--levels", "1.0,clusters:3:0.1,clusters:2:0.05")
    var generator = RandomGenerator(seed: 1)
    let objective = try Self.methods["hpl-own"]!.objective(settings, classes: 6, taxonomy: nil, using: &generator)
    let expected = [6, 3, 2].enumerated().flatMap { level, count in
      [
        "levels.\(level).proxies": [count, 8], "levels.\(level).loss.margins": [count],
        "levels.\(level).loss.direction": [8],
      ]
    }
    let shapes = objective.parameters.map { ($0.name, $0.parameter.shape) }
    expectEqual(Dictionary(uniqueKeysWithValues: shapes), Dictionary(uniqueKeysWithValues: expected))
    let embeddings = Tensor<Float>.normal([8, 8], using: &generator)
    let value = objective.value(seed: 0, epoch: 0)(embeddings, Labels((0..<8).map { $0 % 6 }))
    let gradients = value.total.backward()
    #expect(objective.parameters.allSatisfy { $0.parameter.gradient(in: gradients) != nil })
  }

  @Test func theyAreTrainedAndSavedAndRead() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let arguments = [
      "--data", ExperimentTests.smallCUB, "--image-size", "32", "--epochs", "3", "--dimensions", "8", "--method",
      "own,hpl-own", "--levels", "1.0,clusters:2:0.1", "--warm-up", "1", "--output", folder, "--quiet",
    ]
    try Harness.run(arguments, methods: Self.methods)
    let file = try Safetensors(contentsOf: "\(folder)/runs/hpl-own-seed-0/last.safetensors")
    var margins: [[Float]] = []
    for level in 0...1 {
      let tensor: Tensor<Float> = try file.tensor("loss.levels.\(level).loss.margins")
      margins.append(tensor.scalars)
      #expect(tensor.scalars.contains { $0 != 0.25 }, "trained")
      #expect(file.contains("optimizer.proxies.levels.\(level).loss.margins.mean"))
    }
    #expect(margins[1].count == 2 && margins[0].count > 2 && Array(margins[0][..<2]) != margins[1])
    let model = try TrainedModel(
      checkpoint: "\(folder)/runs/hpl-own-seed-0/last.safetensors", methods: Self.methods)
    let read = try #require(model.loss).parameters.filter { $0.name.hasSuffix("margins") }
    expectEqual(read.map { $0.parameter.value.scalars }, margins)
    let flat = try Safetensors(contentsOf: "\(folder)/runs/own-seed-0/last.safetensors")
    #expect(flat.contains("loss.levels.0.loss.margins"))
    try told(folder)
  }

  /// What the losses log, and what training writes down beside it, is in every file.
  private func told(_ folder: String) throws {
    let runs = try Harness.results(in: folder).runs
    expectEqual(runs[0].epochs.map { $0.logged?.keys.sorted() }, [["margin"], ["margin"], ["margin"]])
    expectEqual(
      runs[1].epochs.map { $0.logged?.keys.sorted().count }, [1, 2, 2], "the coarse level begins in the second epoch")
    for run in runs {
      #expect(run.epochs.allSatisfy { $0.probeMapAtR != nil && $0.norms?.keys.sorted() == ["network", "proxies"] })
      #expect(run.epochs.allSatisfy { ($0.norms?.values.allSatisfy { $0.gradients > 0 && $0.weights > 0 }) == true })
      #expect(run.probe?.hasPrefix("2 of the 6 classes that are trained on") == true)
      #expect(run.costs?.count == 3 && run.costs?.allSatisfy { $0.backward > 0 && $0.peakMebibytes > 10 } == true)
    }
    let curves = try String(contentsOfFile: "\(folder)/runs/hpl-own-seed-0/curves.csv", encoding: .utf8)
    for name in ["logged_margin_level_1", "gradient_norm_network", "seconds_backward", "probe_map_at_r"] {
      #expect(curves.contains(",\(name)"), "\(name)")
    }
    let page = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
    #expect(page.contains("Logged: margin/level_1") && page.contains("<h2 id=\"costs\">") && !page.contains("<script"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/live.json"))
  }

  /// A loss of pairs that is a plain 0 where a batch has nothing to compare does not end the training.
  @Test func aConstantZeroChangesNothing() throws {
    struct NoPairs: PairLoss {
      func callAsFunction(_ embeddings: Tensor<Float>, labels: Labels) -> Tensor<Float> { Tensor(0) }
    }
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let methods = MethodList(adding: [.pairs("none", title: "None") { _ in NoPairs() }])
    let arguments = [
      "--data", ExperimentTests.smallCUB, "--image-size", "32", "--epochs", "1", "--dimensions", "8", "--method",
      "none",
      "--output", folder, "--quiet",
    ]
    try Harness.run(arguments, methods: methods)
    #expect(FileManager.default.fileExists(atPath: "\(folder)/results.json"))
  }
}
