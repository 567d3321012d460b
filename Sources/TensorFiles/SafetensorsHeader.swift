import Tensor

/// The header of a safetensors file: strict JSON, read without `JSONSerialization`, which hides duplicate keys.
struct SafetensorsHeader {
  struct Entry {
    var name: String
    var type: ElementType
    var shape: [Int]
    /// Where the elements lie, counted from the end of the header.
    var range: Range<Int>
  }

  var metadata: [String: String] = [:]
  /// In the order of the elements.
  var entries: [Entry] = []

  /// As large as a header may be; the limit that the format's own library has.
  static let mostBytes = 100_000_000

  static let types: [(name: String, type: ElementType)] = [
    ("F16", .float16), ("BF16", .bfloat16), ("F32", .float32), ("F64", .float64), ("I32", .int32), ("I64", .int64),
    ("U8", .uint8), ("BOOL", .bool),
  ]

  /// Reads the header's bytes and checks that the entries fill `dataCount` bytes without holes or overlaps.
  init(_ bytes: UnsafeRawBufferPointer, dataCount: Int) throws(FormatProblem) {
    var scanner = HeaderScanner(bytes)
    var names: Set<String> = []
    guard bytes.first == UInt8(ascii: "{") else {
      throw FormatProblem("is no safetensors file: its header is no JSON object")
    }
    try SafetensorsHeader.object(&scanner) { name, scanner throws(FormatProblem) in
      guard names.insert(name).inserted else { throw FormatProblem("its header names '\(name)' twice") }
      if name == "__metadata__" {
        metadata = try SafetensorsHeader.texts(&scanner)
      } else {
        entries.append(try SafetensorsHeader.entry(name, &scanner))
      }
    }
    guard scanner.peek() == nil else { throw scanner.unexpected("nothing but spaces") }
    try arrange(dataCount)
  }

  /// Walks a JSON object; `member` takes each value.
  private static func object(
    _ scanner: inout HeaderScanner,
    _ member: (String, inout HeaderScanner) throws(FormatProblem) -> Void
  ) throws(FormatProblem) {
    try scanner.take("{")
    if scanner.skip("}") { return }
    repeat {
      try scanner.take("\"")
      let name = try scanner.takeText(quote: "\"", escapes: true)
      try scanner.take(":")
      try member(name, &scanner)
    } while scanner.skip(",")
    try scanner.take("}")
  }

  private static func texts(_ scanner: inout HeaderScanner) throws(FormatProblem) -> [String: String] {
    var texts: [String: String] = [:]
    try object(&scanner) { key, scanner throws(FormatProblem) in
      try scanner.take("\"")
      guard texts.updateValue(try scanner.takeText(quote: "\"", escapes: true), forKey: key) == nil else {
        throw FormatProblem("its metadata names '\(key)' twice")
      }
    }
    return texts
  }

  private static func integers(_ scanner: inout HeaderScanner) throws(FormatProblem) -> [Int] {
    var numbers: [Int] = []
    try scanner.take("[")
    if scanner.skip("]") { return [] }
    repeat { numbers.append(try scanner.takeInteger()) } while scanner.skip(",")
    try scanner.take("]")
    return numbers
  }

  private static func entry(_ name: String, _ scanner: inout HeaderScanner) throws(FormatProblem) -> Entry {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try object(&scanner) { key, scanner throws(FormatProblem) in
      switch key {
      case "dtype" where dtype == nil:
        try scanner.take("\"")
        dtype = try scanner.takeText(quote: "\"", escapes: true)
      case "shape" where shape == nil: shape = try integers(&scanner)
      case "data_offsets" where offsets == nil: offsets = try integers(&scanner)
      default: throw FormatProblem("tensor '\(name)' has '\(key)' twice, or it is unknown")
      }
    }
    guard let dtype, let shape, let offsets, offsets.count == 2 else {
      throw FormatProblem("tensor '\(name)' lacks dtype, shape or two data_offsets")
    }
    guard let type = types.first(where: { $0.name == dtype })?.type else {
      let known = types.map(\.name).joined(separator: ", ")
      throw FormatProblem("tensor '\(name)' has the type \(dtype), which is not one of \(known)")
    }
    guard let size = storedByteCount(shape, size: type.size) else {
      throw FormatProblem("tensor '\(name)' has the impossible shape \(shape)")
    }
    guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == size else {
      throw FormatProblem("tensor '\(name)' of shape \(shape) takes \(size) bytes and cannot lie at \(offsets)")
    }
    return Entry(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  private mutating func arrange(_ dataCount: Int) throws(FormatProblem) {
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var end = 0
    for (index, entry) in entries.enumerated() {
      if entry.range.lowerBound < end {
        throw FormatProblem("tensors '\(entries[index - 1].name)' and '\(entry.name)' overlap")
      }
      if entry.range.lowerBound > end { throw FormatProblem("no tensor lies before '\(entry.name)', at byte \(end)") }
      end = entry.range.upperBound
    }
    if end > dataCount {
      throw FormatProblem("is cut short: its tensors take \(end) bytes after the header, and there are \(dataCount)")
    }
    if end < dataCount { throw FormatProblem("holds \(dataCount - end) bytes that belong to no tensor") }
  }
}
