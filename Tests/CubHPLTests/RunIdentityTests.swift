import ClassTree
import Foundation
import Tensor
import Testing
import _TestSupport

@testable import CubHPL

/// What a run is gone on with: the same contents, wherever they lie; and for longer.
@Suite(.serialized) struct RunIdentityTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private static let small = ["--image-size", "32", "--dimensions", "8", "--threads", "2"]

  private func run(_ arguments: [String], output: String = "out") throws -> Results.Run {
    let method = arguments.contains("--method") ? [] : ["--method", "proxy-anchor"]
    return try Harness.results(Self.small + method + arguments, in: "\(folder)/\(output)").runs[0]
  }

  private func withData(_ body: (_ data: String) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: ExperimentTests.smallCUB, toPath: "\(folder)/data")
    try body("\(folder)/data")
  }

  /// The first picture of two training classes.
  private func pictures(_ data: String) throws -> [String] {
    let lines = try String(contentsOfFile: "\(data)/images.txt", encoding: .utf8).split(separator: "\n")
    return [lines[0], lines[5]].map { "\(data)/images/" + $0.split(separator: " ")[1] }
  }

  @Test func swappedPicturesAreOtherData() throws {
    try withData { data in
      let first = try run(["--data", data, "--epochs", "1"])
      let moved = "\(try OutputFolder(within: "\(folder)/moved").path)/data"
      try FileManager.default.copyItem(atPath: data, toPath: moved)
      try expectEqual(run(["--data", moved, "--epochs", "1"]), first, "the same pictures elsewhere")
      let pair = try pictures(data)
      try FileManager.default.moveItem(atPath: pair[0], toPath: "\(folder)/x")
      try FileManager.default.moveItem(atPath: pair[1], toPath: pair[0])
      try FileManager.default.moveItem(atPath: "\(folder)/x", toPath: pair[1])
      let line = failure { try run(["--data", data, "--epochs", "1"]) }
      #expect(line.contains("is of a run with other settings: pictures (there ") && !line.contains("split"), "\(line)")
    }
  }

  @Test func anotherFileOfWeightsIsNamed() throws {
    try withData { data in
      func writeWeights(_ seed: UInt64, to name: String) throws {
        var generator = RandomGenerator(seed: seed)
        try BackboneKind.small.makeNetwork(embedding: 8, using: &generator).tensors().write(to: "\(folder)/\(name)")
      }
      try writeWeights(1, to: "w.safetensors")
      let arguments = ["--data", data, "--epochs", "1", "--weights", "\(folder)/w.safetensors"]
      let first = try run(arguments)
      try writeWeights(1, to: "same.safetensors")
      try expectEqual(run(arguments.dropLast() + ["\(folder)/same.safetensors"]), first)
      try writeWeights(2, to: "w.safetensors")
      #expect(failure { try run(arguments) }.contains("other settings: weights (there "))
    }
  }

  @Test func weightsWithNaNAreNamedBeforeTraining() throws {
    try withData { data in
      var generator = RandomGenerator(seed: 1)
      var file = BackboneKind.small.makeNetwork(embedding: 8, using: &generator).tensors()
      file.set(Tensor<Float>.full([8], .nan), for: "head.linear.bias")
      try file.write(to: "\(folder)/w.safetensors")
      let line = failure { try run(["--data", data, "--epochs", "1", "--weights", "\(folder)/w.safetensors"]) }
      #expect(line.contains("w.safetensors does not fit: NaN or infinity in head.linear.bias"), "\(line)")
    }
  }

  @Test func moreEpochsLengthenARun() throws {
    try withData { data in
      let arguments = ["--data", data, "--schedule", "constant"]
      let through = try run(arguments + ["--epochs", "3"], output: "through")
      let short = try run(arguments + ["--epochs", "2"])
      let long = try run(arguments + ["--epochs", "3"])
      expectEqual(Array(long.epochs.prefix(2)), short.epochs)
      expectEqual(long.epochs.count, 3)
      expectEqual(long.epochs, through.epochs, "with a constant learning rate nothing tells them apart")
      expectEqual(long.metrics, through.metrics)
      expectEqual(long.tested, "epoch 3, the last: no validation classes; lengthened from 2")
      try expectEqual(run(arguments + ["--epochs", "3"]), long, "it is finished now")
      #expect(failure { try run(arguments + ["--epochs", "2"]) }.contains("epochs (there 3, now 2)"))
      let state = try Checkpoint(contentsOf: "\(folder)/out/runs/proxy-anchor-seed-0/last.safetensors").state
      expectEqual(state.lengthened, [2])
    }
  }

  @Test func commandsTakeTheDataThatAModelWasTrainedOn() throws {
    try withData { data in
      _ = try run(["--data", data, "--epochs", "1"])
      let model = ["--checkpoint", "\(folder)/out/runs/proxy-anchor-seed-0/last.safetensors", "--quiet"]
      let query = try pictures(data)[0]
      func command(_ arguments: [String]) throws { try Harness.run(arguments + model) }
      try command(["tsne", "--output", "\(folder)/plane"])
      let table = try String(contentsOfFile: "\(folder)/plane/tsne.csv", encoding: .utf8)
      #expect(table.split(separator: "\n").count == 25 && table.contains("\(data)/images/"))
      let search = ["search", "--query", query, "--output", "\(folder)/found.html"]
      try command(search)
      let page = try String(contentsOfFile: "\(folder)/found.html", encoding: .utf8)
      #expect(page.contains("</span><code>images/") && page.matches(of: /<li>/).count == 10)
      // Not silently other ones.
      try FileManager.default.copyItem(atPath: query, toPath: "\(folder)/query.jpg")
      try FileManager.default.removeItem(atPath: query)
      try FileManager.default.copyItem(atPath: pictures(data)[1], toPath: query)
      for arguments in [["tsne", "--output", "\(folder)/other"], search] {
        let line = failure { try command(arguments) }
        #expect(line.contains("was trained on other pictures than there are now in \(data): give --data"), "\(line)")
      }
      try FileManager.default.removeItem(atPath: data)
      let line = failure { try command(["search", "--query", "\(folder)/query.jpg"]) }
      #expect(line.contains("was trained on \(data), which is not there: give --data"), "\(line)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/other"))
    }
  }

  @Test func aHierarchyWithoutLevelsIsNoTaxonomy() throws {
    try withData { data in
      let names = try TrainingData(DataRequest(Harness.settings(["--data", data]))) { _ in }.train.classNames
      let file = "\(folder)/h.json"
      try ClassHierarchy(classes: names, levels: []).write(to: file)
      let line = failure { try run(["--data", data, "--epochs", "1", "--method", "hpl-pa", "--hierarchy", file]) }
      #expect(line.contains("h.json: levels: there is none"), "\(line)")
    }
  }
}
