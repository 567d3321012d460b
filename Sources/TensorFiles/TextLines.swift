/// A text file read line by line.
package struct TextLines {
  /// One line, without its end.
  package struct Line {
    package let number: Int
    package let text: Substring
  }

  /// Why a file is no text.
  package enum Fault: Error {
    /// It cannot be opened or read: why, in the words of the operating system.
    case unreadable(String)
    /// It has no lines.
    case empty
    /// The line of this number is not UTF-8.
    case notText(line: Int)
  }

  /// As large as a file may be.
  private static let mostBytes = 1 << 28

  package let path: String
  package let lines: [Line]

  /// Reads a file; LF and CRLF ends, a byte order mark and empty lines at the end are accepted.
  package init(contentsOf path: String) throws(Fault) {
    self.path = path
    var bytes: ArraySlice<UInt8>
    do {
      bytes = try FileBytes(contentsOf: path, mappedFrom: .max, atMost: TextLines.mostBytes).withUnsafeBytes {
        Array($0)[...]
      }
    } catch {
      guard case .unreadable(_, let reason) = error else { throw .unreadable("\(error)") }
      throw .unreadable(reason)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    let ends: [UInt8] = [10, 13]
    let isBlank = { (line: ArraySlice<UInt8>) in line.allSatisfy { $0 == 32 || $0 == 9 || ends.contains($0) } }
    var parts = bytes.split(separator: 10, omittingEmptySubsequences: false)
    while let last = parts.last, isBlank(last) { parts.removeLast() }
    guard !parts.isEmpty else { throw .empty }
    var lines: [Line] = []
    lines.reserveCapacity(parts.count)
    for (index, part) in parts.enumerated() {
      let line = part.last == 13 ? part.dropLast() : part
      guard let text = String(validating: line, as: UTF8.self) else { throw .notText(line: index + 1) }
      lines.append(Line(number: index + 1, text: text[...]))
    }
    self.lines = lines
  }
}

extension Substring {
  /// The text without spaces and tabs at its ends.
  package var trimmed: String {
    var text = self
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}

/// Text from a file, fit for one line of an error: no control characters, not too many characters.
package func shortened(_ text: String, to limit: Int = 80) -> String {
  let scalars = text.unicodeScalars.prefix(limit + 1).map { $0.value < 32 ? "?" : $0 }
  let visible = String(String.UnicodeScalarView(scalars))
  return visible.count > limit ? visible.prefix(limit - 1) + "…" : visible
}
