import Collectives
import Foundation
import HPL
import Models
import NN
import Retrieval
import Tensor
import Testing
import Vision

@testable import CubHPL

/// What training is for: classes that it never saw are told apart better than by the network it started from, and than by
/// chance, with every method.
@Suite struct TrainingHelpsTests {
  private static let (classes, pictures) = (16, 8)

  /// Checkerboards of grey and a colour, whose hue is the class, those of training and of test in turns; how bright grey and colour
  /// are says nothing, and is what a network sees first that has learned nothing.
  private static let boards: ImageDataset = {
    var generator = RandomGenerator(seed: 0)
    let side = 36
    let samples = (0..<classes * pictures).map { index in
      let label = index / pictures
      let hue = Double(label < classes / 2 ? 2 * label : 2 * (label - classes / 2) + 1) / Double(classes)
      let brightness = [Double.random(in: 0...1, using: &generator), Double.random(in: 0.5...1, using: &generator)]
      let color = (0..<3).map { channel in
        brightness[1] * (0.6 + 0.4 * cos(2 * Double.pi * (hue - Double(channel) / 3)))
      }
      let pixels = (0..<side * side).flatMap { place in
        let isColored = (place / side / 4 + place % side / 4) % 2 == 0
        return (0..<3).map { UInt8(255 * (isColored ? color[$0] : brightness[0])) }
      }
      let image = Image(Tensor(pixels, shape: [side, side, 3]))
      return ImageDataset.Sample(source: .memory(image, name: "\(index)"), label: label)
    }
    return ImageDataset(name: "boards", classNames: (0..<classes).map { "class \($0)" }, samples: samples)
  }()

  /// The mean of MAP@R over all orders of the test pictures: at each of the R ranks the chance of a picture of the class, times the
  /// precision up to there that is to be expected where it is one.
  private static let chance: Double = {
    let (count, relevant) = (Double(classes / 2 * pictures - 1), Double(pictures - 1))
    let terms = (1...pictures - 1).map { rank in
      (1 + Double(rank - 1) * (relevant - 1) / (count - 1)) / Double(rank)
    }
    return terms.reduce(0, +) / relevant * relevant / count
  }()

  private static let options = [
    "--image-size", "32", "--dimensions", "16", "--epochs", "6", "--batch", "32", "--lr", "1e-2",
  ]

  /// A folder with the boards as pictures, and what the program makes of it.
  private static let data = Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("boards-\(UUID())").path
    Removal.atExit(folder)
    try CUBFolder.write(boards, to: URL(fileURLWithPath: folder))
    return (folder: folder, data: try TrainingData(DataRequest(Harness.settings("--data", folder))) { _ in })
  }

  /// MAP@R of the network that every method starts with.
  private static let untrained = Result {
    let (folder, data) = try Self.data.get()
    let settings = try Harness.settings(["--data", folder] + options)
    var generator = RandomGenerator(seed: 0)
    return try mapAtR(settings.backbone.makeNetwork(embedding: 16, using: &generator), settings, data)
  }

  private static func mapAtR(
    _ network: any Backbone<Float>, _ settings: Settings, _ data: TrainingData
  ) throws -> Double {
    let embeddings = try network.embeddings(of: data.test, settings, over: .alone, workers: 2)
    return try RetrievalMetrics(embeddings: embeddings, labels: Labels(data.test.labels)).mapAtR
  }

  /// Of those that `compare` takes; the others' gradients are checked with the losses.
  @Test(arguments: MethodList.standard.all.filter { MethodList.standard.compared.contains($0.flatName) }.map(\.name))
  func everyMethodLearns(_ method: String) throws {
    try inTemporaryFolder { folder in
      let (boards, data) = try Self.data.get()
      let given = try Harness.given(
        ["--data", boards, "--output", folder, "--method", method] + Self.options
          + (method.hasPrefix("hpl") ? ["--warm-up", "1"] : []))
      let settings = try Settings(given).fitted(to: data.train, given)
      let plan = RunPlan(method: MethodList.standard[method]!, seed: 0, settings: settings)
      let run = try TrainingRun(plan, data: data, folder: RunFolder(OutputFolder(folder), plan, data, over: .alone))
      let progress = Progress(plan: .init(epochs: settings.epochs, steps: [1]), style: .quiet)
      while !run.isFinished { try run.advance(progress) }
      let trained = try Self.mapAtR(run.model, settings, data)
      #expect(trained > (try Self.untrained.get()) * 1.1 && trained > Self.chance * 1.1)
    }
  }
}
