import Tensor

/// Reads little-endian numbers one after the other.
struct FileReader {
  private let file: FileBytes
  private let end: Int
  private(set) var position: Int

  /// `end` is inside the file, and `position` not beyond it.
  init(_ file: FileBytes, at position: Int, end: Int) {
    self.file = file
    self.position = position
    self.end = end
  }

  var isAtEnd: Bool { position == end }

  mutating func skip(_ count: Int) throws(FormatProblem) {
    guard count <= end - position else { throw FormatProblem("is damaged: an entry of the zip file reaches outside") }
    position += count
  }

  mutating func take(_ size: Int) throws(FormatProblem) -> UInt64 {
    try skip(size)
    return file.number(at: position - size, size: size)
  }

  mutating func takeName(_ count: Int, isUTF8: Bool) throws(FormatProblem) -> String {
    try skip(count)
    let name = file[position - count..<position].withUnsafeBytes { bytes in
      isUTF8 || bytes.allSatisfy { $0 < 0x80 } ? String(validating: bytes, as: UTF8.self) : nil
    }
    guard let name else { throw FormatProblem("has an entry whose name is no UTF-8") }
    return name
  }

  /// Takes the extra fields; numbers that did not fit four bytes stand there.
  mutating func takeExtra(
    _ count: Int, _ size: inout UInt64, _ compressed: inout UInt64, _ header: inout UInt64
  ) throws(FormatProblem) {
    try skip(count)
    var fields = FileReader(file, at: position - count, end: position)
    while !fields.isAtEnd {
      let (id, length) = (try fields.take(2), Int(try fields.take(2)))
      try fields.skip(length)
      guard id == 1 else { continue }
      var wide = FileReader(file, at: fields.position - length, end: fields.position)
      if size == 0xFFFF_FFFF { size = try wide.take(8) }
      if compressed == 0xFFFF_FFFF { compressed = try wide.take(8) }
      if header == 0xFFFF_FFFF { header = try wide.take(8) }
    }
  }
}
