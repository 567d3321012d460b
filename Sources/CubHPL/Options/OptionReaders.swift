/// Whole numbers in a range.
func integer<Number: FixedWidthInteger & Sendable>(
  _ range: ClosedRange<Number>
) -> @Sendable (String) throws(InvalidValue) -> Number {
  { text throws(InvalidValue) in
    guard let number = Number(text) else {
      throw InvalidValue("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    guard number >= range.lowerBound else { throw InvalidValue("must be at least \(range.lowerBound)") }
    guard number <= range.upperBound else { throw InvalidValue("must be at most \(range.upperBound)") }
    return number
  }
}

/// Finite numbers above 0.
func positive(_ text: String) throws(InvalidValue) -> Double {
  guard let number = Double(text), number.isFinite, number > 0 else { throw InvalidValue("must be a number above 0") }
  return number
}

/// Any text but the empty one.
func nonempty(_ text: String) throws(InvalidValue) -> String {
  guard !text.isEmpty else { throw InvalidValue("must not be empty") }
  return text
}

/// The names of an enumeration, in a list for the help.
func names<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type, adding own: [Choice] = []) -> String {
  (Choice.allCases + own).map(\.rawValue).joined(separator: ", ")
}

/// Reads one of an enumeration's names, or of those of another program; the error corrects a typing mistake and lists them all.
func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
  called kind: String, adding own: [Choice] = []
) -> @Sendable (String) throws(InvalidValue) -> Choice {
  let all = Choice.allCases + own
  let choices = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
  let known = all.map(\.rawValue)
  return { text throws(InvalidValue) in
    guard let choice = choices[text] else {
      let hint = nearest(to: text, among: known).map { "; did you mean \($0)?" } ?? ""
      throw InvalidValue("unknown \(kind) '\(text)'\(hint) (known: \(known.joined(separator: ", ")))")
    }
    return choice
  }
}
