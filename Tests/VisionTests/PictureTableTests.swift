import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct PictureTableTests {
  private static let header = "path,class,super,super2,split\n"
  private static let good =
    header + #"""
      a/1.jpg,gull,sea birds,birds,train
      a/2.jpg,gull,sea birds,birds,train
      "b, c/1.jpg",wren,songbirds,birds,train
      d/1.jpg,"bat, ""small""",bats,mammals,test
      d/2.jpg,"bat, ""small""",bats,mammals,test
      e/1.jpg,tern,sea birds,birds,test

      """#
  private static let paths = ["a/1.jpg", "a/2.jpg", "b, c/1.jpg", "d/1.jpg", "d/2.jpg", "e/1.jpg"]
  private static let columns = "path, class, split, and super, super2, … for groups, the smallest first"

  private func withList(_ text: String, _ name: String = "dataset.csv", _ body: (DatasetFolder) throws -> Void) throws {
    try withFolder { folder in
      try folder.writePictures(Self.paths)
      try folder.write(text, to: name)
      try body(folder)
    }
  }

  private func expectSpoiled(
    _ text: String, _ name: String = "dataset.csv", location: SourceLocation = #_sourceLocation,
    _ expected: (String) -> DatasetError
  ) throws {
    try withList(text, name) { folder in
      expectError(expected(folder.path(name)), location: location) { try DatasetKind.list.read(folder.url) }
    }
  }

  private func expectGood(_ data: RetrievalDataset, _ folder: DatasetFolder) {
    expectEqual(data.train.classNames, ["gull", "wren"])
    expectEqual(data.train.labels, [0, 0, 1])
    expectEqual(data.test.classNames, ["bat, \"small\"", "tern"])
    expectEqual(data.test.labels, [0, 0, 1])
    expectEqual(folder.paths(data.train), Array(Self.paths.prefix(3)))
    #expect(data.gallery == nil)
    expectEqual(data.kind, .list)
    expectEqual(
      data.train.taxonomy?.levels,
      [
        .init(name: "level 1", groups: ["sea birds", "songbirds"], parents: [0, 1]),
        .init(name: "level 2", groups: ["birds"], parents: [0, 0]),
      ])
    expectEqual(data.test.taxonomy?.levels.map(\.groups), [["sea birds", "bats"], ["birds", "mammals"]])
  }

  @Test func readsCSV() throws {
    try withList(Self.good) { folder in
      try expectEqual(DatasetKind.recognize(folder.url), .list)
      expectGood(try DatasetKind.list.read(folder.url), folder)
      // The list itself may be named, and be called otherwise.
      try folder.write(Self.good, to: "birds.csv")
      let list = folder.url.appendingPathComponent("birds.csv")
      try expectEqual(DatasetKind.recognize(list), .list)
      let data = try DatasetKind.list.read(list)
      expectGood(data, folder)
      expectEqual(data.name, "birds")
    }
  }

  @Test func readsJSONLines() throws {
    let lines = """
      {"path": "a/1.jpg", "class": "gull", "super": ["sea birds", "birds"], "split": "train"}
      {"path": "a/2.jpg", "class": "gull", "super": ["sea birds", "birds"], "split": "train"}
      {"path": "b, c/1.jpg", "class": "wren", "super": ["songbirds", "birds"], "split": "train"}
      {"path": "d/1.jpg", "class": "bat, \\"small\\"", "super": ["bats", "mammals"], "split": "test"}
      {"path": "d/2.jpg", "class": "bat, \\"small\\"", "super": ["bats", "mammals"], "split": "test"}
      {"path": "e/1.jpg", "class": "tern", "super": ["sea birds", "birds"], "split": "test"}
      """
    try withList(lines, "dataset.jsonl") { folder in expectGood(try DatasetKind.list.read(folder.url), folder) }
    let form = "a JSON object with the keys \(Self.columns)"
    let wrong = #"{"path": "a/1.jpg", "class": 3}"#
    try expectSpoiled(lines + "\n" + wrong, "dataset.jsonl") {
      .malformed(file: $0, line: 7, content: "class", expected: "a text for this key")
    }
    try expectSpoiled(lines + "\n{\"path\": }", "dataset.jsonl") {
      .malformed(file: $0, line: 7, content: "{\"path\": }", expected: form)
    }
    try expectSpoiled(lines.replacing("\"super\"", with: "\"group\""), "dataset.jsonl") {
      .malformed(file: $0, line: 1, content: "group", expected: form)
    }
  }

  @Test func withoutASplitHalfOfTheClassesTrains() throws {
    try withList("class,path\nb,a/1.jpg\na,a/2.jpg\nc,d/1.jpg\n") { folder in
      let data = try DatasetKind.list.read(folder.url)
      expectEqual(data.train.classNames, ["a", "b"])
      expectEqual(data.test.classNames, ["c"])
      expectEqual(data.train.taxonomy, nil)
    }
  }

  @Test func queriesMayLookInAGallery() throws {
    let text = "path,class,split\na/1.jpg,a,train\nd/1.jpg,b,query\nd/2.jpg,b,gallery\n"
    try withList(text) { folder in
      let data = try DatasetKind.list.read(folder.url)
      expectEqual(folder.paths(data.test), ["d/1.jpg"])
      expectEqual(folder.paths(data.gallery), ["d/2.jpg"])
    }
    try expectSpoiled(text.replacing("gallery", with: "query")) {
      .wrongContent(file: $0, problem: "of the splits query and gallery it has only one")
    }
    try expectSpoiled(text + "e/1.jpg,c,test\n") {
      .wrongContent(file: $0, problem: "it needs either the split test or the splits query and gallery")
    }
    try expectSpoiled(text.replacing("train", with: "query")) {
      .wrongContent(file: $0, problem: "no line has the split train")
    }
  }

  @Test func columnsAndValuesAreChecked() throws {
    for (header, wrong) in [
      ("path,class,colour,super2,split\n", "colour"), ("path,class,super,super,split\n", "super"),
    ] {
      try expectSpoiled(Self.good.replacing(Self.header, with: header)) {
        .malformed(file: $0, line: 1, content: wrong, expected: "the columns \(Self.columns), each once")
      }
    }
    try expectSpoiled("path,split\na/1.jpg,train\n") {
      .malformed(
        file: $0, line: 1, content: "path,split", expected: "a header with the columns \(Self.columns)")
    }
    try expectSpoiled(Self.header) { .empty(file: $0) }
    let form = "5 values with commas between: path,class,super,super2,split"
    for line in ["a/3.jpg,gull,sea birds,birds", "\"a,b,c,d,e", "a\"b\",c,d,e,f", "\"a\"b,c,d,e,f"] {
      try expectSpoiled(Self.good + line + "\n") { .malformed(file: $0, line: 8, content: line, expected: form) }
    }
    try expectSpoiled(Self.good + "a/3.jpg,gull,sea birds,birds,val\n") {
      .malformed(file: $0, line: 8, content: "val", expected: "the split train, test, query or gallery")
    }
    try expectSpoiled(Self.good + ",gull,sea birds,birds,train\n") {
      .malformed(file: $0, line: 8, content: ",gull,sea birds,birds,train", expected: "a path and a class")
    }
  }

  @Test func contradictionsAreNamed() throws {
    try expectSpoiled(Self.good + "e/2.jpg,tern,songbirds,birds,test\n") {
      .conflict(file: $0, line: 8, claim: "class tern is in songbirds, birds", firstLine: 7)
    }
    try expectSpoiled(Self.good + "e/2.jpg,duck,sea birds,mammals,test\n") {
      .conflict(file: $0, line: 8, claim: "the group sea birds is in mammals", firstLine: 2)
    }
    try expectSpoiled(Self.good + "a/3.jpg,gull,sea birds,birds,test\n") {
      .conflict(file: $0, line: 8, claim: "class gull is for test", firstLine: 2)
    }
    try expectSpoiled(Self.good + "a/1.jpg,gull,sea birds,birds,train\n") {
      .duplicate(file: $0, line: 8, what: "a/1.jpg", firstLine: 2)
    }
    try expectSpoiled(Self.good + "../3.jpg,gull,sea birds,birds,train\n") {
      .unsafePath(file: $0, line: 8, path: "../3.jpg")
    }
    try withList(Self.good + "a/9.jpg,gull,sea birds,birds,train\n") { folder in
      expectError(.missingImage(file: folder.path("dataset.csv"), line: 8, path: folder.path("a/9.jpg"))) {
        try DatasetKind.list.read(folder.url)
      }
      let data = try DatasetKind.list.read(folder.url, requiringFiles: false)
      expectEqual(data.train.count, 4)
    }
  }
}
