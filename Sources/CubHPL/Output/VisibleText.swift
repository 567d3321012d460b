/// A text from outside on one line of a terminal, where it can neither move the cursor nor turn the direction of what follows.
///
/// Control characters and those that turn the direction of text (Unicode's Bidi_Control) become `\u{1B}`, or `\n` and `\t`.
///
/// - Parameter keepingLines: leaves newlines as they are: for text of our own that has several lines.
func visible(_ text: String, keepingLines: Bool = false) -> String {
  func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n": keepingLines
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": false
    case "\u{61C}"...: !scalar.properties.isBidiControl
    default: true
    }
  }
  if text.unicodeScalars.allSatisfy(isShown) { return text }
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case _ where isShown(scalar): shown.append(scalar)
    case "\n": shown += #"\n"#.unicodeScalars
    case "\t": shown += #"\t"#.unicodeScalars
    default: shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars
    }
  }
  return String(shown)
}

/// A text without its middle where it is longer than `limit`, of which two thirds show its beginning.
func withoutMiddle(_ text: String, limit: Int) -> String {
  // In scalars, because a million of combining marks are one character; a byte a scalar at least.
  let scalars = text.unicodeScalars
  guard text.utf8.count > limit, scalars.count > limit else { return text }
  let tail = limit / 3
  var shown = String.UnicodeScalarView(scalars.prefix(limit - tail - 1))
  shown.append("…")
  shown += scalars.suffix(tail)
  return String(shown)
}
