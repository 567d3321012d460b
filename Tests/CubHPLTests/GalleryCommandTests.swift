import Foundation
import Retrieval
import Tensor
import Testing
import Vision
import _TestSupport

@testable import CubHPL

/// The commands `index`, `add`, `remove`, `search` and `classify`, on a small run.
@Suite(.serialized) struct GalleryCommandTests {
  private static let pictures = ExperimentTests.smallCUB + "/images"

  @Test func aGalleryGrowsWithoutTraining() throws {
    try inTemporaryFolder { folder in
      let names = try FileManager.default.contentsOfDirectory(atPath: Self.pictures).sorted()
      for (place, name) in names.prefix(3).enumerated() {
        let target = "\(folder)/\(place < 2 ? "first" : "more")"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(Self.pictures)/\(name)", toPath: "\(target)/\(name)")
      }
      let file = "\(folder)/birds.gallery"
      let options = ["--gallery", file, "--checkpoint", try Trained.checkpoint("proxy-anchor"), "--quiet"]
      try Harness.run(["index", "\(folder)/first"] + options)
      let first = try Gallery(contentsOf: file)
      expectEqual(first.classNames, Array(names.prefix(2)))
      expectEqual(first.count, 8)
      expectEqual(first.dimensions, 8)
      try Harness.run(["add", "\(folder)/more"] + options)
      let grown = try Gallery(contentsOf: file)
      expectEqual(grown.classNames, Array(names.prefix(3)))
      expectEqual(grown.count, 12)
      #expect(failure { try Harness.run(["add", "\(folder)/more"] + options) }.contains("remove its class first"))
      try expectEqual(Gallery(contentsOf: file), grown)

      // A picture of the gallery is not found by itself, and what is left out is said.
      let picture = "\(folder)/more/\(grown.names[10])"
      let query = ["--query", picture] + options
      var notes: [String] = []
      let hits = try SearchCommand(Harness.given(query, for: SearchCommand.self)).hits(
        Image(contentsOf: URL(fileURLWithPath: picture)), TrainedModel(checkpoint: options[3]), inGallery: file
      ) { notes.append($0) }
      #expect(hits.count == 10 && !hits.contains { $0.name.hasSuffix(grown.names[10]) })
      expectEqual(notes, ["note: \(grown.names[10]) in the gallery is the query itself, and left out"])
      let most = failure { try Harness.run(["search", "--top", "12"] + query) }
      #expect(most.contains("--top 12: there are 11 pictures to find"), "\(most)")
      // The same picture under another name is another item.
      let copy = "\(folder)/copy.jpg"
      try FileManager.default.copyItem(atPath: picture, toPath: copy)
      let found = try SearchCommand(Harness.given(["--query", copy] + options, for: SearchCommand.self)).hits(
        Image(contentsOf: URL(fileURLWithPath: copy)), TrainedModel(checkpoint: options[3]), inGallery: file
      ) { _ in }
      #expect(found[0].name == "\(names[2]): \(grown.names[10])" && found[0].similarity > 0.9999)
      try Harness.run(["search"] + query)
      try expectEqual(matches(picture, options).map { $0.map { grown.classNames[$0.label] } }, [names[2]])
      try Harness.run(["classify", picture] + options)
      let single = failure { try Harness.run(["classify", picture, "--skip-broken"] + options) }
      #expect(single.contains("--skip-broken leaves out pictures of a folder, and \(picture) is one picture"))
      try Harness.run(["remove", names[2], "--gallery", file])
      try expectEqual(Gallery(contentsOf: file), first)
      try expectEqual(matches("\(folder)/more", options + ["--threshold", "1"]), [nil, nil, nil, nil])
      #expect(try matches("\(folder)/first", options + ["--neighbors", "3"]).allSatisfy { $0 != nil })
    }
  }

  private func matches(_ place: String, _ options: [String]) throws -> [Gallery.Match?] {
    var given = try Harness.given(options, for: ClassifyCommand.self)
    given.operand = place
    return try ClassifyCommand(given).result().matches
  }

