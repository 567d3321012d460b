import Foundation
import Tensor
import TensorFiles

extension ClassHierarchy {
  /// Reads a hierarchy from a JSON file, as `write(to:)` writes it.
  ///
  /// ```json
  /// {"format": "hpl-hierarchy", "version": 1, "classes": ["gull", "tern", "owl"],
  ///  "levels": [{"name": "families", "groups": ["shore birds", "owls"], "parents": [0, 0, 1]}]}
  /// ```
  ///
  /// Parents are numbers of groups on the level above, from 0, so that there can be no cycle. A file that is written by hand needs
  /// no checksum; one that has another than its own is refused. With `classes`, the file must be
  /// about just these, and the hierarchy has them in this order. Throws `HierarchyFileError`.
  public init(contentsOf path: String, classes expected: [String]? = nil) throws(HierarchyFileError) {
    func fail(_ key: String, _ problem: String) -> HierarchyFileError {
      HierarchyFileError(file: path, key: key, problem: problem)
    }
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: JSONText(contentsOf: path).data)
    } catch let error as TensorFileError {
      throw HierarchyFileError(error, file: path)
    } catch let error as DecodingError {
      throw fail(error.key, error.problem)
    } catch {
      throw fail("", "\(error)")
    }
    var (classes, levels) = (document.classes, document.levels.map(\.value))
    if let fault = ClassHierarchy.fault(classes, levels) {
      throw fail(fault.level == 0 ? "classes\(fault.key)" : "levels[\(fault.level - 1)]\(fault.key)", fault.problem)
    }
    if let expected, expected != classes {
      let places = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
      let (known, wanted) = (Set(classes), Set(expected))
      if let missing = expected.first(where: { !known.contains($0) }) {
        throw fail("classes", "the class '\(missing)' is missing; the hierarchy is for other classes")
      }
      if let index = classes.firstIndex(where: { !wanted.contains($0) }) {
        throw fail("classes[\(index)]", "the class '\(classes[index])' is unknown; the hierarchy is for other classes")
      }
      if let first = levels.first {
        levels[0] = Level(name: first.name, groups: first.groups, parents: expected.map { first.parents[places[$0]!] })
      }
      classes = expected
    }
    do {
      try self.init(classes: classes, levels: levels)
    } catch {
      throw fail("classes", error.problem)
    }
  }

  /// Writes the hierarchy as JSON, in UTF-8, with sorted keys and a checksum of the file.
  ///
  /// The file gets its name only when it is whole. Throws `TensorFileError` where it cannot be written.
  public func write(to path: String) throws {
    let data = try json()
    try AtomicFile.write(to: path) { try $0.write(data) }
  }

  /// What `write(to:)` writes.
  package func json() throws -> Data {
    try JSONText.encoded(Document(classes: classes, levels: levels.map(Document.Level.init)))
  }
}

extension HierarchyFileError {
  fileprivate init(_ error: TensorFileError, file: String) {
    switch error {
    case .unreadable(_, let reason): self.init(file: file, key: "", problem: "cannot be read: \(reason)")
    case .malformed(_, let reason): self.init(file: file, key: "", problem: reason)
    default: self.init(file: file, key: "", problem: "\(error)")
    }
  }
}

/// The form in which a hierarchy is written.
private struct Document: Codable {
  static let format = "hpl-hierarchy"
  static let version = 1

  var classes: [String]
  var levels: [Level]

  /// `JSONText` takes care of the checksum.
  enum CodingKeys: String, CodingKey, CaseIterable { case format, version, classes, levels, checksum }

  init(classes: [String], levels: [Level]) { (self.classes, self.levels) = (classes, levels) }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let format = try values.decode(String.self, forKey: .format)
    guard format == Document.format else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: values, debugDescription: "'\(format)' is not '\(Document.format)'")
    }
    let version = try values.decode(Int.self, forKey: .version)
    guard version == Document.version else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: values,
        debugDescription: "version \(version) is not known; this program reads version \(Document.version)")
    }
    try decoder.refuseOthers(than: CodingKeys.allCases)
    classes = try values.decode([String].self, forKey: .classes)
    levels = try values.decode([Level].self, forKey: .levels)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Document.format, forKey: .format)
    try values.encode(Document.version, forKey: .version)
    try values.encode(classes, forKey: .classes)
    try values.encode(levels, forKey: .levels)
  }
}

extension Document {
  struct Level: Codable {
    var name: String
    var groups: [String]
    var parents: [Int]

    enum CodingKeys: String, CodingKey, CaseIterable { case name, groups, parents }

    init(_ level: ClassHierarchy.Level) { (name, groups, parents) = (level.name, level.groups, level.parents) }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      try decoder.refuseOthers(than: CodingKeys.allCases)
      name = try values.decode(String.self, forKey: .name)
      groups = try values.decode([String].self, forKey: .groups)
      // As Int, a fraction would be an error of the whole file, without a place.
      parents = try values.decode([Double].self, forKey: .parents).enumerated().map { index, number in
        guard let whole = Int(exactly: number) else {
          let path = values.codingPath + [CodingKeys.parents, AnyKey(intValue: index)]
          throw DecodingError.typeMismatch(Int.self, .init(codingPath: path, debugDescription: ""))
        }
        return whole
      }
    }

    var value: ClassHierarchy.Level { .init(name: name, groups: groups, parents: parents) }
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  let intValue: Int?
  init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
}

extension Decoder {
  /// Refuses an object with other keys: nothing in a file is dropped silently.
  fileprivate func refuseOthers(than known: [some CodingKey]) throws {
    let values = try container(keyedBy: AnyKey.self)
    let names = known.map(\.stringValue)
    if let other = values.allKeys.sorted(by: { $0.stringValue < $1.stringValue }).first(where: {
      !names.contains($0.stringValue)
    }) {
      throw DecodingError.dataCorruptedError(
        forKey: other, in: values, debugDescription: "unknown; there are \(names.joined(separator: ", "))")
    }
  }
}

extension DecodingError {
  /// Where it happened, such as `levels[0].parents`.
  fileprivate var key: String {
    let (context, last): (Context, (any CodingKey)?) =
      switch self {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): (context, nil)
      case .keyNotFound(let key, let context): (context, key)
      @unknown default: (Context(codingPath: [], debugDescription: ""), nil)
      }
    return (context.codingPath + (last.map { [$0] } ?? [])).reduce(into: "") { path, key in
      if let index = key.intValue {
        path += "[\(index)]"
      } else {
        path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
      }
    }
  }

  fileprivate var problem: String {
    switch self {
    case .typeMismatch(let type, _): "is not \(DecodingError.names["\(type)"] ?? "of the type \(type)")"
    case .valueNotFound: "is null"
    case .keyNotFound: "is missing"
    case .dataCorrupted(let context): context.debugDescription
    @unknown default: "\(self)"
    }
  }

  private static let names = ["String": "text", "Int": "a whole number", "Double": "a number"]
}
