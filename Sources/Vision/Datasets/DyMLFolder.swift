import ClassTree
import Foundation
import TensorFiles

/// DyML-Animal, DyML-Vehicle and DyML-Product (Sun, Zhu, Zhang, Zheng, Qiu, Zhang and Wei, CVPR 2021), as they are unpacked.
///
/// `train/label.csv` has the columns `fname`, relative to `train/imgs/`, and the numbers of the picture's fine, middle and coarse class.
/// Animals and vehicles are tested on each level apart: `bmk_fine/query.csv` and `gallery.csv`, pictures in `bmk_fine/query/` and `gallery/`, have
/// the columns `fname` and the number of the class on that level. Queries lie in the gallery as well and are not to find themselves.
/// Products have one test for all levels, `mini-bmk_all_in_one/label.csv` with the columns of the training list.
public enum DyMLFolder {
  /// What a benchmark calls a class.
  public enum Level: String, CaseIterable, Sendable {
    case fine, middle, coarse
  }

  static let trainingList = "train/label.csv"
  private static let products = "mini-bmk_all_in_one"

  private struct Picture {
    let url: URL
    /// The numbers of its classes, the finest first.
    let classes: [Int]
    let line: Int
  }

  /// Reads a folder with the benchmark of one level; the pictures themselves are read later.
  ///
  /// The classes to train on are the fine ones, whose taxonomy has the middle and coarse ones. Of products the classes of the test are those of
  /// the level, with the coarser ones as their taxonomy, and each picture looks among all others. The published score of a measure is the mean over the
  /// three levels.
  ///
  /// - Throws: ``DatasetError`` naming file and line for whatever is missing, malformed or contradictory.
  public static func read(
    _ folder: URL, level: Level = .fine, requiringFiles: Bool = true
  ) throws -> RetrievalDataset {
    let isProduct = isFolder(folder.appendingPathComponent(products))
    let tests = isProduct ? ["\(products)/label.csv"] : ["query", "gallery"].map { "bmk_\(level.rawValue)/\($0).csv" }
    let missing = ([trainingList] + tests).filter { !exists(folder.appendingPathComponent($0)) }
    guard missing.isEmpty else {
      throw DatasetError.incomplete(
        folder: folder.path, form: DatasetKind.dyML.title, missing: isFolder(folder) ? missing : [], hint: nil)
    }
    let levels = Level.allCases.map(\.rawValue)
    let training = try pictures(folder, trainingList, "train/imgs", levels.map { "\($0)_id" }, requiringFiles)
    let above = isProduct ? Array(levels.drop { $0 != level.rawValue }) : [level.rawValue]
    let lists = try tests.map { list in
      try pictures(
        folder, list, isProduct ? "\(products)/imgs" : String(list.dropLast(4)),
        isProduct ? above.map { "\($0)_id" } : ["labels"], requiringFiles)
    }
    let trainingClasses = try classes(training, folder.appendingPathComponent(trainingList).path, levels)
    let testClasses = try classes(lists.joined(), folder.appendingPathComponent(tests[0]).path, above)
    let names =
      trainingClasses.map { "fine \($0.id)" } + testClasses.map { "test \(level.rawValue) \($0.id)" }
    let ancestors =
      trainingClasses.map { $0.ancestors(called: levels, prefix: "") }
      + testClasses.map { $0.ancestors(called: above, prefix: "test ") }
    let taxonomy = ClassHierarchy(ancestors: ancestors, classes: names)
    let trainingLabel = Dictionary(uniqueKeysWithValues: zip(trainingClasses.map(\.id), 0...))
    let testLabel = Dictionary(uniqueKeysWithValues: zip(testClasses.map(\.id), trainingClasses.count...))
    func dataset(_ samples: [ImageDataset.Sample]) -> ImageDataset {
      ImageDataset(
        name: folder.standardizedFileURL.lastPathComponent, classNames: names, samples: samples, taxonomy: taxonomy)
    }
    func samples(_ pictures: [Picture], _ label: [Int: Int]) -> [ImageDataset.Sample] {
      pictures.map { .init(source: .file($0.url), label: label[$0.classes[0]]!) }
    }
    return try RetrievalDataset(
      dataset(samples(training, trainingLabel) + samples(lists[0], testLabel)), kind: .dyML,
      gallery: isProduct ? nil : dataset(samples(lists[1], testLabel)), trainingClasses: trainingClasses.count,
      notes: ["tested on the \(level.rawValue) classes; the published score is the mean over the three levels"])
  }

  /// The lines of a list; the columns of numbers are those whose names begin so.
  private static func pictures(
    _ folder: URL, _ name: String, _ images: String, _ columns: [String], _ requiringFiles: Bool
  ) throws -> [Picture] {
    let table = try CSVTable(TextLines(list: folder.appendingPathComponent(name)))
    let path = try table.column("fname")
    let places = try columns.map(table.column)
    var list = PictureList(file: table.list.path, folder: folder.appendingPathComponent(images))
    return try table.rows.map { row in
      let classes = places.compactMap { Int(row.values[$0]) }.filter { $0 >= 0 }
      guard classes.count == places.count, !row.values[path].isEmpty else {
        throw table.list.malformed(
          row.line, expected: "fname and \(columns.joined(separator: ", ")), whole numbers from 0")
      }
      let url = try list.url(of: row.values[path], line: row.line.number)
      if requiringFiles { try list.requireFile(url, line: row.line.number) }
      return Picture(url: url, classes: classes, line: row.line.number)
    }
  }

  private struct Class {
    let id: Int
    /// The numbers of the groups above it, the smallest first.
    let groups: [Int]

    /// The names of the groups, from the largest to the smallest.
    func ancestors(called levels: [String], prefix: String) -> [String] {
      zip(levels.dropFirst(), groups).reversed().map { "\(prefix)\($0) \($1)" }
    }
  }

  /// The classes in ascending order; each is in one group, and each of these in one larger.
  private static func classes(
    _ pictures: some Sequence<Picture>, _ file: String, _ levels: [String]
  ) throws -> [Class] {
    var parents: [[Int: (group: Int, line: Int)]] = [[:], [:]]
    var found: [Int: Class] = [:]
    for picture in pictures {
      for (level, (id, group)) in zip(picture.classes, picture.classes.dropFirst()).enumerated() {
        let known = parents[level][id] ?? (group, picture.line)
        guard known.group == group else {
          throw DatasetError.conflict(
            file: file, line: picture.line, claim: "the \(levels[level]) class \(id) is in group \(group)",
            firstLine: known.line)
        }
        parents[level][id] = known
      }
      found[picture.classes[0]] = Class(id: picture.classes[0], groups: Array(picture.classes.dropFirst()))
    }
    return found.values.sorted { $0.id < $1.id }
  }
}
