import Tensor

/// What stands before the elements in a `.npy` file: the format's version, and a Python dictionary.
struct NumPyHeader: Equatable {
  var type: ElementType
  var isBigEndian = false
  var isFortranOrder = false
  var shape: [Int]

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// As large as a dictionary may be; far more than the 16 axes that a tensor can have need.
  private static let mostBytes = 1 << 16
  private static let codes: [(code: String, type: ElementType)] = [
    ("f2", .float16), ("f4", .float32), ("f8", .float64), ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("b1", .bool),
  ]

  init(type: ElementType, shape: [Int]) {
    self.type = type
    self.shape = shape
  }

  /// Reads the header of a file and where its elements begin, and checks that they fill the rest.
  static func read(_ file: FileBytes) throws(FormatProblem) -> (header: NumPyHeader, elements: Range<Int>) {
    let start = try dictionary(of: file)
    let header = try file[start].withUnsafeBytes { bytes throws(FormatProblem) in try NumPyHeader(dictionary: bytes) }
    guard let size = storedByteCount(header.shape, size: header.type.size) else {
      throw FormatProblem("has the impossible shape \(header.shape)")
    }
    let found = file.count - start.upperBound
    guard size <= found else {
      throw FormatProblem("is cut short: shape \(header.shape) takes \(size) bytes, and there are \(found)")
    }
    guard size == found else { throw FormatProblem("holds \(found - size) bytes after its array") }
    return (header, start.upperBound..<file.count)
  }

  /// Where the dictionary lies.
  private static func dictionary(of file: FileBytes) throws(FormatProblem) -> Range<Int> {
    guard file.count >= 10, file.withUnsafeBytes({ $0.prefix(6).elementsEqual(magic) }) else {
      throw FormatProblem("is no .npy file: it does not begin with the format's magic number")
    }
    let version = (major: file.number(at: 6, size: 1), minor: file.number(at: 7, size: 1))
    guard (1...3).contains(version.major), version.minor == 0 else {
      throw FormatProblem("has version \(version.major).\(version.minor) of the format; 1.0 to 3.0 are known")
    }
    let start = version.major == 1 ? 10 : 12
    guard file.count >= start else { throw FormatProblem("is cut short within its header") }
    let length = file.number(at: 8, size: start - 8)
    guard length <= mostBytes else { throw FormatProblem("has a header of \(length) bytes, which is too many") }
    guard Int(length) <= file.count - start else { throw FormatProblem("is cut short within its header") }
    return start..<start + Int(length)
  }

  private init(dictionary bytes: UnsafeRawBufferPointer) throws(FormatProblem) {
    var scanner = HeaderScanner(bytes)
    var kind: (type: ElementType, isBigEndian: Bool)?
    var order: Bool?
    var sizes: [Int]?
    try scanner.take("{")
    while !scanner.skip("}") {
      let key = try NumPyHeader.text(&scanner)
      try scanner.take(":")
      switch key {
      case "descr" where kind == nil: kind = try NumPyHeader.type(&scanner)
      case "fortran_order" where order == nil:
        let word = try scanner.takeWord()
        guard ["True", "False"].contains(word) else {
          throw FormatProblem("has fortran_order \(word), not True or False")
        }
        order = word == "True"
      case "shape" where sizes == nil: sizes = try NumPyHeader.tuple(&scanner)
      default: throw FormatProblem("has '\(key)' twice in its header, or it is unknown")
      }
      if !scanner.skip(",") {
        try scanner.take("}")
        break
      }
    }
    guard scanner.peek() == nil else { throw scanner.unexpected("nothing but spaces") }
    guard let kind, let order, let sizes else {
      throw FormatProblem("lacks descr, fortran_order or shape in its header")
    }
    (type, isBigEndian, isFortranOrder, shape) = (kind.type, kind.isBigEndian, order, sizes)
  }

  private static func text(_ scanner: inout HeaderScanner) throws(FormatProblem) -> String {
    if scanner.skip("'") { return try scanner.takeText(quote: "'", escapes: false) }
    try scanner.take("\"")
    return try scanner.takeText(quote: "\"", escapes: false)
  }

  private static func type(_ scanner: inout HeaderScanner) throws(FormatProblem) -> (ElementType, isBigEndian: Bool) {
    if scanner.peek() == UInt8(ascii: "[") { throw FormatProblem("holds records with fields, not plain numbers") }
    let text = try text(&scanner)
    guard let known = codes.first(where: { $0.code == text.dropFirst() }) else {
      let all = codes.map { $0.code }.joined(separator: ", ")
      throw FormatProblem("has elements of type '\(text)', which is not one of \(all)")
    }
    switch text.first {
    case "<": return (known.type, false)
    case ">": return (known.type, true)
    case "|" where known.type.size == 1: return (known.type, false)
    default: throw FormatProblem("has elements of type '\(text)', without a byte order")
    }
  }

  private static func tuple(_ scanner: inout HeaderScanner) throws(FormatProblem) -> [Int] {
    var sizes: [Int] = []
    try scanner.take("(")
    while !scanner.skip(")") {
      sizes.append(try scanner.takeInteger())
      if scanner.skip(",") { continue }
      guard sizes.count > 1 else { throw scanner.unexpected("',' after the only size") }
      try scanner.take(")")
      break
    }
    return sizes
  }

  /// Throws for a type that NumPy has no code for.
  static func requireKnown(_ type: ElementType, _ name: String, in file: String) throws(TensorFileError) {
    if codes.contains(where: { $0.type == type }) { return }
    let reason = "holds \(type.rawValue), which NumPy has not; cast to Float"
    throw .unrepresentable(file: file, tensor: name, reason: reason)
  }

  /// The header as NumPy writes it, byte for byte; the type is one that NumPy has.
  var bytes: [UInt8] {
    let code = NumPyHeader.codes.first { $0.type == type }!.code
    let order = type.size == 1 ? "|" : isBigEndian ? ">" : "<"
    let sizes = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var text =
      "{'descr': '\(order)\(code)', 'fortran_order': \(isFortranOrder ? "True" : "False"), 'shape': (\(sizes)), }"
    if let growing = isFortranOrder ? shape.last : shape.first {
      text += String(repeating: " ", count: max(0, 21 - "\(growing)".count))
    }
    let padding = 63 - (10 + text.utf8.count) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    return NumPyHeader.magic + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
  }
}
