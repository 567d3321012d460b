import TensorFiles

/// A list of comma-separated values with a header (RFC 4180, without line breaks in values).
struct CSVTable {
  /// One line after the header, with a value for each column.
  struct Row {
    let line: TextLines.Line
    let values: [String]
  }

  let list: TextLines
  /// The names of the columns.
  let columns: [String]
  let rows: [Row]

  /// Throws ``DatasetError`` for a line with another number of values than the header, for quotes that do not fit, and where no line follows the header.
  init(_ list: TextLines) throws(DatasetError) {
    self.list = list
    guard let columns = CSVTable.values(list.lines[0].text) else {
      throw list.malformed(list.lines[0], expected: "a header: names with commas between")
    }
    guard list.lines.count > 1 else { throw .empty(file: list.path) }
    self.columns = columns
    var rows: [Row] = []
    for line in list.lines.dropFirst() {
      guard let values = CSVTable.values(line.text), values.count == columns.count else {
        throw list.malformed(
          line, expected: "\(columns.count) values with commas between: \(columns.joined(separator: ","))")
      }
      rows.append(Row(line: line, values: values))
    }
    self.rows = rows
  }

  /// The place of the column whose name begins so; the first line is wrong where there is none.
  func column(_ beginning: String) throws(DatasetError) -> Int {
    guard let place = columns.firstIndex(where: { $0.hasPrefix(beginning) }) else {
      throw list.malformed(list.lines[0], expected: "a header with a column \(beginning)")
    }
    return place
  }

  /// The values of a line, without blanks around those that have no quotes; nil where quotes do not fit.
  static func values(_ text: Substring) -> [String]? {
    var values: [String] = []
    var rest = text
    repeat {
      if rest.first == "\"" {
        guard let value = quoted(&rest) else { return nil }
        values.append(value)
      } else {
        let plain = rest.prefix { $0 != "," }
        guard !plain.contains("\"") else { return nil }
        values.append(plain.trimmed)
        rest = rest[plain.endIndex...]
      }
      guard rest.isEmpty || rest.first == "," else { return nil }
    } while rest.popFirst() != nil
    return values
  }

  /// Takes a value in quotes, in which two of them stand for one.
  private static func quoted(_ rest: inout Substring) -> String? {
    rest.removeFirst()
    var value = ""
    while let character = rest.popFirst() {
      guard character == "\"" else {
        value.append(character)
        continue
      }
      guard rest.first == "\"" else { return value }
      value.append(rest.removeFirst())
    }
    return nil
  }
}
