import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct ProductsFolderTests {
  static let header = "image_id class_id super_class_id path\n"

  /// A good folder of four classes, for tests to spoil.
  struct Lists {
    var train =
      header + """
        1 1 1 bicycle_final/1_0.JPG
        2 1 1 bicycle_final/1_1.JPG
        3 2 1 bicycle_final/2_0.JPG
        4 5 2 chair_final/5_0.JPG

        """
    var test =
      header + """
        5 6 1 bicycle_final/6_0.JPG
        6 6 1 bicycle_final/6_1.JPG
        7 7 2 chair_final/7_0.JPG
        8 7 2 chair_final/7_1.JPG

        """
  }

  func withProducts(_ spoil: (inout Lists) -> Void = { _ in }, _ body: (DatasetFolder) throws -> Void) throws {
    try withFolder { folder in
      var lists = Lists()
      for item in [lists.train, lists.test].flatMap({ $0.split(separator: "\n").dropFirst() }) {
        try folder.writePictures(String(item.split(separator: " ")[3]))
      }
      spoil(&lists)
      try folder.write(lists.train, to: "Ebay_train.txt")
      try folder.write(lists.test, to: "Ebay_test.txt")
      try body(folder)
    }
  }

  func expectSpoiled(
    _ expected: (DatasetFolder) -> DatasetError, location: SourceLocation = #_sourceLocation,
    spoil: (inout Lists) -> Void
  ) throws {
    try withProducts(spoil) { folder in
      expectError(expected(folder), location: location) { try DatasetKind.sop.read(folder.url) }
    }
  }

  @Test func readsBothLists() throws {
    try withProducts { folder in
      try expectEqual(DatasetKind.recognize(folder.url), .sop)
      let data = try DatasetKind.sop.read(folder.url)
      expectEqual(data.train.classNames, ["bicycle 1", "bicycle 2", "chair 5"])
      expectEqual(data.train.labels, [0, 0, 1, 2])
      expectEqual(data.test.classNames, ["bicycle 6", "chair 7"])
      expectEqual(data.test.labels, [0, 0, 1, 1])
      expectEqual(
        data.train.taxonomy?.levels, [.init(name: "level 1", groups: ["bicycle", "chair"], parents: [0, 0, 1])])
      expectEqual(data.test.taxonomy?.levels, [.init(name: "level 1", groups: ["bicycle", "chair"], parents: [0, 1])])
      expectEqual(folder.paths(data.train).last, "chair_final/5_0.JPG")
      #expect(data.gallery == nil)
      #expect(data.notes.count == 1 && data.notes[0].contains("3 training classes (published: 11318)"))
      expectEqual(DatasetKind.sop.recallLevels, [1, 10, 100, 1000])
    }
  }

  @Test func headersAreChecked() throws {
    for header in ["image_id class_id path", "1 1 1 bicycle_final/1_0.JPG"] {
      try expectSpoiled(
        {
          .malformed(
            file: $0.path("Ebay_test.txt"), line: 1, content: header,
            expected: "the header \"image_id class_id super_class_id path\"")
        },
        spoil: { $0.test = $0.test.replacing(Self.header, with: header + "\n") })
    }
    try expectSpoiled({ .empty(file: $0.path("Ebay_train.txt")) }, spoil: { $0.train = Self.header })
    try expectSpoiled({ .empty(file: $0.path("Ebay_train.txt")) }, spoil: { $0.train = "" })
  }

  @Test func linesAreChecked() throws {
    let form = "\"image_id class_id super_class_id path\", as in \"1 1 1 bicycle_final/111085122871_0.JPG\""
    for line in ["9 7 2", "9", "9 7 x a/b.jpg", "9 0 2 a/b.jpg", "9 7 -2 a/b.jpg", "x 7 2 a/b.jpg"] {
      try expectSpoiled(
        { .malformed(file: $0.path("Ebay_test.txt"), line: 6, content: line, expected: form) },
        spoil: { $0.test += line + "\n" })
    }
    try expectSpoiled(
      { .duplicate(file: $0.path("Ebay_test.txt"), line: 6, what: "id 7", firstLine: 4) },
      spoil: { $0.test += "7 7 2 chair_final/7_2.JPG\n" })
    try expectSpoiled(
      { .duplicate(file: $0.path("Ebay_test.txt"), line: 6, what: "chair_final/7_1.JPG", firstLine: 5) },
      spoil: { $0.test += "9 7 2 chair_final/7_1.JPG\n" })
    try expectSpoiled(
      { .unsafePath(file: $0.path("Ebay_test.txt"), line: 6, path: "../7_1.JPG") },
      spoil: { $0.test += "9 7 2 ../7_1.JPG\n" })
    try expectSpoiled(
      { .missingImage(file: $0.path("Ebay_test.txt"), line: 6, path: $0.path("chair_final/7_9.JPG")) },
      spoil: { $0.test += "9 7 2 chair_final/7_9.JPG\n" })
  }

  @Test func classesAreChecked() throws {
    try expectSpoiled(
      { .conflict(file: $0.path("Ebay_test.txt"), line: 6, claim: "class 7 is in super class 1", firstLine: 4) },
      spoil: { $0.test += "9 7 1 chair_final/7_2.JPG\n" })
    try expectSpoiled(
      { .sharedClass(file: $0.path("Ebay_test.txt"), line: 6, className: "2", other: "Ebay_train.txt") },
      spoil: { $0.test += "9 2 1 bicycle_final/2_1.JPG\n" })
  }

  @Test func aListThatIsMissingIsNamed() throws {
    try withProducts { folder in
      try FileManager.default.removeItem(at: folder.url.appendingPathComponent("Ebay_test.txt"))
      try expectEqual(DatasetKind.recognize(folder.url), .sop)
      expectError(
        .incomplete(
          folder: folder.url.path, form: "Stanford Online Products", missing: ["Ebay_test.txt"], hint: nil)
      ) { try DatasetKind.sop.read(folder.url) }
    }
  }
}
