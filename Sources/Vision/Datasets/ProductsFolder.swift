import ClassTree
import Foundation
import TensorFiles

/// Stanford Online Products (Song, Xiang, Jegelka and Savarese, 2016): `Ebay_train.txt`, `Ebay_test.txt` and the pictures.
///
/// After the header `image_id class_id super_class_id path` a line is a picture, its path relative to the folder. The super
/// classes, named by the folders of their pictures, are the taxonomy.
enum ProductsFolder {
  static let lists = ["Ebay_train.txt", "Ebay_test.txt"]
  private static let header = ["image_id", "class_id", "super_class_id", "path"]

  private struct Class {
    let id: Int
    let superClass: Int
    let line: Int
  }

  static func read(_ folder: URL, requiringFiles: Bool) throws -> RetrievalDataset {
    let missing = isFolder(folder) ? lists.filter { !exists(folder.appendingPathComponent($0)) } : []
    guard isFolder(folder), missing.isEmpty else {
      throw DatasetError.incomplete(
        folder: folder.path, form: DatasetKind.sop.title, missing: missing, hint: nil)
    }
    var classes: [Class] = []
    var names: [Int: String] = [:]
    var samples: [ImageDataset.Sample] = []
    var trainingClasses = 0
    for name in lists {
      let list = try TextLines(list: folder.appendingPathComponent(name))
      let entries = try entries(of: list, names: &names)
      let other = Set(classes.map(\.id))
      var here: [Int: Class] = [:]
      for (entry, _, line) in entries {
        guard !other.contains(entry.id) else {
          throw DatasetError.sharedClass(file: list.path, line: line, className: "\(entry.id)", other: lists[0])
        }
        let known = here[entry.id] ?? entry
        guard known.superClass == entry.superClass else {
          throw DatasetError.conflict(
            file: list.path, line: line, claim: "class \(entry.id) is in super class \(entry.superClass)",
            firstLine: known.line)
        }
        here[entry.id] = known
      }
      let sorted = here.values.sorted { $0.id < $1.id }
      let label = Dictionary(uniqueKeysWithValues: zip(sorted.map(\.id), classes.count...))
      var pictures = PictureList(file: list.path, folder: folder)
      for (entry, path, line) in entries {
        let url = try pictures.url(of: path, line: line)
        if requiringFiles { try pictures.requireFile(url, line: line) }
        samples.append(.init(source: .file(url), label: label[entry.id]!))
      }
      classes += sorted
      if name == lists[0] { trainingClasses = classes.count }
    }
    let classNames = classes.map { "\(names[$0.superClass]!) \($0.id)" }
    let taxonomy = ClassHierarchy(ancestors: classes.map { [names[$0.superClass]!] }, classes: classNames)
    let dataset = ImageDataset(
      name: folder.standardizedFileURL.lastPathComponent, classNames: classNames, samples: samples, taxonomy: taxonomy)
    return try RetrievalDataset(dataset, kind: .sop, trainingClasses: trainingClasses)
  }

  /// The lines of a list, and the name of each super class: the folder of its first picture, without `_final`.
  private static func entries(
    of list: TextLines, names: inout [Int: String]
  ) throws -> [(entry: Class, path: String, line: Int)] {
    guard list.lines[0].text.split(separator: " ").map(String.init) == header else {
      throw list.malformed(list.lines[0], expected: "the header \"\(header.joined(separator: " "))\"")
    }
    let expected = "\"\(header.joined(separator: " "))\", as in \"1 1 1 bicycle_final/111085122871_0.JPG\""
    let entries = try list.records(expected: expected, after: 1).map { record in
      let fields = record.rest.split(separator: " ", maxSplits: 2)
      guard fields.count == 3, let id = Int(fields[0]), let superClass = Int(fields[1]), id > 0, superClass > 0 else {
        throw list.malformed(list.lines[record.line - 1], expected: expected)
      }
      let path = fields[2].trimmed
      if names[superClass] == nil {
        let folder = path.split(separator: "/").first.map(String.init) ?? ""
        let name = folder.hasSuffix("_final") ? String(folder.dropLast(6)) : folder
        names[superClass] = names.values.contains(name) || !path.contains("/") ? "super class \(superClass)" : name
      }
      return (Class(id: id, superClass: superClass, line: record.line), path, record.line)
    }
    guard !entries.isEmpty else { throw DatasetError.empty(file: list.path) }
    return entries
  }
}
