import Foundation
import HPL
import Models
import NN
import Tensor
import Testing
import Vision
import _TestSupport

@testable import CubHPL

/// Parts of a program of one's own: named, trained with, saved, and what the stock program makes of their checkpoints.
@Suite(.serialized) struct OwnPartTests {
  private static let parts = OwnParts(
    backbones: [
      NamedBackbone("tiny") { dimensions, _, generator in
        SmallResNet<Float>(embedding: dimensions, widths: [4, 4, 4, 4], using: &generator)
      }
    ],
    transforms: [NamedTransform("negative") { _ in Negative() }],
    samplers: [
      NamedSampler("own-sampler") {
        try ShuffledSampler(
          count: $0.labels.count, batch: $0.batch, seed: $0.seed, dropsLast: true)
      }
    ],
    optimizers: [NamedOptimizer("plain") { SGD($0, weightDecay: $1) }])

  private struct Negative: Transform {
    func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> { 1 - image }
  }

  private static let methods = MethodList(
    adding: [.proxies("own", title: "Own") { _ in CosFace() }], parts)

  @Test func theStockProgramSaysWhatItLacks() throws {
    try inTemporaryFolder { folder in
      let small = [
        "--data", ExperimentTests.smallCUB, "--image-size", "32", "--dimensions", "8", "--epochs", "1", "--batch", "8",
        "--method", "own", "--threads", "2", "--augment", "negative", "--sampler", "own-sampler",
        "--optimizer",
        "plain",
      ]
      func run(_ name: String, _ arguments: [String]) throws -> String {
        let results = try Harness.results(small + arguments, in: "\(folder)/\(name)", methods: Self.methods)
        expectEqual(results.options.optimizer.rawValue, "plain")
        expectEqual(try #require(results.options.augment).map(\.name), ["negative"])
        return "\(folder)/\(name)/runs/own-seed-0/last.safetensors"
      }
      let embed = [
        "embed", "\(ExperimentTests.smallCUB)/images", "--output", "\(folder)/e.npy", "--quiet", "--checkpoint",
      ]
      // A method, a sampler and the like of another program, on a network that is known.
      let known = try run("known", [])
      try Harness.run(embed + [known])
      let model = try TrainedModel(checkpoint: known)
      #expect(model.method == nil && model.loss == nil && model.state.title == "Own")
      #expect(try Inspection.text(of: model, at: known).contains("does not know the method 'own'"))
      #expect(try TrainedModel(checkpoint: known, methods: Self.methods).loss != nil)
      // A network of another program.
      let foreign = try run("foreign", ["--backbone", "tiny"])
      try Harness.run(embed + [foreign], methods: Self.methods)
      let line = failure { try Harness.run(embed + [foreign]) }
      #expect(line.contains("last.safetensors holds the network 'tiny', which this program does not know"), "\(line)")
      #expect(!line.contains("\n"))
    }
  }

  @Test func ownNamesStandBesideTheProgramsOwn() throws {
    let settings = try Harness.settings(
      "--backbone", "tiny", "--augment", "rotation:10,negative", methods: Self.methods)
    let text = try JSONEncoder().encode(settings)
    let read = try JSONDecoder().decode(Settings.self, from: text)
    #expect(read == settings && read.backbone.isOwn)
    try read.check()
    #expect(failure { try Harness.settings("--backbone", "tiny") }.contains("unknown backbone 'tiny'"))
    #expect(failure { try Harness.settings("--augment", "negative") }.contains("unknown augmentation 'negative'"))
    let help = Help.text(Self.methods, command: TrainCommand.self)
    for name in ["tiny", "negative", "own-sampler", "plain"] { #expect(help.contains(name), "\(name)") }
  }

  @Test func twoOfOneNameTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = MethodList(adding: [], OwnParts(optimizers: [NamedOptimizer("sgd") { SGD($0, weightDecay: $1) }]))
    }
    await #expect(processExitsWith: .failure) { _ = NamedSampler("Own sampler") { _ in fatalError() } }
  }

  @Test(arguments: [
    ("", "unknown augmentation ''"), ("rotation", "needs a number from 0.0 to 180.0, as in rotation:36.0"),
    ("rotation:200", "needs a number"), ("rand-augment:2.5", "needs a whole number from 0 to 30"),
    ("random-erase:1", "did you mean random-erasing?"), ("rotation:1,rotation:2", "rotation is named twice"),
  ])
  func wrongAugmentationsAreNamed(_ text: String, _ reason: String) {
    let line = failure { try Harness.settings("--augment", text) }
    #expect(line.contains(reason), "\(line)")
  }

  /// What is not asked for draws nothing, so that pictures stay what they were.
  @Test func augmentationsStandInTheirPlace() throws {
    func steps(_ arguments: String...) throws -> [String] {
      try Pipeline.training(Harness.settings(arguments)).steps.map { "\(type(of: $0))" }
    }
    expectEqual(try steps(), ["RandomResizedCrop", "RandomHorizontalFlip", "Normalize"])
    expectEqual(
      try steps("--augment", "random-erasing:0.5,mixed-resolution:0.5,color-jitter:0.4,rand-augment:9,rotation:5"),
      [
        "RandomResizedCrop", "RandomHorizontalFlip", "RandomResolution", "ColorJitter", "RandAugment", "RandomRotation",
        "Normalize",
        "RandomErasing",
      ])
  }
}
