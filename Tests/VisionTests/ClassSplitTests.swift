import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct ClassSplitTests {
  private static let names = ["blue circle", "blue square", "blue star", "red circle", "red square"]

  private func withShapes(_ body: (DatasetFolder, RetrievalDataset) throws -> Void) throws {
    try withFolder { folder in
      try folder.writePictures(Self.names.flatMap { ["data/\($0)/0.jpg", "data/\($0)/1.jpg"] })
      try body(folder, DatasetKind.folder.read(folder.url.appendingPathComponent("data")))
    }
  }

  private func trained(_ data: RetrievalDataset, _ split: ClassSplit) throws -> [String] {
    let other = try data.split(by: split)
    // Nothing is lost, and each picture keeps its class.
    expectEqual((other.train.classNames + other.test.classNames).sorted(), Self.names)
    for half in [other.train, other.test] {
      for sample in half.samples { #expect(sample.source.name.contains("/\(half.classNames[sample.label])/")) }
    }
    expectEqual(other.train.count + other.test.count, 10)
    expectEqual(other.kind, .folder)
    return other.train.classNames
  }

  @Test func halvesAreTakenAsAsked() throws {
    try withShapes { folder, data in
      try expectEqual(trained(data, .alphabetical), data.train.classNames)
      expectEqual(data.train.classNames, ["blue circle", "blue square", "blue star"])
      try expectEqual(trained(data, .interleaved), ["blue circle", "blue star", "red square"])
      let random = try (0..<20).map { try trained(data, .seed($0)) }
      #expect(random.allSatisfy { $0.count == 3 && $0 == $0.sorted() } && Set(random).count > 5)
      try expectEqual(trained(data, .seed(3)), random[3])
      try folder.write("red circle\nblue star\n", to: "train.txt")
      try expectEqual(trained(data, .list(folder.path("train.txt"))), ["blue star", "red circle"])
    }
  }

  @Test func listsAreChecked() throws {
    try withShapes { folder, data in
      let list = folder.url.appendingPathComponent("train.txt")
      func expectProblem(_ text: String, _ expected: DatasetError) throws {
        try folder.write(text, to: "train.txt")
        expectError(expected) { try data.split(by: .list(list.path)) }
      }
      try expectProblem(
        "red circle\ngreen star\n",
        .malformed(
          file: list.path, line: 2, content: "green star",
          expected: "the name of one of the 5 classes, such as blue circle"))
      try expectProblem(
        "red circle\nred circle\n",
        .duplicate(file: list.path, line: 2, what: "class red circle", firstLine: 1))
      try expectProblem("", .empty(file: list.path))
      try expectProblem(
        Self.names.joined(separator: "\n"),
        .tooFewClasses(dataset: "data, of which 5 train", count: 0, needed: 1))
    }
  }

  @Test func textsAreRead() throws {
    for split: ClassSplit in [.alphabetical, .interleaved, .seed(.max), .list("a:b.txt")] {
      expectEqual(ClassSplit("\(split)"), split)
      try expectEqual(JSONDecoder().decode([ClassSplit].self, from: JSONEncoder().encode([split])), [split])
    }
    for text in ["", "seed", "seed:-1", "seed:x", "list", "alphabetical:1", "random"] {
      expectEqual(ClassSplit(text), nil)
    }
  }

  @Test func aGallerySaysWhichClassesTrain() throws {
    try withFolder { folder in
      try folder.writePictures("1.jpg", "2.jpg", "3.jpg")
      try folder.write("path,class,split\n1.jpg,a,train\n2.jpg,b,query\n3.jpg,b,gallery\n", to: "dataset.csv")
      let data = try DatasetKind.list.read(folder.url)
      expectError(
        .wrongContent(
          file: data.name,
          problem: "it has a gallery, whose protocol says which classes train; it cannot be split otherwise")
      ) { try data.split(by: .alphabetical) }
    }
  }
}
