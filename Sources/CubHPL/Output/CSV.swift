/// A text as a cell of a table, as RFC 4180 has it, that no spreadsheet takes for a formula.
///
/// What begins as a formula gets an apostrophe before it, unless it is a number: quotes alone do not keep a spreadsheet from
/// computing it.
func csvCell(_ text: String) -> String {
  let isFormula =
    text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } == true && Double(text) == nil
  let cell = isFormula ? "'" + text : text
  let isPlain = !cell.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
  return isPlain ? cell : "\"\(cell.replacing("\"", with: "\"\""))\""
}
