import ClassTree
import Foundation
import Tensor
import TensorFiles

/// A folder of JPEG files for each class; folders around them are the taxonomy.
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
    guard classes.count >= 2 else {
      throw DatasetError.tooFewClasses(dataset: folder.path, count: classes.count, needed: 2)
    }
    let classNames = classes.map { $0.path.joined(separator: "/") }
    let groups = classes.map { one in one.path.indices.dropLast().map { one.path[...$0].joined(separator: "/") } }
    let samples = classes.enumerated().flatMap { label, one in
      one.files.map { ImageDataset.Sample(source: .file($0), label: label) }
    }
    let dataset = ImageDataset(
      name: folder.standardizedFileURL.lastPathComponent, classNames: classNames, samples: samples,
      taxonomy: ClassHierarchy(ancestors: groups, classes: classNames))
    try dataset.requireImages(perClass: kind.picturesPerClass, place: folder.path)
    return try RetrievalDataset(
      dataset, kind: kind, trainingClasses: trainingClasses, notes: scan.allNotes)
  }

  /// The folders directly in a folder, in the order of their names; hidden ones are skipped.
  static func folders(in folder: URL) throws -> [URL] {
    try names(in: folder).filter { !isPicture($0) }.map(folder.appendingPathComponent).filter(isFolder)
  }

  /// Whether there is a JPEG file in a folder or deeper.
  static func holdsPictures(_ folder: URL) throws -> Bool {
    var scan = Scan()
    return try !scan.classes(in: folder, orItself: true).isEmpty
  }

  /// All JPEG files in a folder and the folders in it, as paths from there in the order of their bytes.
  static func pictures(in folder: URL) throws -> [String] {
    guard isFolder(folder) else {
      throw DatasetError.incomplete(folder: folder.path, form: "a folder of pictures", missing: [], hint: nil)
    }
    var scan = Scan()
    let paths = try scan.classes(in: folder, orItself: true).flatMap { one in
      one.files.map { (one.path + [$0.lastPathComponent]).joined(separator: "/") }
    }
    return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  // MARK: Walking

  private struct Class {
    let path: [String]
    let files: [URL]
  }

  private struct Scan {
    var notes: [String] = []
    private var outside = 0
    private var others: [String: Int] = [:]
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
      if !others.isEmpty {
        let kinds = others.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        all.append("files that are no JPEG are left out: \(kinds.joined(separator: ", "))")
      }
      return all
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
      let pictures = names.filter(isPicture)
      if !pictures.isEmpty { found.append(Class(path: path, files: pictures.map(folder.appendingPathComponent))) }
      for name in names where !isPicture(name) {
        let url = folder.appendingPathComponent(name)
        if isFolder(url) {
          try walk(url, path + [name], &found)
        } else {
          others[name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? "without an ending", default: 0] += 1
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

  private static func isPicture(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".jpg") || name.hasSuffix(".jpeg")
  }
}

extension ImageDataset {
  /// All JPEG files in a folder and the folders in it, without classes: one label for all.
  ///
  /// - Returns: the pictures in the order of their paths' bytes, and these paths from the folder.
  /// - Throws: ``DatasetError`` where there is no such folder or no picture in it.
  public static func pictures(in folder: URL) throws -> (pictures: ImageDataset, paths: [String]) {
    let paths = try ImageFolder.pictures(in: folder)
    guard !paths.isEmpty else {
      throw DatasetError.wrongContent(
        file: folder.path, problem: "there is no JPEG file in the folder or in the folders in it")
    }
    let samples = paths.map { Sample(source: .file(folder.appendingPathComponent($0)), label: 0) }
    let name = folder.standardizedFileURL.lastPathComponent
    return (ImageDataset(name: name, classNames: [name], samples: samples), paths)
  }
}

extension [String] {
  /// Whether a path comes before another in the order of its parts' bytes.
  fileprivate func precedes(_ other: [String]) -> Bool {
    lexicographicallyPrecedes(other) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
