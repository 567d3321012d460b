import ClassTree
import Foundation
import TensorFiles

/// In-Shop Clothes Retrieval of DeepFashion (Liu, Luo, Qiu, Wang and Tang, 2016): `list_eval_partition.txt` and the pictures.
///
/// After a line with the count and the header `image_name item_id evaluation_status` a line is a picture: its path, its item
/// and train, query or gallery. Gender and category, the first folders of `img/WOMEN/Dresses/id_00000002/…`, are the taxonomy.
enum InShopFolder {
  static let lists = ["list_eval_partition.txt", "Eval/list_eval_partition.txt", "Anno/list_eval_partition.txt"]
  private static let header = ["image_name", "item_id", "evaluation_status"]

  private enum Status: String { case train, query, gallery }

  private struct Entry {
    let path: String
    let item: String
    let status: Status
    let line: Int

    /// Gender and category, where the path has them.
    var groups: [String] {
      let folders = path.split(separator: "/").dropLast(2).drop { $0 == "img" }
      return folders.indices.map { folders[...$0].joined(separator: "/") }
    }
  }

  static func read(_ folder: URL, requiringFiles: Bool) throws -> RetrievalDataset {
    guard let name = lists.first(where: { exists(folder.appendingPathComponent($0)) }) else {
      throw DatasetError.incomplete(
        folder: folder.path, form: DatasetKind.inShop.title, missing: isFolder(folder) ? [lists[0]] : [], hint: nil)
    }
    let list = try TextLines(list: folder.appendingPathComponent(name))
    let entries = try entries(of: list)
    for status in [Status.train, .query, .gallery] where !entries.contains(where: { $0.status == status }) {
      throw DatasetError.wrongContent(file: list.path, problem: "no line has the status \(status.rawValue)")
    }
    let training = try trainingItems(entries, file: list.path)
    let items = training.sorted() + Set(entries.map(\.item)).subtracting(training).sorted()
    let label = Dictionary(uniqueKeysWithValues: zip(items, 0...))

    let inner = folder.appendingPathComponent("Img")
    let base = exists(folder.appendingPathComponent(entries[0].path)) || !isFolder(inner) ? folder : inner
    var pictures = PictureList(file: list.path, folder: base)
    var (samples, gallery): ([ImageDataset.Sample], [ImageDataset.Sample]) = ([], [])
    var groups: [String: [String]] = [:]
    var itemsInSeveral: Set<String> = []
    for entry in entries {
      let url = try pictures.url(of: entry.path, line: entry.line)
      if requiringFiles { try pictures.requireFile(url, line: entry.line) }
      let sample = ImageDataset.Sample(source: .file(url), label: label[entry.item]!)
      if entry.status == .gallery { gallery.append(sample) } else { samples.append(sample) }
      if let known = groups[entry.item] {
        if known != entry.groups { itemsInSeveral.insert(entry.item) }
      } else {
        groups[entry.item] = entry.groups
      }
    }
    let taxonomy = ClassHierarchy(ancestors: items.map { groups[$0]! }, classes: items)
    let title = folder.standardizedFileURL.lastPathComponent
    return try RetrievalDataset(
      ImageDataset(name: title, classNames: items, samples: samples, taxonomy: taxonomy), kind: .inShop,
      gallery: ImageDataset(name: title, classNames: items, samples: gallery, taxonomy: taxonomy),
      trainingClasses: training.count,
      notes: itemsInSeveral.isEmpty
        ? [] : ["\(itemsInSeveral.count) items lie in several categories; the first in the list counts"])
  }

  private static func entries(of list: TextLines) throws -> [Entry] {
    guard let count = Int(list.lines[0].text.trimmed) else {
      throw list.malformed(list.lines[0], expected: "the number of pictures")
    }
    guard list.lines.count > 1 else { throw DatasetError.wrongCount(file: list.path, stated: count, found: 0) }
    func fields(_ line: TextLines.Line) -> [String] {
      line.text.split { $0 == " " || $0 == "\t" }.map(String.init)
    }
    guard fields(list.lines[1]) == header else {
      throw list.malformed(list.lines[1], expected: "the header \"\(header.joined(separator: " "))\"")
    }
    let entries = try list.lines.dropFirst(2).map { line in
      let fields = fields(line)
      guard fields.count == 3, let status = Status(rawValue: fields[2]) else {
        throw list.malformed(
          line, expected: "\"\(header.joined(separator: " "))\", the last of them train, query or gallery")
      }
      return Entry(path: fields[0], item: fields[1], status: status, line: line.number)
    }
    guard entries.count == count else {
      throw DatasetError.wrongCount(file: list.path, stated: count, found: entries.count)
    }
    return entries
  }

  /// The items to train on, none of which is also there to be tested.
  private static func trainingItems(_ entries: [Entry], file: String) throws -> Set<String> {
    var first: [String: Entry] = [:]
    for entry in entries {
      let known = first[entry.item] ?? entry
      guard (known.status == .train) == (entry.status == .train) else {
        throw DatasetError.conflict(
          file: file, line: entry.line, claim: "item \(entry.item) is for \(entry.status.rawValue)",
          firstLine: known.line)
      }
      first[entry.item] = known
    }
    return Set(first.values.filter { $0.status == .train }.map(\.item))
  }
}
