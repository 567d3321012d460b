import Foundation

/// A text file read line by line, with what its errors need to say.
struct TextList {
  /// One line, without its end.
  struct Line {
    let number: Int
    let text: Substring
  }

  /// As large as a file may be.
  private static let mostBytes = 1 << 28

  let path: String
  let lines: [Line]

  /// Reads a file; LF and CRLF ends, a byte order mark and empty lines at the end are accepted.
  ///
  /// - Throws: ``DatasetError``; an empty file and a line that is not UTF-8 are errors.
  init(contentsOf url: URL) throws {
    path = url.path
    var bytes: ArraySlice<UInt8>
    do {
      bytes = try readBytes(of: url, atMost: TextList.mostBytes)[...]
    } catch {
      throw DatasetError.unreadable(file: path, reason: error.reason)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    let ends: [UInt8] = [10, 13]
    let isBlank = { (line: ArraySlice<UInt8>) in line.allSatisfy { $0 == 32 || $0 == 9 || ends.contains($0) } }
    var parts = bytes.split(separator: 10, omittingEmptySubsequences: false)
    while let last = parts.last, isBlank(last) { parts.removeLast() }
    guard !parts.isEmpty else { throw DatasetError.empty(file: path) }
    var lines: [Line] = []
    lines.reserveCapacity(parts.count)
    for (index, part) in parts.enumerated() {
      let line = part.last == 13 ? part.dropLast() : part
      guard let text = String(validating: line, as: UTF8.self) else {
        throw DatasetError.notText(file: path, line: index + 1)
      }
      lines.append(Line(number: index + 1, text: text[...]))
    }
    self.lines = lines
  }

  /// An error about a line that does not have the form `expected`.
  func malformed(_ line: Line, expected: String) -> DatasetError {
    .malformed(file: path, line: line.number, content: String(line.text), expected: expected)
  }

  /// The lines after the first few as "id rest", keyed by their ids, which are positive and occur once.
  func records(expected: String, after header: Int = 0) throws -> [(id: Int, rest: String, line: Int)] {
    var firstLine: [Int: Int] = [:]
    return try lines.dropFirst(header).map { line in
      let fields = line.text.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
      guard let first = fields.first, let id = Int(first), id > 0, let rest = fields.dropFirst().first?.trimmed,
        !rest.isEmpty
      else { throw malformed(line, expected: expected) }
      if let first = firstLine.updateValue(line.number, forKey: id) {
        throw DatasetError.duplicate(file: path, line: line.number, what: "id \(id)", firstLine: first)
      }
      return (id, rest, line.number)
    }
  }
}

extension Substring {
  /// The text without spaces and tabs at its ends.
  var trimmed: String {
    var text = self
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}
