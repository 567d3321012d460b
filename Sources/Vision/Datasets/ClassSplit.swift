import Foundation
import Tensor
import TensorFiles

/// Which classes train, where that is not left to the data set: half of them, or those of a list.
public enum ClassSplit: Sendable, Equatable, CustomStringConvertible {
  /// The first half in the order of the names' bytes.
  case alphabetical
  /// Every second class in that order, the first one among them.
  case interleaved
  /// A random half, the same for the same seed.
  case seed(UInt64)
  /// The classes whose names stand in the text file at this path, one a line.
  case list(String)

  /// Reads what `description` writes: `alphabetical`, `interleaved`, `seed:3`, `list:train.txt`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("alphabetical", 1): self = .alphabetical
    case ("interleaved", 1): self = .interleaved
    case ("seed", 2):
      guard let seed = UInt64(parts[1]) else { return nil }
      self = .seed(seed)
    case ("list", 2): self = .list(parts[1])
    default: return nil
    }
  }

  /// Its text.
  public var description: String {
    switch self {
    case .alphabetical: "alphabetical"
    case .interleaved: "interleaved"
    case .seed(let seed): "seed:\(seed)"
    case .list(let path): "list:\(path)"
    }
  }

  /// The labels of the classes that train, ascending; of an odd number the middle one trains.
  ///
  /// - Throws: ``DatasetError`` where the list cannot be read, names a class that there is not, or one twice.
  func trainingClasses(of names: [String]) throws -> [Int] {
    let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    let half = (names.count + 1) / 2
    switch self {
    case .alphabetical: return order.prefix(half).sorted()
    case .interleaved: return order.indices.filter { $0.isMultiple(of: 2) }.map { order[$0] }.sorted()
    case .seed(let seed):
      var generator = RandomGenerator(seed: seed)
      return generator.permutation(names.count).prefix(half).map { order[$0] }.sorted()
    case .list(let path): return try listed(TextLines(list: URL(fileURLWithPath: path)), names)
    }
  }

  private func listed(_ list: TextLines, _ names: [String]) throws -> [Int] {
    let label = Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
    var firstLine: [Int: Int] = [:]
    for line in list.lines {
      let name = line.text.trimmed
      guard let chosen = label[name] else {
        throw list.malformed(line, expected: "the name of one of the \(names.count) classes, such as \(names[0])")
      }
      if let first = firstLine.updateValue(line.number, forKey: chosen) {
        throw DatasetError.duplicate(file: list.path, line: line.number, what: "class \(name)", firstLine: first)
      }
    }
    return firstLine.keys.sorted()
  }
}

extension RetrievalDataset {
  /// The same pictures with other classes to train on.
  ///
  /// The rest tests. Both halves keep the order that the classes have.
  ///
  /// - Throws: ``DatasetError`` as the list of ``ClassSplit/list(_:)`` may, where no class is left for one of the two, and for data with a
  ///   gallery, whose protocol says which pictures are in it.
  public func split(by split: ClassSplit) throws -> RetrievalDataset {
    let training = try split.trainingClasses(of: pictures.classNames)
    guard galleryPictures == nil else {
      throw DatasetError.wrongContent(
        file: name, problem: "it has a gallery, whose protocol says which classes train; it cannot be split otherwise")
    }
    guard !training.isEmpty, training.count < pictures.classCount else {
      throw DatasetError.tooFewClasses(
        dataset: "\(name), of which \(training.count) train", count: pictures.classCount - training.count, needed: 1)
    }
    let isTraining = Set(training)
    let order = training + pictures.classNames.indices.filter { !isTraining.contains($0) }
    return RetrievalDataset(
      kind, pictures.subset(classes: order), nil, trainingClasses: training.count,
      notes: notes + ["the classes to train on are chosen: \(split)"])
  }
}

/// Stored as it is written.
extension ClassSplit: Codable {
  /// Reads its text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let split = ClassSplit(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is no split of classes")
    }
    self = split
  }

  /// Writes its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
