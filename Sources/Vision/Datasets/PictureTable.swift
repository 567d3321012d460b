import ClassTree
import Foundation
import TensorFiles

/// A list of pictures of any kind, as CSV (`dataset.csv`) or with a JSON object a line (`dataset.jsonl`).
///
/// A picture has a `path`, relative to the list, a `class`, the groups of the class, `super`, and a `split`: train, test, or, where test
/// pictures look in a gallery, query and gallery. Groups and split may be left out; without a split the first half of the classes
/// in the order of their names trains. CSV has a column for each level of groups, `super`, `super2`, …, the smallest groups first; JSON
/// has one text or an array of them.
enum PictureTable {
  static let lists = ["dataset.csv", "dataset.jsonl"]
  private static let columns = "path, class, split, and super, super2, … for groups, the smallest first"

  private enum Split: String { case train, test, query, gallery }

  private struct Entry {
    var path = ""
    var className = ""
    var groups: [String] = []
    var split: Split?
    let line: Int
  }

  /// Whether a path is that of a list rather than a folder.
  static func isList(_ url: URL) -> Bool {
    ["csv", "jsonl"].contains(url.pathExtension) && exists(url) && !isFolder(url)
  }

  static func read(_ place: URL, requiringFiles: Bool) throws -> RetrievalDataset {
    let names = isList(place) ? [place.lastPathComponent] : lists
    let folder = isList(place) ? place.deletingLastPathComponent() : place
    guard let name = names.first(where: { exists(folder.appendingPathComponent($0)) }) else {
      throw DatasetError.incomplete(
        folder: folder.path, form: DatasetKind.list.title, missing: isFolder(folder) ? lists : [], hint: nil)
    }
    let list = try TextLines(list: folder.appendingPathComponent(name))
    let entries = try name.hasSuffix(".csv") ? entries(of: CSVTable(list)) : list.lines.map { try entry(of: $0, list) }
    try checkSplits(entries, file: list.path)
    let groups = try groups(of: entries, file: list.path)
    let training = try trainingClasses(entries, file: list.path)
    func sorted(_ names: Set<String>) -> [String] { names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    let classes = sorted(training) + sorted(Set(groups.keys).subtracting(training))
    let label = Dictionary(uniqueKeysWithValues: zip(classes, 0...))
    var pictures = PictureList(file: list.path, folder: folder)
    var (samples, gallery): ([ImageDataset.Sample], [ImageDataset.Sample]) = ([], [])
    for entry in entries {
      let url = try pictures.url(of: entry.path, line: entry.line)
      if requiringFiles { try pictures.requireFile(url, line: entry.line) }
      let sample = ImageDataset.Sample(source: .file(url), label: label[entry.className]!)
      if entry.split == .gallery { gallery.append(sample) } else { samples.append(sample) }
    }
    let taxonomy = ClassHierarchy(ancestors: classes.map { groups[$0]!.reversed() }, classes: classes)
    let title =
      isList(place) ? place.deletingPathExtension().lastPathComponent : folder.standardizedFileURL.lastPathComponent
    func dataset(_ samples: [ImageDataset.Sample]) -> ImageDataset {
      ImageDataset(name: title, classNames: classes, samples: samples, taxonomy: taxonomy)
    }
    return try RetrievalDataset(
      dataset(samples), kind: .list, gallery: gallery.isEmpty ? nil : dataset(gallery),
      trainingClasses: training.isEmpty ? nil : training.count)
  }

  // MARK: Lines

  private static func entries(of table: CSVTable) throws -> [Entry] {
    let header = table.list.lines[0]
    func isGroup(_ name: String) -> Bool { name.hasPrefix("super") && name.dropFirst(5).allSatisfy(\.isWholeNumber) }
    let groups = table.columns.indices.filter { isGroup(table.columns[$0]) }.sorted {
      (Int(table.columns[$0].dropFirst(5)) ?? 1) < (Int(table.columns[$1].dropFirst(5)) ?? 1)
    }
    for (place, name) in table.columns.enumerated() {
      guard ["path", "class", "split"].contains(name) || isGroup(name), !table.columns[..<place].contains(name) else {
        throw DatasetError.malformed(
          file: table.list.path, line: 1, content: name, expected: "the columns \(columns), each once")
      }
    }
    guard table.columns.contains("path"), table.columns.contains("class") else {
      throw table.list.malformed(header, expected: "a header with the columns \(columns)")
    }
    return try table.rows.map { row in
      var entry = Entry(line: row.line.number)
      entry.groups = groups.map { row.values[$0] }
      for (name, value) in zip(table.columns, row.values) {
        switch name {
        case "path": entry.path = value
        case "class": entry.className = value
        case "split": entry.split = try split(value, row.line, table.list)
        default: break
        }
      }
      return try checked(entry, row.line, table.list)
    }
  }

  private static func entry(of line: TextLines.Line, _ list: TextLines) throws -> Entry {
    let expected = "a JSON object with the keys \(columns)"
    guard let json = try? JSONText(String(line.text), source: list.path),
      let object = try? JSONSerialization.jsonObject(with: json.data) as? [String: Any]
    else { throw list.malformed(line, expected: expected) }
    if let unknown = object.keys.sorted().first(where: { !["path", "class", "super", "split"].contains($0) }) {
      throw DatasetError.malformed(file: list.path, line: line.number, content: unknown, expected: expected)
    }
    func wrong(_ key: String) -> DatasetError {
      .malformed(file: list.path, line: line.number, content: "\(key)", expected: "a text for this key")
    }
    func text(_ key: String) throws -> String {
      guard let value = object[key] as? String else { throw wrong(key) }
      return value
    }
    var entry = Entry(path: try text("path"), className: try text("class"), line: line.number)
    if let value = object["super"] {
      guard let groups = (value as? String).map({ [$0] }) ?? value as? [String] else { throw wrong("super") }
      entry.groups = groups
    }
    if object["split"] != nil { entry.split = try split(try text("split"), line, list) }
    return try checked(entry, line, list)
  }

  private static func split(_ text: String, _ line: TextLines.Line, _ list: TextLines) throws -> Split {
    guard let split = Split(rawValue: text) else {
      throw DatasetError.malformed(
        file: list.path, line: line.number, content: text, expected: "the split train, test, query or gallery")
    }
    return split
  }

  private static func checked(_ entry: Entry, _ line: TextLines.Line, _ list: TextLines) throws -> Entry {
    guard !entry.path.isEmpty, !entry.className.isEmpty else {
      throw list.malformed(line, expected: "a path and a class")
    }
    guard entry.groups.allSatisfy({ !$0.isEmpty }) else {
      throw list.malformed(line, expected: "a name for each group")
    }
    return entry
  }

  // MARK: What lines say together

  private static func checkSplits(_ entries: [Entry], file: String) throws {
    let first = entries[0]
    if let other = entries.first(where: { ($0.split == nil) != (first.split == nil) }) {
      throw DatasetError.conflict(
        file: file, line: other.line, claim: other.split == nil ? "there is no split" : "there is a split",
        firstLine: first.line)
    }
    guard first.split != nil else { return }
    let splits = Set(entries.map { $0.split! })
    let problem: String? =
      if !splits.contains(.train) {
        "no line has the split train"
      } else if splits.contains(.query) != splits.contains(.gallery) {
        "of the splits query and gallery it has only one"
      } else if splits.contains(.test) == splits.contains(.query) {
        "it needs either the split test or the splits query and gallery"
      } else {
        nil
      }
    if let problem { throw DatasetError.wrongContent(file: file, problem: problem) }
  }

  /// The groups of each class, the smallest first; a group lies in one larger group.
  private static func groups(of entries: [Entry], file: String) throws -> [String: [String]] {
    var groups: [String: (names: [String], line: Int)] = [:]
    var parents: [[String: (name: String, line: Int)]] = []
    for entry in entries {
      if let known = groups[entry.className] {
        guard known.names == entry.groups else {
          let names = entry.groups.joined(separator: ", ")
          throw DatasetError.conflict(
            file: file, line: entry.line, claim: "class \(entry.className) is in \(names.isEmpty ? "no group" : names)",
            firstLine: known.line)
        }
        continue
      }
      guard entry.groups.count == entries[0].groups.count else {
        throw DatasetError.conflict(
          file: file, line: entry.line, claim: "a class has \(levels(entry.groups.count))", firstLine: entries[0].line)
      }
      groups[entry.className] = (entry.groups, entry.line)
      for (level, (name, parent)) in zip(entry.groups, entry.groups.dropFirst()).enumerated() {
        if level == parents.count { parents.append([:]) }
        let known = parents[level][name] ?? (parent, entry.line)
        guard known.name == parent else {
          throw DatasetError.conflict(
            file: file, line: entry.line, claim: "the group \(name) is in \(parent)", firstLine: known.line)
        }
        parents[level][name] = known
      }
    }
    return groups.mapValues(\.names)
  }

  private static func levels(_ count: Int) -> String {
    count == 0 ? "no group" : count == 1 ? "one level of groups" : "\(count) levels of groups"
  }

  /// The classes to train on, none of which is also there to be tested.
  private static func trainingClasses(_ entries: [Entry], file: String) throws -> Set<String> {
    var first: [String: Entry] = [:]
    for entry in entries {
      let known = first[entry.className] ?? entry
      guard (known.split == .train) == (entry.split == .train) else {
        throw DatasetError.conflict(
          file: file, line: entry.line, claim: "class \(entry.className) is for \(entry.split!.rawValue)",
          firstLine: known.line)
      }
      first[entry.className] = known
    }
    return Set(first.values.filter { $0.split == .train }.map(\.className))
  }
}
