import Foundation
import Tensor

/// A JSON text that has been looked at whole before anybody decodes it.
///
/// Foundation's decoder takes the last of two equal keys, and a comma before a bracket, without a word. In files of this
/// package's own the outermost object may have a `checksum`.
package struct JSONText {
  /// The text.
  package let data: Data
  /// Whether it has a checksum, which is right.
  package private(set) var hasChecksum = false

  /// As large as a file may be.
  private static let mostBytes = 1 << 28
  /// As deep as values may lie in one another.
  private static let mostLevels = 64
  private static let key = "checksum"

  /// Reads a file.
  ///
  /// Throws `TensorFileError` where it cannot be read, where it is no JSON or has equal keys, with line and key, and where its
  /// checksum is wrong.
  package init(contentsOf path: String) throws(TensorFileError) {
    let bytes = try FileBytes(contentsOf: path, mappedFrom: .max, atMost: JSONText.mostBytes)
    do throws(FormatProblem) {
      self = try bytes.withUnsafeBytes { bytes throws(FormatProblem) in try JSONText(bytes) }
    } catch {
      throw error.error(in: path)
    }
  }

  /// Looks at a text in memory; `source` names it in messages.
  package init(_ text: String, source: String) throws(TensorFileError) {
    do throws(FormatProblem) {
      self = try FileBytes(Data(text.utf8)).withUnsafeBytes { bytes throws(FormatProblem) in try JSONText(bytes) }
    } catch {
      throw error.error(in: source)
    }
  }

  private init(_ bytes: UnsafeRawBufferPointer) throws(FormatProblem) {
    var scanner = HeaderScanner(bytes, subject: "it")
    var place: Range<Int>?
    var key = ""
    do throws(FormatProblem) {
      try JSONText.value(&scanner, "", 0, &key, &place)
      guard scanner.peek() == nil else { throw scanner.unexpected("nothing but spaces") }
    } catch {
      let line = bytes[..<min(scanner.position, bytes.count)].count { $0 == 0x0A } + 1
      throw FormatProblem("is no JSON: line \(line)\(key.isEmpty ? "" : ", \(key)"): \(error.reason)")
    }
    if let place {
      guard FileChecksum.isRight(bytes, at: place) else {
        throw FormatProblem(
          "checksum: does not fit the rest: the file is damaged, or was changed without taking its checksum out")
      }
      hasChecksum = true
    }
    data = Data(bytes)
  }

  /// Takes a value; `key` is where it stands, and `place` the digits of the checksum.
  private static func value(
    _ scanner: inout HeaderScanner, _ path: String, _ depth: Int, _ key: inout String, _ place: inout Range<Int>?
  ) throws(FormatProblem) {
    key = path
    guard depth <= mostLevels else { throw FormatProblem("it is more than \(mostLevels) levels deep") }
    switch scanner.peek() {
    case UInt8(ascii: "{"):
      try scanner.take("{")
      if scanner.skip("}") { return }
      var names: Set<String> = []
      repeat {
        key = path
        try scanner.take("\"")
        let name = try scanner.takeText(quote: "\"", escapes: true)
        key = path.isEmpty ? name : "\(path).\(name)"
        guard names.insert(name).inserted else { throw FormatProblem("'\(name)' stands there twice") }
        try scanner.take(":")
        let start = scanner.peek().map { _ in scanner.position + 1 } ?? 0
        try value(&scanner, key, depth + 1, &key, &place)
        if depth == 0, name == JSONText.key {
          guard scanner.position - 1 - start == FileChecksum.blank.count else {
            throw FormatProblem("is no text of \(FileChecksum.blank.count) digits")
          }
          place = start..<scanner.position - 1
        }
        key = path
      } while scanner.skip(",")
      try scanner.take("}")
    case UInt8(ascii: "["):
      try scanner.take("[")
      if scanner.skip("]") { return }
      var count = 0
      repeat {
        try value(&scanner, "\(path)[\(count)]", depth + 1, &key, &place)
        key = path
        count += 1
      } while scanner.skip(",")
      try scanner.take("]")
    case UInt8(ascii: "\""):
      try scanner.take("\"")
      _ = try scanner.takeText(quote: "\"", escapes: true)
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      guard ["true", "false", "null"].contains(try scanner.takeWord()) else { throw scanner.unexpected("a value") }
    case .some: try scanner.takeNumber()
    case nil: throw scanner.unexpected("a value")
    }
  }

  /// A value as a file of this package: indented, with sorted keys and its checksum first, and a newline at the end.
  package static func encoded(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let head = Array("{\n  \"\(key)\" : \"".utf8)
    let body = try encoder.encode(value)
    require(body.first == UInt8(ascii: "{"), "JSONText: only objects have a checksum")
    var bytes = head + FileChecksum.blank + Array("\",".utf8) + body.dropFirst() + [0x0A]
    let place = head.count..<head.count + FileChecksum.blank.count
    bytes.replaceSubrange(place, with: bytes.withUnsafeBytes { FileChecksum.digits(of: $0, at: place) })
    return Data(bytes)
  }
}
