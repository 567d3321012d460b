import ClassTree
import Foundation
import Retrieval
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
      let embed = ["embed", "--output", "\(folder)/own.npy"]
      try command(embed)
      let names = try String(contentsOfFile: "\(folder)/own.txt", encoding: .utf8).split(separator: "\n")
      #expect(names.count == 24 && names.allSatisfy { $0.hasPrefix("images/") })
      let index = ["index", "--gallery", "\(folder)/own.gallery"]
      try command(index)
      let gallery = try Gallery(contentsOf: "\(folder)/own.gallery")
      #expect(gallery.count == 24 && gallery.classNames.count == 6 && gallery.names[0].hasPrefix("images/"))
      try command(["classify", "--gallery", "\(folder)/own.gallery"])
      let trained = try TrainedModel(checkpoint: model[1])
      #expect(try Inspection.text(of: trained, at: model[1]).contains("trained on \(data) (CUB-200-2011); 6 training"))
      // Not silently other ones.
      try FileManager.default.copyItem(atPath: query, toPath: "\(folder)/query.jpg")
      try FileManager.default.removeItem(atPath: query)
      try FileManager.default.copyItem(atPath: pictures(data)[1], toPath: query)
      for arguments in [["tsne", "--output", "\(folder)/other"], search, embed, index] {
        let line = failure { try command(arguments) }
        #expect(line.contains("was trained on other pictures than there are now in \(data): "), "\(line)")
        let advice = arguments == embed || arguments == index ? "name a folder of pictures" : "give --data"
        #expect(line.hasSuffix(advice), "\(line)")
      }
      try FileManager.default.removeItem(atPath: data)
      let line = failure { try command(["search", "--query", "\(folder)/query.jpg"]) }
      #expect(line.contains("was trained on \(data), which is not there: give --data"), "\(line)")
      #expect(failure { try command(embed) }.contains("which is not there: name a folder of pictures"))
      #expect(try Inspection.text(of: trained, at: model[1]).contains("which is not there any more"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/other"))
    }
  }

  /// The pictures that were left out are left out again where a command takes the model's own data.
  @Test func brokenPicturesStayLeftOut() throws {
    try withData { data in
      try Data([0xFF, 0xD8, 1]).write(to: URL(fileURLWithPath: pictures(data)[0]))
      let settings = try Harness.settings("--data", data, "--skip-broken")
      let source = try #require(try TrainingData(DataRequest(settings)) { _ in }.source)
      let kept = try JSONDecoder().decode(DataSource.self, from: JSONEncoder().encode(source))
      expectEqual(try TrainingData(DataRequest(kept)) { _ in }.train.count, 23)
    }
  }

  /// Other groups of the same classes are other data: methods, samplers and measures may use them.
  @Test func otherGroupsAreOtherData() throws {
    try withData { data in
      let classes = try FileManager.default.contentsOfDirectory(atPath: "\(data)/images").sorted()
      func identity(_ group: (Int) -> String) throws -> RunIdentity {
        let lines = try classes.enumerated().flatMap { index, name in
          try FileManager.default.contentsOfDirectory(atPath: "\(data)/images/\(name)").sorted().map {
            "images/\(name)/\($0),\(name)" + (group(index).isEmpty ? "" : ",\(group(index))")
          }
        }
        let header = group(0).isEmpty ? "path,class" : "path,class,super"
        try Data(([header] + lines).joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: "\(data)/dataset.csv"))
        let settings = try Harness.settings("--data", "\(data)/dataset.csv", "--method", "csl")
        return RunIdentity(settings, data: try TrainingData(DataRequest(settings)) { _ in })
      }
      let first = try identity { "group \($0 % 2)" }
      let again = try identity { "group \($0 % 2)" }
      #expect(first == again && first.isContinued(by: again))
      let other = try identity { "group \($0 % 3)" }
      #expect(!first.isContinued(by: other))
      let differences = try first.differences(from: other)
      #expect(differences.count == 1 && differences[0].hasPrefix("groups (there "), "\(differences)")
      let none = try identity { _ in "" }
      #expect(none.groups == nil && !none.isContinued(by: first))
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
