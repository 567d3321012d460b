import Foundation
import TensorFiles

/// Folders in the form of CUB-200-2011 (Caltech-UCSD Birds).
///
/// `images.txt` has lines "id path", paths relative to `images/`; `image_class_labels.txt` "id class"; `classes.txt`
/// "class name"; `bounding_boxes.txt`, if there, "id x y width height". Ids are positive and need not be contiguous; labels
/// are numbered from 0 in the order of the class ids.
public enum CUBFolder {
  /// Reads a folder; the pictures themselves are read later.
  ///
  /// Listed files whose names begin with "._" (left by macOS archives) are skipped.
  ///
  /// - Parameters:
  ///   - folder: the folder that holds `images.txt`.
  ///   - requiringFiles: whether a missing picture is an error here. Without it the picture fails when it is read, for
  ///     ``ImageDataset/withoutBrokenImages(perClass:progress:)`` to find.
  /// - Throws: ``DatasetError`` naming file and line for whatever is missing, malformed or contradictory, and for a class
  ///   with fewer than two pictures.
  public static func read(_ folder: URL, requiringFiles: Bool = true) throws -> ImageDataset {
    try requireParts(of: folder)
    let classes = try readClasses(folder)
    let images = try readImages(folder)
    let labels = try readLabels(folder, images: images, classes: classes)
    let boxes = try readBoxes(folder, images: images)
    var samples: [ImageDataset.Sample] = []
    samples.reserveCapacity(images.entries.count)
    for entry in images.entries where !entry.isSkipped {
      if requiringFiles { try images.list.requireFile(entry.url, line: entry.line) }
      samples.append(.init(source: .file(entry.url), label: labels[entry.id]!, boundingBox: boxes[entry.id]))
    }
    guard !samples.isEmpty else { throw DatasetError.empty(file: images.file) }
    let name = folder.standardizedFileURL.lastPathComponent
    let dataset = ImageDataset(name: name, classNames: classes.names, samples: samples)
    try dataset.requireImages(place: images.file)
    return dataset
  }

  // MARK: Parts

  private struct Classes {
    let file: String
    let names: [String]
    let position: [Int: Int]
  }

  private struct Images {
    struct Entry {
      let id: Int
      let path: String
      let url: URL
      let line: Int
      var isSkipped: Bool { path.split(separator: "/").last?.hasPrefix("._") ?? false }
    }
    let list: PictureList
    let entries: [Entry]
    let ids: Set<Int>
    var file: String { list.file }
  }

  private static func requireParts(of folder: URL) throws {
    let missing = isFolder(folder) ? missingParts(of: folder) : nil
    guard let missing else { throw incomplete(folder, missing: []) }
    guard !missing.isEmpty else { return }
    let inner = folder.appendingPathComponent("CUB_200_2011")
    let outer = folder.deletingLastPathComponent()
    let hint = [inner, outer].first { missingParts(of: $0).isEmpty }?.path
    throw incomplete(folder, missing: missing, hint: hint)
  }

  private static func incomplete(_ folder: URL, missing: [String], hint: String? = nil) -> DatasetError {
    .incomplete(folder: folder.path, form: DatasetKind.cub.title, missing: missing, hint: hint)
  }

  private static func missingParts(of folder: URL) -> [String] {
    var missing = ["images.txt", "image_class_labels.txt", "classes.txt"].filter {
      !exists(folder.appendingPathComponent($0))
    }
    if !isFolder(folder.appendingPathComponent("images")) { missing.append("images/") }
    return missing
  }

  private static func readClasses(_ folder: URL) throws -> Classes {
    let list = try TextLines(list: folder.appendingPathComponent("classes.txt"))
    let records = try list.records(expected: "\"class name\", as in \"1 001.Black_footed_Albatross\"")
    var lineOfName: [String: Int] = [:]
    for record in records {
      if let first = lineOfName.updateValue(record.line, forKey: record.rest) {
        throw DatasetError.duplicate(
          file: list.path, line: record.line, what: "class \(record.rest)", firstLine: first)
      }
    }
    let sorted = records.sorted { $0.id < $1.id }
    let position = Dictionary(uniqueKeysWithValues: zip(sorted.map(\.id), 0...))
    return Classes(file: list.path, names: sorted.map(\.rest), position: position)
  }

  private static func readImages(_ folder: URL) throws -> Images {
    let list = try TextLines(list: folder.appendingPathComponent("images.txt"))
    var pictures = PictureList(file: list.path, folder: folder.appendingPathComponent("images"))
    let entries = try list.records(expected: "\"id path\", as in \"1 001.Albatross/Albatross_0001.jpg\"").map {
      record in
      Images.Entry(
        id: record.id, path: record.rest, url: try pictures.url(of: record.rest, line: record.line), line: record.line)
    }
    return Images(list: pictures, entries: entries, ids: Set(entries.map(\.id)))
  }

  private static func readLabels(_ folder: URL, images: Images, classes: Classes) throws -> [Int: Int] {
    let list = try TextLines(list: folder.appendingPathComponent("image_class_labels.txt"))
    let expected = "\"id class\", as in \"1 1\""
    var labels: [Int: (label: Int, line: Int)] = [:]
    for record in try list.records(expected: expected) {
      guard let id = Int(record.rest) else { throw list.malformed(list.lines[record.line - 1], expected: expected) }
      guard images.ids.contains(record.id) else {
        throw DatasetError.unknownImage(file: list.path, line: record.line, id: record.id)
      }
      guard let label = classes.position[id] else {
        throw DatasetError.unknownClass(file: list.path, line: record.line, id: id, classes: classes.file)
      }
      labels[record.id] = (label, record.line)
    }
    let names = Set(classes.names)
    for entry in images.entries {
      guard let (label, line) = labels[entry.id] else {
        throw DatasetError.missingLabel(file: list.path, id: entry.id, listedIn: images.file, line: entry.line)
      }
      let parent = String(entry.path.split(separator: "/")[0])
      guard parent == classes.names[label] || !names.contains(parent) else {
        throw DatasetError.contradiction(
          file: list.path, line: line, path: entry.path, className: classes.names[label])
      }
    }
    return labels.mapValues(\.label)
  }

  private static func readBoxes(_ folder: URL, images: Images) throws -> [Int: BoundingBox] {
    let url = folder.appendingPathComponent("bounding_boxes.txt")
    guard exists(url) else { return [:] }
    let list = try TextLines(list: url)
    let expected = "\"id x y width height\", as in \"1 60.0 27.0 325.0 304.0\""
    var boxes: [Int: BoundingBox] = [:]
    for record in try list.records(expected: expected) {
      let numbers = record.rest.split(separator: " ").compactMap { Double($0) }
      guard numbers.count == 4, record.rest.split(separator: " ").count == 4, numbers.allSatisfy(\.isFinite),
        numbers[2] > 0, numbers[3] > 0
      else { throw list.malformed(list.lines[record.line - 1], expected: expected) }
      guard images.ids.contains(record.id) else {
        throw DatasetError.unknownImage(file: list.path, line: record.line, id: record.id)
      }
      boxes[record.id] = BoundingBox(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }
    return boxes
  }
}
