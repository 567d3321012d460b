import Collectives
import Foundation
import Tensor
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// The commands `embed`, `search` and `inspect`, on a small run.
@Suite(.serialized) struct ModelCommandTests {
  private static let pictures = ExperimentTests.smallCUB + "/images"

  private func failure(_ arguments: [String]) -> String { CubHPLTests.failure { try Harness.run(arguments) } }

  @Test func embeddingsStandInTheOrderOfTheNames() throws {
    try Trained.withCopy { folder in
      let checkpoint = "\(folder)/runs/hpl-pa-seed-0/last.safetensors"
      let file = "\(folder)/some/e.npy"
      try Harness.run(["embed", Self.pictures, "--checkpoint", checkpoint, "--output", file, "--quiet"])
      let array = try NumPyArray(contentsOf: file).tensor(as: Float.self)
      let names = try String(contentsOfFile: "\(folder)/some/e.txt", encoding: .utf8).split(separator: "\n").map(
        String.init)
      expectEqual(array.shape, [48, 8])
      expectEqual(names.count, 48)
      expectEqual(names, names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      let model = try TrainedModel(checkpoint: checkpoint)
      let last = try NamedPictures(folder: Self.pictures, skippingBroken: false, over: .alone) { _ in }.pictures
      let expected = try model.embeddings(of: last, over: .alone, workers: 0).normalized(along: 1)
      #expect(zip(array.scalars, expected.scalars).allSatisfy { abs($0 - $1) < 1e-6 })

      let result = try TrainedModel(checkpoint: "\(folder)/model.safetensors")
      try expectEqual(
        result.embeddings(of: last, over: .alone, workers: 0).normalized(along: 1).scalars, expected.scalars)
      expectEqual(result.loss?.proxies(on: 1).scalars, model.loss?.proxies(on: 1).scalars)
    }
  }

  @Test func whatIsNoPictureIsLeftOutAloud() throws {
    try inTemporaryFolder { folder in
      let picture = "\(Self.pictures)/001.ink-breasted_twigling/ink-breasted_twigling_00001.jpg"
      try FileManager.default.copyItem(atPath: picture, toPath: "\(folder)/a.PNG")
      for name in ["b.heic", "c.heic", "d.txt"] { try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      var notes: [String] = []
      let found = try NamedPictures(folder: folder, skippingBroken: false, over: .alone) { notes.append($0) }
      expectEqual(found.names, ["a.PNG"])
      expectEqual(
        notes,
        [
          "note: files that are no JPEG, PNG or WebP are left out: 2 .heic, 1 .txt", "checking 1 picture",
        ])
    }
  }

  @Test func aSearchFindsTheCopyOfItsQuery() throws {
    try Trained.withCopy { folder in
      let names = try NamedPictures(folder: Self.pictures, skippingBroken: false, over: .alone) { _ in }.names
      try FileManager.default.copyItem(atPath: "\(Self.pictures)/\(names[5])", toPath: "\(folder)/query.jpg")
      let arguments = [
        "search", "--query", "\(folder)/query.jpg", "--checkpoint", try Trained.checkpoint("proxy-anchor"), "--data",
        Self.pictures, "--quiet",
      ]
      try Harness.run(arguments + ["--top", "3", "--output", "\(folder)/found.html"])
      let page = try String(contentsOfFile: "\(folder)/found.html", encoding: .utf8)
      let first = try #require(page.firstMatch(of: /<li><img [^>]*alt="([^"]*)"/)).1
      expectEqual(first, "Number 1, similarity 1.0000: \(names[5])")
      expectEqual(page.matches(of: /<li>/).count, 3)
      #expect(!page.contains("http") && !page.contains("<script"))
      for picture in page.matches(of: /src="(.{23})/) { expectEqual(picture.1, "data:image/jpeg;base64,") }
      #expect(failure(arguments + ["--top", "49"]).contains("--top 49: there are 48 pictures to find"))
      let own = ["search", "--query", "\(Self.pictures)/\(names[5])"] + arguments.dropFirst(3)
      #expect(failure(own + ["--top", "48"]).contains("there are 47 pictures"), "the query does not find itself")
    }
  }

  @Test func anInspectionNamesEverything() throws {
    try Trained.withCopy { folder in
      let path = "\(folder)/runs/hpl-pa-seed-0/last.safetensors"
      let text = try Inspection.text(of: TrainedModel(checkpoint: path), at: path)
      for part in [
        "HPL-PA (hpl-pa), seed 0", "6 training classes, 2 epochs", "levels: 1.0,clusters:3:0.1", "accuracy 1", "NMI",
        "HPL-PA, clusters:3:0.1", "head.linear.weight",
        "levels.1.proxies", "Level 0: 6 proxies, learned", "Level 1: 3 proxies", "mean cosine", "MAP@R",
        "  Group 3", "    001.ink-breasted_twigling",
      ] { #expect(text.contains(part), "\(part)") }
    }
  }

  /// Weights that are numbers, and so large that what they make is none.
  @Test func embeddingsThatAreNoNumbersAreRefused() throws {
    try Trained.withCopy { folder in
      let path = "\(folder)/runs/hpl-pa-seed-0/last.safetensors"
      let good = try Checkpoint(contentsOf: path)
      var tensors = good.tensors
      let name = "model.head.linear.weight"
      tensors.set(Tensor<Float>.full(try #require(tensors.shape(of: name)), 3e38), for: name)
      try Checkpoint(good.state, tensors).write(to: path)
      for arguments in [
        ["embed", Self.pictures, "--output", "\(folder)/e.npy"],
        ["search", "--query", "\(Self.pictures)/001.ink-breasted_twigling/ink-breasted_twigling_00001.jpg"],
      ] {
        let line = failure(arguments + ["--checkpoint", path, "--quiet"])
        #expect(line.contains("the model makes NaN or infinity of \(Self.pictures)/"), "\(line)")
      }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/e.npy"))
    }
  }

  @Test func badInputIsOneLine() throws {
    try Trained.withCopy { folder in
      let checkpoint = ["--checkpoint", "\(folder)/runs/hpl-pa-seed-0/last.safetensors", "--quiet"]
      let search = ["search", "--query"]
      let picture = "\(Self.pictures)/001.ink-breasted_twigling/ink-breasted_twigling_00001.jpg"
      let bytes = try Data(contentsOf: URL(fileURLWithPath: checkpoint[1]))
      try bytes.prefix(30_000).write(to: URL(fileURLWithPath: "\(folder)/cut.safetensors"))
      try FileManager.default.createDirectory(atPath: "\(folder)/empty", withIntermediateDirectories: true)
      try FileManager.default.createDirectory(atPath: "\(folder)/broken", withIntermediateDirectories: true)
      try Data([0xFF, 0xD8, 1]).write(to: URL(fileURLWithPath: "\(folder)/broken/a.jpg"))
      var other = try Checkpoint(contentsOf: checkpoint[1])
      var state = other.state
      state.identity = try JSONDecoder().decode(
        RunIdentity.self,
        from: Data(
          String(decoding: JSONEncoder().encode(state.identity), as: UTF8.self)
            .replacingOccurrences(of: "\"dimensions\":8", with: "\"dimensions\":9").utf8))
      other = Checkpoint(state, other.tensors)
      try other.write(to: "\(folder)/other.safetensors")

      let cases: [([String], String)] = [
        (
          search + ["\(folder)/results.json"] + checkpoint,
          "results.json: not an image that can be read: it does not begin like a JPEG, PNG or WebP file"
        ),
        (search + ["\(folder)/nothing.jpg"] + checkpoint, "nothing.jpg: cannot read the image"),
        (search + [picture, "--checkpoint", "\(folder)/cut.safetensors"], "cut.safetensors"),
        (["inspect", "--checkpoint", "\(folder)/other.safetensors"], "misshapen model.head.linear.weight"),
        (["inspect", "--checkpoint", "\(folder)/proxies.safetensors"], "is no checkpoint of cub-hpl"),
        (["inspect", "--checkpoint", "\(folder)/none.safetensors"], "No such file"),
        (
          ["inspect", "--checkpoint", "\(folder)/model.safetensors", "--epochs", "3"],
          "--epochs belongs to the commands train, compare and sweep; cub-hpl inspect --help lists"
        ),
        (["inspect"], "inspect needs --checkpoint"),
        (search + [picture, "--skip-broken"] + checkpoint, "--skip-broken needs --data"),
        (["embed", "--skip-broken"] + checkpoint, "--skip-broken needs a folder of pictures"),
        (["embed", "\(folder)/empty"] + checkpoint, "there is no JPEG, PNG or WebP file"),
        (["embed", "\(folder)/nowhere"] + checkpoint, "there is no such folder"),
        (["embed", "\(folder)/broken"] + checkpoint, "broken/a.jpg"),
        (["embed", "\(folder)/broken", "--skip-broken"] + checkpoint, "broken/a.jpg"),
        (["embed", Self.pictures, "--output", "x.txt"] + checkpoint, "ends in .npy"),
      ]
      for (arguments, message) in cases {
        let line = failure(arguments)
        #expect(line.contains(message), "\(arguments): \(line)")
        #expect(!line.contains("delete the file"))
      }
      try FileManager.default.copyItem(atPath: picture, toPath: "\(folder)/broken/b.jpg")
      let file = "\(folder)/kept.npy"
      expectEqual(failure(["embed", "\(folder)/broken", "--skip-broken", "--output", file] + checkpoint), "no error")
      try expectEqual(NumPyArray(contentsOf: file).shape, [1, 8])
      try expectEqual(String(contentsOfFile: "\(folder)/kept.txt", encoding: .utf8), "b.jpg\n")
    }
  }

  @Test func theReportShowsErrorsAndItsChartsAreFiles() throws {
    try Trained.withCopy { folder in
      let page = try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8)
      #expect(page.contains("HPL-PA, loss of each level") && page.contains("<h2 id=\"errors\">"))
      for name in ["loss-proxy-anchor.svg", "confusion-4.svg"] {
        let chart = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        #expect(chart.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=") && chart.hasSuffix("</svg>\n"))
        #expect(chart.contains("<style>") && !chart.contains("<script"))
      }
      let finished = try JSONDecoder().decode(
        RunFolder.Finished.self,
        from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/runs/hpl-pa-seed-0/result.json")))
      let study = try #require(finished.study)
      expectEqual(study.queries, 24)
      expectEqual(study.best.count, 3)
      expectEqual(study.worst.count, 3)
      expectEqual(study.confusion?.joined().reduce(0, +), 24, "every query has a nearest picture of another class")
      for row in study.best + study.worst { #expect(!row.neighbours.contains(row.query)) }
    }
  }

  @Test func theGeometryOfProxiesIsThatOfTheWholeMatrix() throws {
    var generator = RandomGenerator(seed: 4)
    let proxies = Tensor<Float>.normal([300, 5], using: &generator).normalized(along: 1)
    let geometry = ProxyGeometry(proxies)
    let cosines = proxies.matmul(proxies.transposed()).scalars
    var pairs: [ProxyGeometry.Pair] = []
    for first in 0..<300 {
      for second in first + 1..<300 {
        pairs.append(.init(first: first, second: second, cosine: cosines[first * 300 + second]))
      }
    }
    pairs.sort { $0.cosine > $1.cosine }
    let mean = pairs.reduce(0) { $0 + Double($1.cosine) } / Double(pairs.count)
    expectLess(abs(geometry.meanCosine - mean), 1e-6)
    let nearest = try geometry.nearestPairs(4)
    expectEqual(nearest.map(\.first), pairs.prefix(4).map(\.first))
    expectEqual(nearest.map(\.second), pairs.prefix(4).map(\.second))
    #expect(try ProxyGeometry(.ones([1, 5])).nearestPairs(3).isEmpty)
    expectEqual(ProxyGeometry(.ones([1, 5])).meanCosine, 0)
  }
}