  @Test func mistakesAreOneLine() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/birds.gallery"
      var gallery = Gallery(model: "small-8-0", dimensions: 8)
      try gallery.add(.ones([1, 8]), classes: ["gull"], names: ["a.jpg"])
      try gallery.write(to: file)
      let own = ["--gallery", file]
      let model = own + ["--checkpoint", try Trained.checkpoint("proxy-anchor"), "--quiet"]
      let picture = "\(Self.pictures)/001.ink-breasted_twigling/ink-breasted_twigling_00001.jpg"
      let refused = "birds.gallery: the gallery is of the model small-8-0, and this one is "
      let cases: [([String], String)] = [
        (["classify", picture] + model, refused), (["search", "--query", picture] + model, refused),
        (["add", Self.pictures] + model, refused),
        (["index", ""] + model, "index needs pictures, and '' is no name"),
        (["index", "--skip-broken"] + model, "--skip-broken needs a folder of pictures"),
        (["classify", "--skip-broken"] + model, "--skip-broken needs a folder of pictures"),
        (["add"] + own, "add needs a folder of pictures"),
        (["index", Self.pictures], "index needs --gallery"),
        (["index", Self.pictures] + own, "index needs --checkpoint"),
        (["remove"] + own, "remove needs a class"),
        (["remove", "wren"] + own, "the gallery has no class 'wren', only gull"),
        (["remove", "wren", "--gallery", picture], "no safetensors file"),
        (["classify"] + own, "classify needs --checkpoint"),
        (["classify", picture, "--threshold", "2"] + own, "--threshold '2': must be a number from -1 to 1"),
        (["search", "--query", picture, "--data", folder] + model, "--gallery does not go with --data"),
        (["search", "--query", picture, "--output", "x.html"] + model, "--gallery does not go with --output"),
      ]
      for (arguments, message) in cases {
        let line = failure { try Harness.run(arguments) }
        #expect(line.contains(message), "\(arguments): \(line)")
      }
      try expectEqual(Gallery(contentsOf: file), gallery)
    }
  }

  /// The same network has one fingerprint, in whatever file it lies.
  @Test func fingerprintsAreOfTheNetwork() throws {
    let folder = try Trained.folder()
    let last = try TrainedModel(checkpoint: Trained.checkpoint()).fingerprint()
    try expectEqual(TrainedModel(checkpoint: "\(folder)/model.safetensors").fingerprint(), last)
    #expect(try TrainedModel(checkpoint: Trained.checkpoint("proxy-anchor")).fingerprint() != last)
    #expect(last.hasPrefix("small-8-"))
  }

  /// Classes are split as asked, on the data and where a checkpoint finds them again.
  @Test func classesAreSplitAsAsked() throws {
    let data = ["--data", ExperimentTests.smallCUB]
    func split(_ arguments: [String]) throws -> TrainingData {
      try TrainingData(DataRequest(Harness.settings(data + arguments))) { _ in }
    }
    let usual = try split([])
    let other = try split(["--class-split", "interleaved"])
    let all = usual.train.classNames + usual.test.classNames
    expectEqual(other.train.classNames, all.indices.filter { $0.isMultiple(of: 2) }.map { all[$0] })
    #expect(other.splitChecksum != usual.splitChecksum && other.source?.split == .interleaved)
    #expect(other.notes.contains("the classes to train on are chosen: interleaved"))
    try expectEqual(TrainingData(DataRequest(other.source)) { _ in }.splitChecksum, other.splitChecksum)
    try expectEqual(split(["--class-split", "alphabetical"]).splitChecksum, usual.splitChecksum)
    let settings = try Harness.settings(data + ["--class-split", "interleaved"])
    #expect(
      try String(decoding: JSONEncoder().encode(settings), as: UTF8.self).contains("\"class_split\":\"interleaved\""))
    #expect(try !String(decoding: JSONEncoder().encode(Harness.settings(data)), as: UTF8.self).contains("class_split"))
  }

  @Test func samplersTakeTheDataAsItIs() throws {
    let data = ["--data", ExperimentTests.smallCUB]
    func batches(_ arguments: String...) throws -> [[Int]] {
      let settings = try Harness.settings(data + (arguments.contains("--batch") ? [] : ["--batch", "8"]) + arguments)
      let classes = try TrainingData(DataRequest(settings)) { _ in }.classes(settings, fold: nil)
      return try settings.sampler.makeSampler(of: classes, settings: settings, seed: 1).batches(epoch: 0)
    }
    try expectEqual(batches("--sampler", "random-classes").map(\.count), [8, 8, 8])
    #expect(failure { try batches("--sampler", "hierarchical") }.contains("--sampler hierarchical needs groups"))
    try inTemporaryFolder { folder in
      let all = try TrainingData(DataRequest(Harness.settings(data))) { _ in }
      let lines = (all.train.classNames + all.test.classNames).enumerated().map { "\($1)\tgroup \($0 % 2)" }
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: "\(folder)/t.txt"))
      try expectEqual(batches("--sampler", "hierarchical", "--taxonomy", "\(folder)/t.txt").map(\.count), [8, 8, 8, 8])
      // Of two levels the coarsest: each of its groups has several classes, each of the finest one alone.
      let deep = (all.train.classNames + all.test.classNames).enumerated().map { "\($1)\tfine \($0)\tgroup \($0 % 2)" }
      try Data(deep.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: "\(folder)/deep.txt"))
      let coarse = try batches("--sampler", "hierarchical", "--taxonomy", "\(folder)/deep.txt", "--batch", "16")
      #expect(!coarse.isEmpty && coarse.allSatisfy { $0.count == 16 }, "\(coarse.map(\.count))")
    }
  }
}
