import ClassTree
import Foundation
import Tensor
import TensorFiles

/// A folder of pictures for each class; folders around them are the taxonomy.
///
/// A class is called by its path, and the classes are in the order of their names. The first half trains; folders `train` and
/// `test` at the top say it otherwise, unless they hold the same classes, whose pictures are then put together.
enum ImageFolder {
  static func read(_ folder: URL, kind: DatasetKind = .folder) throws -> RetrievalDataset {
    guard isFolder(folder) else {
      throw DatasetError.incomplete(folder: folder.path, form: kind.title, missing: [], hint: nil)
    }
    var scan = Scan()
    let halves = ["train", "test"].map(folder.appendingPathComponent)
    var classes: [Class]
    var trainingClasses: Int?
    if halves.allSatisfy(isFolder) {
      let (train, test) = (try scan.classes(in: halves[0]), try scan.classes(in: halves[1]))
      let both = Set(train.map(\.path)).intersection(test.map(\.path))
      if both.isEmpty {
        classes = train + test
        trainingClasses = train.count
      } else {
        let merged = Dictionary(grouping: train + test, by: \.path)
        classes = merged.map { Class(path: $0, files: $1.flatMap(\.files)) }.sorted { $0.path.precedes($1.path) }
        scan.notes.append(
          "train/ and test/ share \(both.count) classes: their pictures are put together, and the first half of the "
            + "\(classes.count) classes trains")
      }
      let others = try folders(in: folder).map(\.lastPathComponent).filter { !["train", "test"].contains($0) }
      if !others.isEmpty { scan.notes.append("beside train/ and test/, not used: \(others.joined(separator: ", "))") }
    } else {
      classes = try scan.classes(in: folder)
    }
    let place = folder.path + (scan.others.map { " (left out: \($0))" } ?? "")
    guard classes.count >= 2 else {
      throw DatasetError.tooFewClasses(dataset: place, count: classes.count, needed: 2)
    }
    let classNames = classes.map { $0.path.joined(separator: "/") }
    let groups = classes.map { one in one.path.indices.dropLast().map { one.path[...$0].joined(separator: "/") } }
    let samples = classes.enumerated().flatMap { label, one in
      one.files.map { ImageDataset.Sample(source: .file($0), label: label) }
    }
    let dataset = ImageDataset(
      name: folder.standardizedFileURL.lastPathComponent, classNames: classNames, samples: samples,
      taxonomy: ClassHierarchy(ancestors: groups, classes: classNames))
    try dataset.requireImages(perClass: kind.picturesPerClass, place: place)
    return try RetrievalDataset(
      dataset, kind: kind, trainingClasses: trainingClasses, notes: scan.allNotes)
  }

  /// The folders directly in a folder, in the order of their names; hidden ones are skipped.
  static func folders(in folder: URL) throws -> [URL] {
    try names(in: folder).filter { !ImageFormat.isPicture($0) }.map(folder.appendingPathComponent).filter(isFolder)
  }

  /// Whether there is a picture in a folder or deeper.
  static func holdsPictures(_ folder: URL) throws -> Bool {
    var scan = Scan()
    return try !scan.classes(in: folder, orItself: true).isEmpty
  }

  /// The files that are no pictures in a folder and the folders in it, as in "3 .heic, 1 .txt"; nil where there is none.
  static func others(in folder: URL) throws -> String? {
    var scan = Scan()
    _ = try scan.classes(in: folder)
    return scan.others
  }

  /// All pictures in a folder and the folders in it, as paths from there in the order of their bytes, and other files counted.
  static func pictures(in folder: URL) throws -> (paths: [String], others: String?) {
    guard isFolder(folder) else {
      throw DatasetError.incomplete(folder: folder.path, form: "a folder of pictures", missing: [], hint: nil)
    }
    var scan = Scan()
    let paths = try scan.classes(in: folder, orItself: true).flatMap { one in
      one.files.map { (one.path + [$0.lastPathComponent]).joined(separator: "/") }
    }
    return (paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, scan.others)
  }

  /// What is said about files that are no pictures.
  static func note(others: String) -> String { "files that are no \(ImageFormat.list) are left out: \(others)" }

  // MARK: Walking

  private struct Class {
    let path: [String]
    let files: [URL]
  }

