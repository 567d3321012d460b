import Foundation
import Testing
import _TestSupport

@testable import CubHPL

/// The forms of data sets from the command line to the files, made of the pictures of the small CUB folder.
@Suite(.serialized) struct DatasetExperimentTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  /// Paths of the small folder's pictures, four of a class.
  private func pictures() throws -> [[String]] {
    let images = ExperimentTests.smallCUB + "/images"
    func paths(in folder: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { "\(folder)/\($0)" }
    }
    return try paths(in: images).map(paths)
  }

  private func copy(_ picture: String, to path: String) throws {
    let target = URL(fileURLWithPath: "\(folder)/data/\(path)")
    try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: URL(fileURLWithPath: picture), to: target)
  }

  private func run(_ arguments: String..., output: String = "out") throws -> Results {
    let small = ["--method", "hpl-pa", "--image-size", "32", "--epochs", "1", "--dimensions", "8"]
    return try Harness.results(["--data", "\(folder)/data"] + small + arguments, in: "\(folder)/\(output)")
  }

  /// DyML's queries lie in the gallery too, and do not find themselves.
  @Test func queriesInTheGalleryDoNotFindThemselves() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (train, queries, gallery) = (
      "fname, fine_id0.jpg, middle_id, coarse_id\n", "fname, labels0.jpg\n", "fname, labels0.jpg\n"
    )
    for (index, files) in try pictures().enumerated() {
      for (number, file) in files.enumerated() {
        let name = "\(4 * index + number).jpg"
        if index < 6 {
          try copy(file, to: "train/imgs/\(name)")
          train += "\(name),\(index),\(index / 2),\(index / 4)\n"
        } else {
          try copy(file, to: "bmk_fine/gallery/\(name)")
          gallery += "\(name),\(index)\n"
          guard number == 1 else { continue }
          try copy(file, to: "bmk_fine/query/\(index).jpg")
          queries += "\(index).jpg,\(index)\n"
        }
      }
    }
    for (text, list) in [
      (train, "train/label.csv"), (queries, "bmk_fine/query.csv"), (gallery, "bmk_fine/gallery.csv"),
    ] {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/data/\(list)"))
    }
    let data = try TrainingData(DataRequest(Harness.settings("--data", "\(folder)/data"))) { _ in }
    expectEqual(data.kind, .dyML)
    expectEqual(data.ownItems, [1, 5, 9, 13, 17, 21])
    expectEqual(data.train.taxonomy?.levels.count, 2)
    #expect(data.notes.last?.hasPrefix("6 of 6 queries are in the gallery") == true)
    let search = try data.search(TestEmbeddings(test: .ones([6, 2]), gallery: .ones([24, 2])))
    expectEqual(search.relevantCounts, [3, 3, 3, 3, 3, 3])
    expectEqual(search.nearest(3, of: [0])[0].items, [0, 2, 3])
  }

  @Test func queriesLookInTheGallery() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var lines: [String] = []
    for (index, files) in try pictures().enumerated() {
      for (number, file) in files.enumerated() {
        let status = index < 6 ? "train" : number == 0 ? "query" : "gallery"
        let category = ["WOMEN/Dresses", "WOMEN/Denim", "MEN/Denim"][index % 3]
        let path = "img/\(category)/id_\(index)/\(number).jpg"
        try copy(file, to: path)
        lines.append("\(path)   id_\(index)  \(status)")
      }
    }
    let list = "\(lines.count)\nimage_name item_id evaluation_status\n\(lines.joined(separator: "\n"))\n"
    try Data(list.utf8).write(to: URL(fileURLWithPath: "\(folder)/data/list_eval_partition.txt"))

    let results = try run("--levels", "1.0,taxonomy:0.1,taxonomy:0.05")
    expectEqual(results.data.kind, .inShop)
    expectEqual(results.data.imagesGallery, 18)
    expectEqual(results.data.imagesTest, 6)
    #expect(results.data.notes.count == 1 && results.data.notes[0].hasPrefix("not In-Shop"))
    let run = results.runs[0]
    #expect(run.metrics.recall.keys.sorted() == [1, 10, 20, 30, 40, 50] && run.metrics.recall[20] == 1)
    expectEqual(run.hierarchy.map(\.groupNames), [["WOMEN/Dresses", "WOMEN/Denim", "MEN/Denim"], ["WOMEN", "MEN"]])
    expectEqual(run.hierarchy.map(\.parents), [[0, 1, 2, 0, 1, 2], [0, 0, 1]])
    let page = try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8)
    #expect(page.contains("R@50") && !page.contains("R@8<") && page.contains("Not In-Shop Clothes Retrieval as"))

    // What is classified are the queries; what they are found in is the gallery.
    let checkpoint = "\(folder)/out/runs/hpl-pa-seed-0/last.safetensors"
    let options = ["--gallery", "\(folder)/x.gallery", "--checkpoint", checkpoint, "--quiet"]
    try Harness.run(["index"] + options)
    let classified = try ClassifyCommand(Harness.given(options, for: ClassifyCommand.self)).result()
    expectEqual(classified.gallery.count, 18)
    expectEqual(classified.matches.count, 6)
    #expect(classified.pictures.names.allSatisfy { $0.hasSuffix("/0.jpg") }, "\(classified.pictures.names)")

    for number in 0..<4 {
      try Data([1]).write(to: URL(fileURLWithPath: "\(folder)/data/img/MEN/Denim/id_5/\(number).jpg"))
    }
    let empty = failure { try self.run("--skip-broken", "--levels", "1.0,clusters:2:0.1:means", output: "means") }
    #expect(empty.contains("the class 'id_5' has no picture and so no mean embedding"), "\(empty)")

    let proxies = try TrainedModel(checkpoint: checkpoint).loss
    expectEqual(proxies?.levels.map(\.parents), [[], [0, 1, 2, 0, 1, 2], [0, 0, 1]])
  }

  @Test func foldersAndTaxonomyFilesGiveTheLevels() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var lines = ""
    for (index, files) in try pictures().enumerated() {
      let name = "\(index < 6 ? "a" : "b")/\(index % 2)/c\(10 + index)"
      for (number, file) in files.enumerated() { try copy(file, to: "\(name)/\(number).jpg") }
      lines += "\(name)\tg\(index % 3)\n"
    }
    let nested = try run("--levels", "1.0,taxonomy:0.1")
    #expect(nested.data.kind == .folder && nested.runs[0].metrics.recall.keys.sorted() == [1, 2, 4, 8])
    expectEqual(nested.runs[0].hierarchy.map(\.groupNames), [["a/0", "a/1"]])
    let deeper = failure { try run("--levels", "1.0,taxonomy:0.1,taxonomy:0.1") }
    #expect(deeper.contains("level 2 has all training classes in one"))

    let file = "\(folder)/taxonomy.txt"
    try Data(lines.utf8).write(to: URL(fileURLWithPath: file))
    let own = try run("--levels", "1.0,taxonomy:0.1", "--taxonomy", file, output: "own")
    expectEqual(own.runs[0].hierarchy.map(\.groupNames), [["g0", "g2", "g1"]])
    try Data((lines + "g1\tg2\ng2\tg1\n").utf8).write(to: URL(fileURLWithPath: file))
    #expect(failure { try run("--taxonomy", file) }.contains("taxonomy.txt:14: a cycle: g1 in g2 in g1"))
  }

  @Test func theFormCanBeSaid() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (index, files) in try pictures().enumerated() {
      for (number, file) in files.enumerated() { try copy(file, to: "c\(10 + index)/\(number).jpg") }
    }
    try expectEqual(run("--dataset", "cars").data.kind, .cars)
    #expect(failure { try run("--dataset", "sop") }.contains("not Stanford Online Products: it has no Ebay_train.txt"))
    #expect(failure { try run("--dataset", "sob") }.contains("unknown data set 'sob'; did you mean sop?"))
    for option in [["--dataset", "cub"], ["--taxonomy", "x"]] {
      let line = failure { try Harness.settings(option) }
      #expect(line.contains("\(option[0]) needs --data"))
    }
  }
}
