import Tensor

/// Reads a text byte by byte: the parts that JSON and Python literals share.
struct HeaderScanner {
  private let bytes: UnsafeRawBufferPointer
  /// What problems call the text.
  private let subject: String
  private(set) var position = 0

  /// Scans bytes that outlive it.
  init(_ bytes: UnsafeRawBufferPointer, subject: String = "its header") {
    (self.bytes, self.subject) = (bytes, subject)
  }

  /// The next byte after white space, or nil at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Takes a character if it comes next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Takes a character, which must come next.
  mutating func take(_ character: Unicode.Scalar) throws(FormatProblem) {
    if !skip(character) { throw unexpected("'\(character)'") }
  }

  /// Takes a word, which must come next.
  mutating func takeWord() throws(FormatProblem) -> String {
    _ = peek()
    let start = position
    while position < bytes.count, isLetter(bytes[position]) { position += 1 }
    guard position > start else { throw unexpected("a word") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Takes an integer from 0 to `Int.max`, in decimal digits without leading zeros.
  mutating func takeInteger() throws(FormatProblem) -> Int {
    guard let first = peek(), isDigit(first) else { throw unexpected("a number that is not negative") }
    var value = 0
    let start = position
    while position < bytes.count, isDigit(bytes[position]) {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int(bytes[position] - 0x30))
      if overflow || carry { throw FormatProblem("\(subject) holds a number too large at byte \(start)") }
      value = sum
      position += 1
    }
    if first == 0x30 && position > start + 1 { throw FormatProblem("\(subject) holds a leading zero at byte \(start)") }
    if position < bytes.count, isLetter(bytes[position]) || bytes[position] == 0x2E { throw unexpected("an integer") }
    return value
  }

  /// Takes a number as JSON writes it, which a `Double` can hold.
  mutating func takeNumber() throws(FormatProblem) {
    func digits() throws(FormatProblem) {
      guard position < bytes.count, isDigit(bytes[position]) else { throw unexpected("a digit") }
      while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    }
    func skip(_ characters: [Unicode.Scalar]) -> Bool {
      guard position < bytes.count, characters.contains(where: { UInt8(ascii: $0) == bytes[position] }) else {
        return false
      }
      position += 1
      return true
    }
    _ = peek()
    let start = position
    _ = skip(["-"])
    if !skip(["0"]) { try digits() }
    if skip(["."]) { try digits() }
    if skip(["e", "E"]) {
      _ = skip(["+", "-"])
      try digits()
    }
    if position < bytes.count, isDigit(bytes[position]) || isLetter(bytes[position]) { throw unexpected("a number") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard Double(text)?.isFinite == true else {
      throw FormatProblem("\(subject) holds a number that is too large at byte \(start)")
    }
  }

  /// Takes the bytes up to a quote that no backslash precedes, and the quote; the opening one has been taken.
  ///
  /// Escapes become what they mean in JSON.
  mutating func takeText(quote: Unicode.Scalar, escapes: Bool) throws(FormatProblem) -> String {
    let start = position
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: quote) {
        guard let string = String(validating: text, as: UTF8.self) else {
          throw FormatProblem("\(subject) holds text that is no UTF-8 at byte \(start)")
        }
        return string
      }
      guard byte >= 0x20 else { throw FormatProblem("\(subject) holds a control character at byte \(position - 1)") }
      if byte == UInt8(ascii: "\\") {
        guard escapes else { throw FormatProblem("\(subject) holds an escape at byte \(position - 1)") }
        try text.append(contentsOf: takeEscape())
      } else {
        text.append(byte)
      }
    }
    throw FormatProblem("\(subject) ends within the text at byte \(start)")
  }

  private mutating func takeEscape() throws(FormatProblem) -> [UInt8] {
    guard position < bytes.count else { throw unexpected("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      let first = try takeCodeUnit()
      var units = [first]
      if UTF16.isLeadSurrogate(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        units.append(try takeCodeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw FormatProblem("\(subject) holds half a character at byte \(position)")
      }
      return Array(text.utf8)
    default: throw FormatProblem("\(subject) holds an unknown escape at byte \(position - 1)")
    }
  }

  private mutating func takeCodeUnit() throws(FormatProblem) -> UInt16 {
    guard position + 4 <= bytes.count else { throw unexpected("four hexadecimal digits") }
    var unit: UInt16 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      unit = unit << 4 | UInt16(digit)
    }
    position += 4
    return unit
  }

  /// The problem that something else comes next.
  func unexpected(_ wanted: String) -> FormatProblem {
    let found = position < bytes.count ? "byte \(position)" : "its end"
    return FormatProblem("\(subject) lacks \(wanted) at \(found)")
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  private func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
}
