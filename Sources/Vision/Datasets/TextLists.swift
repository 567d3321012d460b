import Foundation
import TensorFiles

extension TextLines {
  /// Reads a list of a data set.
  ///
  /// - Throws: ``DatasetError``.
  init(list url: URL) throws(DatasetError) {
    do {
      self = try TextLines(contentsOf: url.path)
    } catch {
      switch error {
      case .unreadable(let reason): throw .unreadable(file: url.path, reason: reason)
      case .empty: throw .empty(file: url.path)
      case .notText(let line): throw .notText(file: url.path, line: line)
      }
    }
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
