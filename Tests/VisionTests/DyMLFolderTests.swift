import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct DyMLFolderTests {
  /// As the header stands in the published files.
  private static let header = "fname, fine_id0.jpg, middle_id, coarse_id\n"
  private static let train = header + "0.jpg,10,4,1\n1.jpg,10,4,1\n2.jpg,11,4,1\n3.jpg,12,5,1\n4.jpg,13,6,2\n"

  private func withAnimals(_ train: String = train, _ body: (DatasetFolder) throws -> Void) throws {
    try withFolder { folder in
      try folder.writePictures((0..<6).map { "train/imgs/\($0).jpg" })
      try folder.write(train, to: "train/label.csv")
      for (level, label) in [("fine", 20), ("middle", 8), ("coarse", 3)] {
        try folder.writePictures(
          ["query/0.jpg", "gallery/0.jpg", "gallery/1.jpg", "gallery/2.jpg"].map { "bmk_\(level)/\($0)" })
        try folder.write("fname, labels0.jpg\n0.jpg,\(label)\n", to: "bmk_\(level)/query.csv")
        try folder.write(
          "fname, labels0.jpg\n0.jpg,\(label)\n1.jpg,\(label + 1)\n2.jpg,\(label)\n", to: "bmk_\(level)/gallery.csv")
      }
      try body(folder)
    }
  }

  @Test func eachLevelHasABenchmark() throws {
    try withAnimals { folder in
      try expectEqual(DatasetKind.recognize(folder.url), .dyML)
      let data = try DatasetKind.dyML.read(folder.url)
      expectEqual(data.train.classNames, ["fine 10", "fine 11", "fine 12", "fine 13"])
      expectEqual(data.train.labels, [0, 0, 1, 2, 3])
      expectEqual(
        data.train.taxonomy?.levels.map(\.groups),
        [
          ["middle 4", "middle 5", "middle 6"], ["coarse 1", "coarse 2"],
        ])
      expectEqual(data.test.classNames, ["test fine 20", "test fine 21"])
      expectEqual(data.gallery?.labels, [0, 1, 0])
      expectEqual(folder.paths(data.test), ["bmk_fine/query/0.jpg"])
      let coarse = try DyMLFolder.read(folder.url, level: .coarse)
      expectEqual(coarse.test.classNames, ["test coarse 3", "test coarse 4"])
      expectEqual(coarse.train.labels, data.train.labels)
      expectEqual(folder.paths(coarse.gallery).last, "bmk_coarse/gallery/2.jpg")
    }
  }

  /// A query is the gallery's picture with the same bytes and class, whatever their names.
  @Test func queriesAreFoundInTheGallery() throws {
    try withAnimals { folder in
      let other = try Data(contentsOf: Goldens.folder.appendingPathComponent("grey.jpg")) + [0]
      try folder.write(other, to: "bmk_fine/gallery/0.jpg")
      try expectEqual(DatasetKind.dyML.read(folder.url).ownItems(), [2])
      try folder.write(other, to: "bmk_fine/gallery/2.jpg")
      try expectEqual(DatasetKind.dyML.read(folder.url).ownItems(), [nil])
      try expectEqual(DyMLFolder.read(folder.url, level: .middle).ownItems(), [0])
    }
  }

  @Test func productsHaveOneTest() throws {
    try withFolder { folder in
      try folder.writePictures(
        (0..<5).map { "train/imgs/\($0).jpg" } + (0..<4).map { "mini-bmk_all_in_one/imgs/\($0).jpg" })
      try folder.write(Self.train, to: "train/label.csv")
      try folder.write(
        Self.header + "0.jpg,1,1,1\n1.jpg,1,1,1\n2.jpg,2,1,1\n3.jpg,3,2,5\n", to: "mini-bmk_all_in_one/label.csv")
      let data = try DatasetKind.dyML.read(folder.url)
      #expect(data.gallery == nil)
      expectEqual(data.test.labels, [0, 0, 1, 2])
      try expectEqual(data.ownItems(), nil)
      expectEqual(
        data.test.taxonomy?.levels.map(\.groups),
        [
          ["test middle 1", "test middle 2"], ["test coarse 1", "test coarse 5"],
        ])
      let middle = try DyMLFolder.read(folder.url, level: .middle)
      expectEqual(middle.test.labels, [0, 0, 0, 1])
      expectEqual(middle.train.classCount, 4)
    }
  }

  @Test func linesAreChecked() throws {
    func expectSpoiled(_ train: String, _ expected: (String) -> DatasetError) throws {
      try withAnimals(train) { folder in
        expectError(expected(folder.path("train/label.csv"))) { try DatasetKind.dyML.read(folder.url) }
      }
    }
    let form = "fname and fine_id, middle_id, coarse_id, whole numbers from 0"
    for line in ["5.jpg,x,4,1", "5.jpg,10,-4,1", "5.jpg,10,4,1.5", ",10,4,1"] {
      try expectSpoiled(Self.train + line + "\n") { .malformed(file: $0, line: 7, content: line, expected: form) }
    }
    try expectSpoiled(Self.train.replacing("coarse_id", with: "colour")) {
      .malformed(
        file: $0, line: 1, content: "fname, fine_id0.jpg, middle_id, colour",
        expected: "a header with a column coarse_id")
    }
    try expectSpoiled(Self.train + "0.jpg,10,4,1\n") { .duplicate(file: $0, line: 7, what: "0.jpg", firstLine: 2) }
    try expectSpoiled(Self.train + "5.jpg,10,5,1\n") {
      .conflict(file: $0, line: 7, claim: "the fine class 10 is in group 5", firstLine: 2)
    }
    try expectSpoiled(Self.train + "5.jpg,14,4,2\n") {
      .conflict(file: $0, line: 7, claim: "the middle class 4 is in group 2", firstLine: 2)
    }
    try withAnimals { folder in
      try FileManager.default.removeItem(at: folder.url.appendingPathComponent("bmk_middle/query.csv"))
      try expectEqual(DatasetKind.dyML.read(folder.url).test.count, 1)
      expectError(.incomplete(folder: folder.url.path, form: "DyML", missing: ["bmk_middle/query.csv"], hint: nil)) {
        try DyMLFolder.read(folder.url, level: .middle)
      }
    }
  }
}