  private struct Scan {
    var notes: [String] = []
    private var outside = 0
    private var otherKinds: [String: Int] = [:]
    private var visited: [Identity: String] = [:]

    /// What a folder is, by whatever path it is reached.
    private struct Identity: Hashable {
      let device: UInt
      let inode: UInt
    }

    /// What was left out.
    var allNotes: [String] {
      var all = notes
      if outside > 0 { all.append("\(outside) pictures lie in no class's folder and are left out") }
      if let others { all.append(note(others: others)) }
      return all
    }

    /// The files that are no pictures, counted by the endings of their names.
    var others: String? {
      guard !otherKinds.isEmpty else { return nil }
      return otherKinds.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    /// The folders in a folder that hold pictures, in the order of their paths.
    mutating func classes(in folder: URL, orItself: Bool = false) throws -> [Class] {
      var found: [Class] = []
      try walk(folder, [], &found)
      if !orItself, let first = found.first, first.path.isEmpty {
        outside += first.files.count
        found.removeFirst()
      }
      return found
    }

    private mutating func walk(_ folder: URL, _ path: [String], _ found: inout [Class]) throws {
      var status = stat()
      guard stat(folder.path, &status) == 0 else {
        throw DatasetError.unreadable(file: folder.path, reason: systemError())
      }
      let identity = Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
      // Links may lie in a circle, or double the paths at every level.
      if let first = visited.updateValue(folder.path, forKey: identity) {
        throw DatasetError.unreadable(file: folder.path, reason: "the folder is \(first) once more, by a link")
      }
      let names = try ImageFolder.names(in: folder)
      let pictures = names.filter(ImageFormat.isPicture)
      if !pictures.isEmpty { found.append(Class(path: path, files: pictures.map(folder.appendingPathComponent))) }
      for name in names where !ImageFormat.isPicture(name) {
        let url = folder.appendingPathComponent(name)
        if isFolder(url) {
          try walk(url, path + [name], &found)
        } else {
          otherKinds[name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? "without an ending", default: 0] += 1
        }
      }
    }
  }

  /// What a folder holds, hidden files aside, in the order of the names' bytes.
  ///
  /// Throws where a name is not UTF-8, because Foundation would leave it out without a word.
  private static func names(in folder: URL) throws -> [String] {
    guard let stream = opendir(folder.path) else {
      throw DatasetError.unreadable(file: folder.path, reason: systemError())
    }
    defer { closedir(stream) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(stream) {
      let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      guard let name = String(validating: bytes, as: UTF8.self) else {
        let shown = bytes.map { (32..<127).contains($0) ? String(UnicodeScalar($0)) : String(format: "\\x%02X", $0) }
        throw DatasetError.wrongContent(
          file: folder.path, problem: "the name '\(shown.joined())' in it is not UTF-8; rename it")
      }
      if !name.hasPrefix(".") { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw DatasetError.unreadable(file: folder.path, reason: systemError()) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}

extension ImageDataset {
  /// All pictures in a folder and the folders in it, without classes: one label for all.
  ///
  /// A file counts as a picture where its name ends in `.jpg`, `.jpeg`, `.png` or `.webp`, in any case.
  ///
  /// - Returns: the pictures in the order of their paths' bytes, these paths from the folder, and a note that counts the
  ///   files that are left out, if there are some.
  /// - Throws: ``DatasetError`` where there is no such folder or no picture in it.
  public static func pictures(in folder: URL) throws -> (pictures: ImageDataset, paths: [String], note: String?) {
    let (paths, others) = try ImageFolder.pictures(in: folder)
    guard !paths.isEmpty else {
      let leftOut = others.map { ", but \($0)" } ?? ""
      throw DatasetError.wrongContent(
        file: folder.path,
        problem: "there is no \(ImageFormat.list) file in the folder or in the folders in it\(leftOut)")
    }
    let samples = paths.map { Sample(source: .file(folder.appendingPathComponent($0)), label: 0) }
    let name = folder.standardizedFileURL.lastPathComponent
    let pictures = ImageDataset(name: name, classNames: [name], samples: samples)
    return (pictures, paths, others.map(ImageFolder.note(others:)))
  }
}

extension [String] {
  /// Whether a path comes before another in the order of its parts' bytes.
  fileprivate func precedes(_ other: [String]) -> Bool {
    lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
