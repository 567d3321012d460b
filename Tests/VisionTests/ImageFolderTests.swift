import ClassTree
import Foundation
import Testing
import Vision
import _TestSupport

@Suite struct ImageFolderTests {
  func write(_ classes: [String], in folder: DatasetFolder, each: Int = 2) throws {
    for name in classes { try folder.writePictures((0..<each).map { "\(name)/\($0).jpg" }) }
  }

  @Test func flatFoldersAreSplitInHalves() throws {
    try withFolder { folder in
      try write(["b", "a", "d", "c", "B"], in: folder)
      try folder.writePictures("a/10.JPEG")
      let data = try DatasetKind.recognize(folder.url).read(folder.url)
      expectEqual(data.kind, .folder)
      expectEqual(data.train.classNames, ["B", "a", "b"])
      expectEqual(data.test.classNames, ["c", "d"])
      expectEqual(
        folder.paths(data.train), ["B/0.jpg", "B/1.jpg", "a/0.jpg", "a/1.jpg", "a/10.JPEG", "b/0.jpg", "b/1.jpg"])
      #expect(data.train.taxonomy == nil && data.gallery == nil && data.notes.isEmpty)
    }
  }

  @Test func nestedFoldersAreTheTaxonomy() throws {
    try withFolder { folder in
      try write(["birds/sea/gull", "birds/sea/tern", "birds/wren", "mammals/bat", "mammals/seal"], in: folder)
      let data = try DatasetKind.folder.read(folder.url)
      expectEqual(data.train.classNames, ["birds/sea/gull", "birds/sea/tern", "birds/wren"])
      expectEqual(data.test.classNames, ["mammals/bat", "mammals/seal"])
      expectEqual(
        data.train.taxonomy?.levels,
        [
          .init(name: "level 1", groups: ["birds/sea", "birds/wren"], parents: [0, 0, 1]),
          .init(name: "level 2", groups: ["birds"], parents: [0, 0]),
        ])
    }
  }

  @Test func trainAndTestSplitTheClasses() throws {
    try withFolder { folder in
      try write(["train/x/c", "train/y/d", "train/y/e", "test/x/a", "val/x/z"], in: folder)
      let data = try DatasetKind.folder.read(folder.url)
      expectEqual(data.train.classNames, ["x/c", "y/d", "y/e"])
      expectEqual(data.test.classNames, ["x/a"])
      expectEqual(data.train.taxonomy?.levels, [.init(name: "level 1", groups: ["x", "y"], parents: [0, 1, 1])])
      expectEqual(data.notes, ["beside train/ and test/, not used: val"])
    }
  }

  @Test func sharedClassesArePutTogether() throws {
    try withFolder { folder in
      try write(["train/a", "train/b", "train/c", "test/b", "test/c", "test/d"], in: folder, each: 1)
      try folder.writePictures("train/a/1.jpg", "test/d/1.jpg")
      let data = try DatasetKind.folder.read(folder.url)
      expectEqual(data.train.classNames, ["a", "b"])
      expectEqual(data.test.classNames, ["c", "d"])
      expectEqual(folder.paths(data.train), ["train/a/0.jpg", "train/a/1.jpg", "train/b/0.jpg", "test/b/0.jpg"])
      expectEqual(
        data.notes,
        [
          "train/ and test/ share 2 classes: their pictures are put together, and the first half of the 4 classes trains"
        ])
    }
  }

