import Foundation
import Tensor
import Testing
import Vision
import _TestSupport

@Suite struct CUBFolderTests {
  /// A good folder of 3 classes with 2 pictures each, for tests to spoil.
  struct Folder {
    let url: URL
    var texts = [
      "classes.txt": "1 001.Gull\n2 002.Tern\n3 003.Wren\n",
      "images.txt": """
      1 001.Gull/a.jpg
      2 001.Gull/b.jpg
      3 002.Tern/c.jpg
      4 002.Tern/d.jpg
      5 003.Wren/e.jpg
      6 003.Wren/f.jpg

      """,
      "image_class_labels.txt": "1 1\n2 1\n3 2\n4 2\n5 3\n6 3\n",
    ]

    /// Writes the lists and the pictures, reads the folder.
    func read(requiringFiles: Bool = true) throws -> ImageDataset {
      for (name, text) in texts { try write(Array(text.utf8), to: name) }
      for (index, file) in ["001.Gull/a", "001.Gull/b", "002.Tern/c", "002.Tern/d", "003.Wren/e", "003.Wren/f"]
        .enumerated()
      {
        let image = url.appendingPathComponent("images/\(file).jpg")
        let parent = image.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
        try plain([UInt8(40 * index), 100, 200]).write(to: image)
      }
      return try CUBFolder.read(url, requiringFiles: requiringFiles)
    }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: url.appendingPathComponent(name)) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
  }

  /// Spoils a good folder and expects the error that `expected` makes of it.
  func expectError(
    _ expected: (Folder) -> DatasetError, location: SourceLocation = #_sourceLocation, spoil: (inout Folder) -> Void
  ) throws {
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      spoil(&folder)
      let error = #expect(throws: DatasetError.self, sourceLocation: location) { try folder.read() }
      #expect(error == expected(folder), sourceLocation: location)
      #expect(error?.description.contains("\n") == false, sourceLocation: location)
    }
  }

  @Test func readsAFolder() throws {
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      folder.texts["bounding_boxes.txt"] = "2 1.0 2.0 3.5 4.0\n1 0.0 0.0 8.0 8.0\n"
      let dataset = try folder.read()
      expectEqual(dataset.name, url.lastPathComponent)
      expectEqual(dataset.classNames, ["001.Gull", "002.Tern", "003.Wren"])
      expectEqual(dataset.labels, [0, 0, 1, 1, 2, 2])
      expectEqual(dataset.samples[1].boundingBox, BoundingBox(x: 1, y: 2, width: 3.5, height: 4))
      expectEqual(dataset.samples[2].boundingBox, nil)
      try expectEqual(dataset.image(at: 5).pixels.shape, [8, 8, 3])
      expectEqual(dataset.samples[5].source.name, folder.path("images/003.Wren/f.jpg"))
    }
  }

  @Test func acceptsCRLFGapsAndAnyOrder() throws {
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      folder.texts["classes.txt"] = "\u{FEFF}30 003.Wren\r\n7 001.Gull\r\n12 002.Tern\r\n\r\n"
      folder.texts["image_class_labels.txt"] = "6 30\r\n5  30\r\n4\t12\r\n3 12 \r\n2 7\r\n1 7"
      let dataset = try folder.read()
      expectEqual(dataset.classNames, ["001.Gull", "002.Tern", "003.Wren"])
      expectEqual(dataset.labels, [0, 0, 1, 1, 2, 2])
    }
  }

  @Test func skipsResourceForks() throws {
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      folder.texts["images.txt"]! += "7 003.Wren/._e.jpg\n"
      folder.texts["image_class_labels.txt"]! += "7 3\n"
      let dataset = try folder.read()
      expectEqual(dataset.count, 6)
    }
  }

  @Test func saysWhatIsMissing() throws {
    try withTemporaryFolder { url in
      let outer = url.appendingPathComponent("outer")
      let inner = outer.appendingPathComponent("CUB_200_2011")
      try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
      func failure(_ url: URL) -> DatasetError? { #expect(throws: DatasetError.self) { try CUBFolder.read(url) } }
      let form = "CUB-200-2011"
      let everything = ["images.txt", "image_class_labels.txt", "classes.txt", "images/"]
      expectEqual(failure(outer), .incomplete(folder: outer.path, form: form, missing: everything, hint: nil))
      _ = try Folder(url: inner).read()
      expectEqual(failure(outer), .incomplete(folder: outer.path, form: form, missing: everything, hint: inner.path))
      let images = inner.appendingPathComponent("images")
      expectEqual(failure(images), .incomplete(folder: images.path, form: form, missing: everything, hint: inner.path))
      let none = url.appendingPathComponent("none")
      expectEqual(failure(none)?.description, "\(none.path): not CUB-200-2011: there is no such folder")
      try FileManager.default.removeItem(at: inner.appendingPathComponent("classes.txt"))
      expectEqual(failure(inner), .incomplete(folder: inner.path, form: form, missing: ["classes.txt"], hint: nil))
    }
  }

  @Test(arguments: ["classes.txt", "images.txt", "image_class_labels.txt"])
  func emptyListsAndMalformedLines(name: String) throws {
    for text in ["", "\n", " \r\n\n"] {
      try expectError({ .empty(file: $0.path(name)) }, spoil: { $0.texts[name] = text })
    }
    for line in ["x y", "1", "1 ", "-1 1", "0 1", "", "1.5 2"] {
      try withTemporaryFolder { url in
        var folder = Folder(url: url)
        folder.texts[name] = line + "\n" + folder.texts[name]!
        let error = #expect(throws: DatasetError.self, "\(name): \(line)") { try folder.read() }
        guard case .malformed(folder.path(name), 1, line, _) = error else {
          Issue.record("\(name): \"\(line)\" gives \(String(describing: error))")
          return
        }
      }
    }
  }

  @Test func listsMustBeText() throws {
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      folder.texts["classes.txt"] = nil
      try folder.write(Array("1 001.Gull\n2 002.T".utf8) + [0xFF, 0xFE, 10], to: "classes.txt")
      let error = #expect(throws: DatasetError.self) { try folder.read() }
      expectEqual(error, .notText(file: folder.path("classes.txt"), line: 2))
    }
  }

  @Test func listsMustBeFiles() throws {
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      folder.texts["classes.txt"] = nil
      try FileManager.default.createDirectory(
        at: url.appendingPathComponent("classes.txt"), withIntermediateDirectories: true)
      let error = #expect(throws: DatasetError.self) { try folder.read() }
      expectEqual(error, .unreadable(file: folder.path("classes.txt"), reason: "not a regular file"))
    }
  }

  @Test func labelsMustAgreeWithImages() throws {
    let labels = "image_class_labels.txt"
    try expectError { folder in
      .missingLabel(file: folder.path(labels), id: 4, listedIn: folder.path("images.txt"), line: 4)
    } spoil: {
      $0.texts[labels] = "1 1\n2 1\n3 2\n5 3\n6 3\n"
    }
    try expectError {
      .unknownImage(file: $0.path(labels), line: 7, id: 9)
    } spoil: {
      $0.texts[labels]! += "9 3\n"
    }
    try expectError {
      .duplicate(file: $0.path(labels), line: 7, what: "id 2", firstLine: 2)
    } spoil: {
      $0.texts[labels]! += "2 1\n"
    }
    try expectError { folder in
      .unknownClass(file: folder.path(labels), line: 6, id: 4, classes: folder.path("classes.txt"))
    } spoil: {
      $0.texts[labels] = "1 1\n2 1\n3 2\n4 2\n5 3\n6 4\n"
    }
    try expectError { folder in
      .malformed(file: folder.path(labels), line: 3, content: "3 2 7", expected: "\"id class\", as in \"1 1\"")
    } spoil: {
      $0.texts[labels] = "1 1\n2 1\n3 2 7\n4 2\n5 3\n6 3\n"
    }
    try expectError { folder in
      .contradiction(file: folder.path(labels), line: 3, path: "002.Tern/c.jpg", className: "003.Wren")
    } spoil: {
      $0.texts[labels] = "1 1\n2 1\n3 3\n4 2\n5 3\n6 3\n"
    }
  }

  @Test func idsPathsAndClassesOccurOnce() throws {
    try expectError {
      .duplicate(file: $0.path("images.txt"), line: 7, what: "id 6", firstLine: 6)
    } spoil: {
      $0.texts["images.txt"]! += "6 003.Wren/g.jpg\n"
    }
    try expectError { folder in
      .duplicate(file: folder.path("images.txt"), line: 7, what: "001.Gull/a.jpg", firstLine: 1)
    } spoil: {
      $0.texts["images.txt"]! += "7 001.Gull/a.jpg\n"
    }
    try expectError { folder in
      .duplicate(file: folder.path("classes.txt"), line: 4, what: "class 001.Gull", firstLine: 1)
    } spoil: {
      $0.texts["classes.txt"]! += "4 001.Gull\n"
    }
  }

  @Test(arguments: ["../x.jpg", "001.Gull/../../x.jpg", "/etc/passwd"])
  func pathsStayInTheFolder(path: String) throws {
    try expectError {
      .unsafePath(file: $0.path("images.txt"), line: 7, path: path)
    } spoil: {
      $0.texts["images.txt"]! += "7 \(path)\n"
    }
  }

  @Test func missingPicturesAreNamedOrLeftForLater() throws {
    let spoil: (inout Folder) -> Void = {
      $0.texts["images.txt"]! += "7 003.Wren/g.jpg\n"
      $0.texts["image_class_labels.txt"]! += "7 3\n"
    }
    try expectError(
      { folder in
        .missingImage(file: folder.path("images.txt"), line: 7, path: folder.path("images/003.Wren/g.jpg"))
      }, spoil: spoil)
    try withTemporaryFolder { url in
      var folder = Folder(url: url)
      spoil(&folder)
      let (dataset, broken) = try folder.read(requiringFiles: false).withoutBrokenImages()
      expectEqual(dataset.count, 6)
      expectEqual(broken.map(\.name), [folder.path("images/003.Wren/g.jpg")])
    }
  }

  @Test func classesNeedTwoPictures() throws {
    try expectError { folder in
      .tooFewImages(className: "003.Wren", count: 1, needed: 2, place: folder.path("images.txt"))
    } spoil: {
      $0.texts["images.txt"] = $0.texts["images.txt"]!.replacing("6 003.Wren/f.jpg\n", with: "")
      $0.texts["image_class_labels.txt"] = "1 1\n2 1\n3 2\n4 2\n5 3\n"
    }
    try expectError { folder in
      .tooFewImages(className: "004.Owl", count: 0, needed: 2, place: folder.path("images.txt"))
    } spoil: {
      $0.texts["classes.txt"]! += "4 004.Owl\n"
    }
  }

  @Test(arguments: ["1 2 3 4\n", "1 2 3 4 x\n", "1 0 0 -1 5\n", "1 0 0 nan 5\n", "1 2 3 4 5 6\n"])
  func boxesMustBeBoxes(text: String) throws {
    let expected = "\"id x y width height\", as in \"1 60.0 27.0 325.0 304.0\""
    try expectError { folder in
      .malformed(
        file: folder.path("bounding_boxes.txt"), line: 1, content: String(text.dropLast()), expected: expected)
    } spoil: {
      $0.texts["bounding_boxes.txt"] = text
    }
  }

  @Test func boxesMustBelongToImages() throws {
    try expectError {
      .unknownImage(file: $0.path("bounding_boxes.txt"), line: 1, id: 8)
    } spoil: {
      $0.texts["bounding_boxes.txt"] = "8 1 2 3 4\n"
    }
  }

  @Test func errorsQuoteShortVisibleText() {
    let error = DatasetError.malformed(
      file: "a.txt", line: 3, content: "\u{1B}[31m" + String(repeating: "x", count: 500), expected: "a word")
    #expect(error.description.count < 130 && error.description.hasPrefix("a.txt:3: expected a word, found \"?[31mx"))
  }

  @Test func writtenFoldersAreReadBack() throws {
    try withTemporaryFolder { url in
      let dataset = pictures(classes: 3, each: 2, height: 16, width: 16)
      let target = url.appendingPathComponent("export")
      try CUBFolder.write(dataset, to: target)
      try expectEqual(names(in: url), ["export"])
      let copy = try CUBFolder.read(target)
      expectEqual(copy.labels, dataset.labels)
      expectEqual(copy.classNames, ["001.class_0", "002.class_1", "003.class_2"])
      for index in 0..<dataset.count {
        let (a, b) = (try copy.image(at: index).unitPixels, try dataset.image(at: index).unitPixels)
        expectLess(abs(a - b).mean().item, 0.03)
      }
      let again = url.appendingPathComponent("again")
      try CUBFolder.write(copy, to: again)
      let file = "images/001.class_0/class_0_00001.jpg"
      let bytes = try [target, again].map { try Data(contentsOf: $0.appendingPathComponent(file)) }
      expectEqual(bytes[0], bytes[1])
    }
  }

  @Test func filesOfOtherFormsAreCopiedWithTheirEndings() throws {
    try withTemporaryFolder { url in
      let files = ["rgb.png", "lossy.webp", "turned.jpg"].map { Goldens.folder.appendingPathComponent("formats/\($0)") }
      let samples = files.map { ImageDataset.Sample(source: .file($0), label: 0) }
      let dataset = ImageDataset(name: "some", classNames: ["a"], samples: samples)
      try CUBFolder.write(dataset, to: url.appendingPathComponent("export"))
      let folder = url.appendingPathComponent("export/images/001.a")
      let names = try names(in: folder)
      expectEqual(names, ["a_00001.png", "a_00002.webp", "a_00003.jpg"])
      for (name, file) in zip(names, files) {
        try expectEqual(Data(contentsOf: folder.appendingPathComponent(name)), Data(contentsOf: file))
      }
    }
  }

  @Test func failedWritesLeaveNothing() throws {
    try withTemporaryFolder { url in
      let broken = ImageDataset.Sample(source: .file(url.appendingPathComponent("missing.jpg")), label: 0)
      let dataset = ImageDataset(name: "some", classNames: ["a"], samples: pictures(classes: 1).samples + [broken])
      #expect(throws: ImageError.self) { try CUBFolder.write(dataset, to: url.appendingPathComponent("export")) }
      let left = try names(in: url)
      #expect(left.isEmpty)
      #expect(throws: DatasetError.unwritable(folder: url.path, reason: "it exists already")) {
        try CUBFolder.write(pictures(), to: url)
      }
    }
  }
}
