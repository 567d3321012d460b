import ClassTree
import Foundation
import TensorFiles

/// iNaturalist 2018 (Van Horn et al., CVPR 2018) with the split for retrieval of Brown, Xie, Kalogeiton and Zisserman (ECCV 2020).
///
/// Each line of `Inat_dataset_splits/Inaturalist_train_set1.txt` and `…_test_set1.txt` is the path of a picture, relative to the folder:
/// `train_val2018/Aves/2761/….jpg`, with the super class and the species' number. `train2018.json`, or a file `categories.json` with its
/// `categories` alone, has the species' names and their genus, family, order, class, phylum and kingdom: the taxonomy.
/// Without either the super classes are.
enum INaturalistFolder {
  static let lists = ["train", "test"].map { "Inat_dataset_splits/Inaturalist_\($0)_set1.txt" }
  static let trees = ["train2018.json", "categories.json"]
  private static let ranks = ["genus", "family", "order", "class", "phylum", "kingdom"]

  private struct Species {
    let name: String
    /// The groups, from the largest to the smallest.
    let groups: [String]
  }

  static func read(_ folder: URL, requiringFiles: Bool) throws -> RetrievalDataset {
    let missing = isFolder(folder) ? lists.filter { !exists(folder.appendingPathComponent($0)) } : []
    guard isFolder(folder), missing.isEmpty else {
      throw DatasetError.incomplete(
        folder: folder.path, form: DatasetKind.iNaturalist.title, missing: missing, hint: nil)
    }
    let tree = try trees.map(folder.appendingPathComponent).first(where: exists).map(species)
    var classes: [(id: Int, species: Species)] = []
    var samples: [ImageDataset.Sample] = []
    var trainingClasses = 0
    for name in lists {
      let list = try TextLines(list: folder.appendingPathComponent(name))
      let other = Set(classes.map(\.id))
      var here: [Int: (superClass: String, line: Int)] = [:]
      let entries = try list.lines.map { line in
        let parts = line.text.split(separator: "/")
        guard parts.count >= 3, let id = Int(parts[parts.count - 2]), id >= 0 else {
          throw list.malformed(line, expected: "a path as \"train_val2018/Aves/2761/8e0d….jpg\"")
        }
        guard !other.contains(id) else {
          throw DatasetError.sharedClass(file: list.path, line: line.number, className: "\(id)", other: lists[0])
        }
        let superClass = String(parts[parts.count - 3])
        let known = here[id] ?? (superClass, line.number)
        guard known.superClass == superClass else {
          throw DatasetError.conflict(
            file: list.path, line: line.number, claim: "species \(id) is in \(superClass)", firstLine: known.line)
        }
        here[id] = known
        return (id, line)
      }
      let sorted = try here.sorted { $0.key < $1.key }.map { id, place in
        guard let tree else { return (id, Species(name: "\(place.superClass) \(id)", groups: [place.superClass])) }
        guard let species = tree.species[id] else {
          throw DatasetError.unknownClass(file: list.path, line: place.line, id: id, classes: tree.file)
        }
        return (id, species)
      }
      let label = Dictionary(uniqueKeysWithValues: zip(sorted.map(\.0), classes.count...))
      var pictures = PictureList(file: list.path, folder: folder)
      for (id, line) in entries {
        let url = try pictures.url(of: line.text.trimmed, line: line.number)
        if requiringFiles { try pictures.requireFile(url, line: line.number) }
        samples.append(.init(source: .file(url), label: label[id]!))
      }
      classes += sorted.map { (id: $0.0, species: $0.1) }
      if name == lists[0] { trainingClasses = classes.count }
    }
    let classNames = classes.map(\.species.name)
    let dataset = ImageDataset(
      name: folder.standardizedFileURL.lastPathComponent, classNames: classNames, samples: samples,
      taxonomy: ClassHierarchy(ancestors: classes.map(\.species.groups), classes: classNames))
    return try RetrievalDataset(
      dataset, kind: .iNaturalist, trainingClasses: trainingClasses,
      notes: tree == nil ? ["without \(trees.joined(separator: " or ")) the super classes are its only groups"] : [])
  }

  /// What a file says about the species, by their numbers.
  private static func species(_ url: URL) throws -> (file: String, species: [Int: Species]) {
    func wrong(_ problem: String) -> DatasetError { .wrongContent(file: url.path, problem: problem) }
    let object = try JSONSerialization.jsonObject(with: JSONText(contentsOf: url.path).data)
    guard let list = ((object as? [String: Any])?["categories"] ?? object) as? [[String: Any]] else {
      throw wrong("categories is no array of objects")
    }
    var (species, place): ([Int: Species], [String: Int]) = ([:], [:])
    for (index, category) in list.enumerated() {
      guard let id = category["id"] as? Int, id >= 0 else {
        throw wrong("categories[\(index)].id is no whole number from 0")
      }
      func text(_ key: String) throws -> String {
        guard let text = category[key] as? String, !text.isEmpty else {
          throw wrong("categories[\(index)].\(key) is no text")
        }
        return text
      }
      let names = try ranks.reversed().map(text)
      // A genus of plants may have the name of one of animals.
      let groups = names.indices.map { names[...$0].joined(separator: "/") }
      let name = try text("name")
      if let first = place.updateValue(index, forKey: name) {
        throw wrong("categories[\(first)] and [\(index)] are both \(name)")
      }
      guard species.updateValue(Species(name: name, groups: groups), forKey: id) == nil else {
        throw wrong("two categories have the id \(id)")
      }
    }
    return (url.path, species)
  }
}