  /// Foundation leaves such a name out without a word.
  @Test(arguments: ["caf\u{E9}", "c/\u{E9}.jpg"])
  func aNameThatIsNotUTF8IsNamed(_ latin1: String) throws {
    try withFolder { folder in
      try write(["a", "b", "c"], in: folder)
      let bytes =
        folder.url.path.utf8.map { CChar(bitPattern: $0) } + [47]
        + latin1.unicodeScalars.map { CChar(bitPattern: UInt8($0.value)) } + [0]
      expectEqual(mkdir(bytes, 0o755), 0)
      let shown = latin1.split(separator: "/").last!.replacing("\u{E9}", with: #"\xE9"#)
      let error = #expect(throws: DatasetError.self) { try DatasetKind.recognize(folder.url).read(folder.url) }
      expectEqual(error.map { "\($0)".hasSuffix("the name '\(shown)' in it is not UTF-8; rename it") }, true)
    }
  }

  @Test func whatIsLeftOutIsNoted() throws {
    try withFolder { folder in
      try write(["a", "b"], in: folder)
      try folder.writePictures("lonely.jpg", "a/._0.jpg", ".hidden/x.jpg")
      for name in ["a/x.gif", "a/y.GIF", "b/notes.txt", "README"] { try folder.write("x", to: name) }
      let data = try DatasetKind.folder.read(folder.url)
      expectEqual(data.count, 4)
      expectEqual(
        data.notes,
        [
          "1 pictures lie in no class's folder and are left out",
          "files that are no JPEG, PNG or WebP are left out: 2 .gif, 1 .txt, 1 without an ending",
        ])
      let note = try ImageDataset.pictures(in: folder.url).note
      expectEqual(note, data.notes[1])
    }
  }

  @Test func picturesOfEveryFormAreFoundByTheirNames() throws {
    try withFolder { folder in
      try folder.writePictures("a/0.jpg", "a/1.JPEG", "b/0.png", "b/1.WebP")
      let data = try DatasetKind.recognize(folder.url).read(folder.url)
      #expect(data.count == 4 && data.notes.isEmpty)
      // What they are is found by what is in them: here JPEG data in all.
      #expect(try data.brokenImages().isEmpty)
      let (_, paths, note) = try ImageDataset.pictures(in: folder.url)
      expectEqual(paths, ["a/0.jpg", "a/1.JPEG", "b/0.png", "b/1.WebP"])
      expectEqual(note, nil)
    }
  }

  @Test func filesOfOtherFormsAreCountedWhereTooLittleIsLeft() throws {
    try withFolder { folder in
      for name in ["a/0.heic", "a/1.heic", "b/0.tiff"] { try folder.write("x", to: name) }
      let others = "2 .heic, 1 .tiff"
      func failure(_ body: () throws -> some Any) -> String {
        "\(#expect(throws: DatasetError.self) { _ = try body() } as Any)"
      }
      #expect(
        failure { try DatasetKind.recognize(folder.url) }
          .contains("no folders of pictures (a folder a class; files that are no JPEG, PNG or WebP: \(others))"))
      #expect(
        failure { try ImageDataset.pictures(in: folder.url) }
          .contains("there is no JPEG, PNG or WebP file in the folder or in the folders in it, but \(others)"))
      let place = "\(folder.url.path) (left out: \(others))"
      expectError(.tooFewClasses(dataset: place, count: 0, needed: 2)) { try DatasetKind.folder.read(folder.url) }
      try write(["c"], in: folder)
      try folder.writePictures("a/2.jpg")
      expectError(.tooFewImages(className: "a", count: 1, needed: 2, place: place)) {
        try DatasetKind.folder.read(folder.url)
      }
    }
  }

  @Test func tooLittleIsAnError() throws {
    try withFolder { folder in
      expectError(.tooFewClasses(dataset: folder.url.path, count: 0, needed: 2)) {
        try DatasetKind.folder.read(folder.url)
      }
      try write(["a"], in: folder)
      expectError(.tooFewClasses(dataset: folder.url.path, count: 1, needed: 2)) {
        try DatasetKind.folder.read(folder.url)
      }
      try folder.writePictures("b/0.jpg")
      expectError(.tooFewImages(className: "b", count: 1, needed: 2, place: folder.url.path)) {
        try DatasetKind.folder.read(folder.url)
      }
      let none = folder.url.appendingPathComponent("none")
      expectError(.incomplete(folder: none.path, form: "an image folder", missing: [], hint: nil)) {
        try DatasetKind.folder.read(none)
      }
    }
  }

  @Test func foldersThatHoldThemselvesAreFound() throws {
    try withFolder { folder in
      try write(["a", "b"], in: folder)
      let loop = folder.url.appendingPathComponent("b/loop")
      try FileManager.default.createSymbolicLink(at: loop, withDestinationURL: folder.url)
      expectError(
        .unreadable(file: loop.path, reason: "the folder is \(folder.url.path) once more, by a link")
      ) { try DatasetKind.folder.read(folder.url) }
    }
  }

  /// Each of 40 folders has two links to the next: 2⁴⁰ paths.
  @Test(.timeLimit(.minutes(1))) func linksThatDoubleThePathsAreFound() throws {
    try withFolder { folder in
      try write(["c", "d"], in: folder)
      for level in 0..<40 {
        let below = folder.url.appendingPathComponent("levels/\(level + 1)")
        try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
        let own = level == 0 ? folder.url : folder.url.appendingPathComponent("levels/\(level)")
        for name in ["a", "b"] {
          try FileManager.default.createSymbolicLink(
            at: own.appendingPathComponent(name), withDestinationURL: below)
        }
      }
      let error = #expect(throws: DatasetError.self) { try DatasetKind.folder.read(folder.url) }
      expectEqual(error?.description.contains("once more, by a link"), true)
      #expect(throws: DatasetError.self) { try ImageDataset.pictures(in: folder.url) }
    }
  }

  @Test func aPictureOrListThatIsTooLargeIsNotRead() throws {
    try withFolder { folder in
      try write(["a", "b"], in: folder)
      truncate(folder.path("a/0.jpg"), 1 << 40)
      let broken = try DatasetKind.folder.read(folder.url).brokenImages()
      expectEqual(broken.map(\.name), [folder.path("a/0.jpg")])
      expectEqual(broken.first?.description.contains("1099511627776 bytes are too many; it may have 268435456"), true)
      try folder.writePictures("images/x.jpg")
      for name in ["images.txt", "image_class_labels.txt", "classes.txt"] { try folder.write("1 x", to: name) }
      truncate(folder.path("images.txt"), 1 << 40)
      let error = #expect(throws: DatasetError.self) { try DatasetKind.cub.read(folder.url) }
      expectEqual(
        error?.description.contains("images.txt: cannot read: 1099511627776 bytes are too many"), true,
        "\(error as Any)")
    }
  }
}
