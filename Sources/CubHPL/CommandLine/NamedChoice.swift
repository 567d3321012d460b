/// Reads one of an enumeration's names; the error corrects a typing mistake and lists them all.
func choice<Choice: RawRepresentable & CaseIterable>(_ text: String, called kind: String) throws(InvalidValue) -> Choice
where Choice.RawValue == String {
  let known = Choice.allCases.map(\.rawValue)
  guard let choice = Choice(rawValue: text) else {
    let hint = nearest(to: text, among: known).map { "; did you mean \($0)?" } ?? ""
    throw InvalidValue("unknown \(kind) '\(text)'\(hint) (known: \(known.joined(separator: ", ")))")
  }
  return choice
}
