import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct InShopFolderTests {
  static let header = "image_name item_id evaluation_status"

  static let lines = [
    "img/WOMEN/Dresses/id_00000002/02_1_front.jpg            id_00000002 train",
    "img/WOMEN/Dresses/id_00000002/02_2_side.jpg    id_00000002   train",
    "img/MEN/Denim/id_00000080/01_1_front.jpg  id_00000080 train",
    "img/WOMEN/Denim/id_00000001/02_1_front.jpg  id_00000001 query",
    "img/WOMEN/Denim/id_00000001/02_2_side.jpg  id_00000001 gallery",
    "img/WOMEN/Denim/id_00000001/02_3_back.jpg  id_00000001 gallery",
    "img/MEN/Denim/id_00000090/01_1_front.jpg  id_00000090 query",
    "img/MEN/Denim/id_00000090/01_2_side.jpg  id_00000090 gallery",
  ]

  /// A folder with a good list, which `spoil` may change, in the form that it is distributed in.
  func withShop(
    list: String = "list_eval_partition.txt", pictures prefix: String = "",
    _ spoil: (inout [String]) -> Void = { _ in }, _ body: (DatasetFolder) throws -> Void
  ) throws {
    try withFolder { folder in
      var lines = ["\(Self.lines.count)", Self.header] + Self.lines
      try folder.writePictures(Self.lines.map { prefix + $0.split(separator: " ")[0] })
      spoil(&lines)
      try folder.write(lines.joined(separator: "\n") + "\n", to: list)
      try body(folder)
    }
  }

  func expectSpoiled(
    _ expected: (String) -> DatasetError, location: SourceLocation = #_sourceLocation,
    spoil: (inout [String]) -> Void
  ) throws {
    try withShop(spoil) { folder in
      expectError(expected(folder.path("list_eval_partition.txt")), location: location) {
        try DatasetKind.inShop.read(folder.url)
      }
    }
  }

  @Test(arguments: [("list_eval_partition.txt", ""), ("Eval/list_eval_partition.txt", "Img/")])
  func readsQueriesAndGallery(list: String, prefix: String) throws {
    try withShop(list: list, pictures: prefix) { folder in
      try expectEqual(DatasetKind.recognize(folder.url), .inShop)
      let data = try DatasetKind.inShop.read(folder.url)
      let gallery = try #require(data.gallery)
      expectEqual(data.train.classNames, ["id_00000002", "id_00000080"])
      expectEqual(data.train.labels, [0, 0, 1])
      expectEqual(data.test.classNames, ["id_00000001", "id_00000090"])
      expectEqual(data.test.labels, [0, 1])
      expectEqual(gallery.classNames, data.test.classNames)
      expectEqual(gallery.labels, [0, 0, 1])
      expectEqual(folder.paths(gallery)[1], "\(prefix)img/WOMEN/Denim/id_00000001/02_3_back.jpg")
      expectEqual(data.count, 8)
      #expect(try data.brokenImages().isEmpty)
      expectEqual(
        data.test.taxonomy?.levels,
        [
          .init(name: "level 1", groups: ["MEN/Denim", "WOMEN/Denim"], parents: [1, 0]),
          .init(name: "level 2", groups: ["WOMEN", "MEN"], parents: [1, 0]),
        ])
      #expect(data.notes.count == 1 && data.notes[0].contains("3 gallery pictures (published: 12612)"))
      expectEqual(DatasetKind.inShop.recallLevels, [1, 10, 20, 30, 40, 50])
    }
  }

  @Test func headersAndCountAreChecked() throws {
    try expectSpoiled({ .malformed(file: $0, line: 1, content: Self.header, expected: "the number of pictures") }) {
      $0.removeFirst()
    }
    try expectSpoiled({
      .malformed(file: $0, line: 2, content: Self.lines[0], expected: "the header \"\(Self.header)\"")
    }) { $0.remove(at: 1) }
    try expectSpoiled({ .wrongCount(file: $0, stated: 8, found: 7) }) { $0.removeLast() }
    try expectSpoiled({ .wrongCount(file: $0, stated: 8, found: 0) }) { $0 = ["8"] }
    try expectSpoiled({ .wrongContent(file: $0, problem: "no line has the status train") }) { $0 = ["0", Self.header] }
    try expectSpoiled({ .wrongContent(file: $0, problem: "no line has the status query") }) { lines in
      lines = lines.map { $0.replacing(" query", with: " gallery") }
    }
    try expectSpoiled({ .empty(file: $0) }) { $0 = [] }
  }

  @Test(arguments: [
    "img/MEN/Denim/id_00000090/01_9.jpg  id_00000090", "img/MEN/Denim/id_00000090/01_9.jpg", "",
    "img/MEN/Denim/id_00000090/01_9.jpg  id_00000090 test", "img/MEN/Denim/id_00000090/01_9.jpg id_00000090 query x",
  ])
  func linesNeedThreeColumns(line: String) throws {
    try expectSpoiled({
      .malformed(
        file: $0, line: 5, content: line,
        expected: "\"image_name item_id evaluation_status\", the last of them train, query or gallery")
    }) { $0.insert(line, at: 4) }
  }

  @Test func picturesAndItemsAreChecked() throws {
    func add(_ path: String, _ item: String, _ status: String) -> (inout [String]) -> Void {
      {
        $0[0] = "9"
        $0.append("\(path) \(item) \(status)")
      }
    }
    let item = "id_00000090"
    try expectSpoiled(
      { .unsafePath(file: $0, line: 11, path: "img/../../x.jpg") }, spoil: add("img/../../x.jpg", item, "query"))
    let front = "img/MEN/Denim/\(item)/01_1_front.jpg"
    try expectSpoiled(
      { .duplicate(file: $0, line: 11, what: front, firstLine: 9) }, spoil: add(front, item, "gallery"))
    try expectSpoiled(
      { .conflict(file: $0, line: 11, claim: "item \(item) is for train", firstLine: 9) },
      spoil: add("img/MEN/Denim/\(item)/2.jpg", item, "train"))
    try withShop(add("img/MEN/Denim/\(item)/2.jpg", item, "query")) { folder in
      let (list, gone) = (folder.path("list_eval_partition.txt"), folder.path("img/MEN/Denim/\(item)/2.jpg"))
      expectError(.missingImage(file: list, line: 11, path: gone)) { try DatasetKind.inShop.read(folder.url) }
      let data = try DatasetKind.inShop.read(folder.url, requiringFiles: false)
      let (kept, broken) = try data.withoutBrokenImages()
      expectEqual(broken.map(\.name), [gone])
      expectEqual(kept.count, 8)
      expectEqual(kept.gallery?.count, 3)
    }
  }

  @Test func itemsInTwoCategoriesAreNoted() throws {
    try withShop({ $0[3] = $0[3].replacing("Dresses", with: "Skirts") }) { folder in
      let data = try DatasetKind.inShop.read(folder.url, requiringFiles: false)
      expectEqual(data.notes[0], "1 items lie in several categories; the first in the list counts")
    }
  }

  @Test func aMissingListIsNamed() throws {
    try withFolder { folder in
      expectError(
        .incomplete(
          folder: folder.url.path, form: "In-Shop Clothes Retrieval", missing: ["list_eval_partition.txt"], hint: nil)
      ) { try DatasetKind.inShop.read(folder.url) }
    }
  }
}
