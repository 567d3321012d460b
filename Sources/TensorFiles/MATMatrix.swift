import Tensor

/// An array of any class as a MATLAB file stores it: class, shape and name are known, its content is read when asked for.
struct MATMatrix {
  let name: String
  private let code: UInt64
  private let isComplex: Bool
  private let shape: [Int]
  private let count: Int
  private let content: MATReader

  /// MATLAB's empty array, as which an element without any bytes counts.
  private static let empty = MATValue.numbers(Tensor.zeros([0, 0]))

  /// So deep values may hold one another.
  private static let mostDepth = 64

  /// Reads what stands before the content.
  init(_ element: MATElement) throws(FormatProblem) {
    var reader = MATReader(element.bytes, from: 0)
    let flags = try reader.next(.uint32, as: "the flags of an array")
    guard flags.count == 8 else { throw FormatProblem("is damaged: the flags of an array have \(flags.count) bytes") }
    let word = flags.number(at: 0, size: 4)
    let sizes = try reader.next(.int32, as: "the shape of an array")
    guard sizes.count >= 8, sizes.count.isMultiple(of: 4) else {
      throw FormatProblem("is damaged: the shape of an array has \(sizes.count) bytes")
    }
    let shape = (0..<sizes.count / 4).map { Int(Int32(truncatingIfNeeded: sizes.number(at: 4 * $0, size: 4))) }
    guard shape.allSatisfy({ $0 >= 0 }), let count = storedByteCount(shape, size: 1) else {
      throw FormatProblem("is damaged: the shape \(shape.prefix(20)) of an array is impossible")
    }
    name = try MATMatrix.name(try reader.next(.int8, .uint8, .utf8, as: "the name of an array"))
    code = word & 0xFF
    isComplex = word & 0x0800 != 0
    (self.shape, self.count, content) = (shape, count, reader)
  }

  /// Reads the content.
  func value(depth: Int) throws(FormatProblem) -> MATValue {
    guard depth < MATMatrix.mostDepth else {
      throw FormatProblem("is more than \(MATMatrix.mostDepth) cells or structures deep, which is not read")
    }
    guard !isComplex else { throw FormatProblem("holds complex numbers, which are not read") }
    switch code {
    case 1: return try cells(depth)
    case 2: return try structures(depth)
    case 4: return try text()
    case 6...15: return try numbers()
    default:
      let kinds: [UInt64: String] = [3: "an object", 5: "a sparse matrix", 16: "a function", 17: "an object"]
      throw FormatProblem("holds \(kinds[code] ?? "an array of the unknown class \(code)"), which is not read")
    }
  }

  // MARK: Cells and structures

  private func cells(_ depth: Int) throws(FormatProblem) -> MATValue {
    var reader = content
    return .cells(try values(count, from: &reader, depth), shape: shape)
  }

  private func structures(_ depth: Int) throws(FormatProblem) -> MATValue {
    var reader = content
    let length = try reader.next(.int32, as: "the length of field names")
    guard length.count == 4, case let width = Int(length.number(at: 0, size: 4)), width > 0, width <= 1024 else {
      throw FormatProblem("is damaged: the length of its field names is impossible")
    }
    let bytes = try reader.next(.int8, as: "the field names")
    guard bytes.count.isMultiple(of: width) else {
      throw FormatProblem("is damaged: its field names take \(bytes.count) bytes, \(width) each")
    }
    var fields: [String] = []
    for start in stride(from: 0, to: bytes.count, by: width) {
      fields.append(try MATMatrix.name(bytes[start..<start + width]))
    }
    guard Set(fields).count == fields.count else { throw FormatProblem("is damaged: it has two fields of one name") }
    let (total, overflows) = count.multipliedReportingOverflow(by: fields.count)
    guard !overflows else { throw FormatProblem("is damaged: its shape \(shape) is impossible") }
    let all = try values(total, from: &reader, depth)
    var values: [String: [MATValue]] = [:]
    for (index, field) in fields.enumerated() {
      values[field] = stride(from: index, to: all.count, by: fields.count).map { all[$0] }
    }
    return .structures(values, shape: shape)
  }

  private func values(_ count: Int, from reader: inout MATReader, _ depth: Int) throws(FormatProblem) -> [MATValue] {
    guard count <= reader.bytesLeft / 8 else {
      throw FormatProblem("is cut short or damaged: \(reader.bytesLeft) bytes cannot hold \(count) arrays")
    }
    var values: [MATValue] = []
    values.reserveCapacity(count)
    for _ in 0..<count {
      let element = try reader.next()
      guard element.type == .matrix else {
        throw FormatProblem("is damaged: \(element.type) stands where an array must be")
      }
      values.append(element.bytes.count == 0 ? MATMatrix.empty : try MATMatrix(element).value(depth: depth + 1))
    }
    return values
  }

  // MARK: Numbers and text

  private func numbers() throws(FormatProblem) -> MATValue {
    var reader = content
    let numbers = try MATMatrix.numbers(try reader.next())
    guard numbers.count == count else {
      throw FormatProblem("is damaged: shape \(shape) does not have \(numbers.count) numbers")
    }
    return .numbers(Tensor(numbers, shape: shape.reversed()).permuted(shape.indices.reversed()))
  }

  /// MATLAB stores numbers in the smallest type that holds them, whatever the class of the array.
  private static func numbers(_ element: MATElement) throws(FormatProblem) -> [Double] {
    switch element.type {
    case .int8: try loaded(element, as: Int8.self) { Double($0) }
    case .uint8: try loaded(element, as: UInt8.self) { Double($0) }
    case .int16: try loaded(element, as: Int16.self) { Double($0) }
    case .uint16: try loaded(element, as: UInt16.self) { Double($0) }
    case .int32: try loaded(element, as: Int32.self) { Double($0) }
    case .uint32: try loaded(element, as: UInt32.self) { Double($0) }
    case .int64: try loaded(element, as: Int64.self) { Double(exactly: $0) }
    case .uint64: try loaded(element, as: UInt64.self) { Double(exactly: $0) }
    case .single: try loaded(element, as: Float.self) { Double($0) }
    case .double: try loaded(element, as: Double.self) { $0 }
    default: throw FormatProblem("is damaged: \(element.type) are no numbers")
    }
  }

  private static func loaded<Number: BitwiseCopyable>(
    _ element: MATElement, as: Number.Type, _ convert: (Number) -> Double?
  ) throws(FormatProblem) -> [Double] {
    let size = MemoryLayout<Number>.size
    guard element.bytes.count.isMultiple(of: size) else {
      throw FormatProblem("is damaged: \(element.bytes.count) bytes are no whole number of \(element.type)")
    }
    let numbers: [Double]? = element.bytes.withUnsafeBytes { bytes in
      var numbers: [Double] = []
      numbers.reserveCapacity(bytes.count / size)
      for offset in stride(from: 0, to: bytes.count, by: size) {
        guard let number = convert(bytes.loadUnaligned(fromByteOffset: offset, as: Number.self)) else { return nil }
        numbers.append(number)
      }
      return numbers
    }
    guard let numbers else { throw FormatProblem("holds an integer that is no Double") }
    return numbers
  }

  private func text() throws(FormatProblem) -> MATValue {
    var reader = content
    let scalars = try MATMatrix.scalars(try reader.next())
    guard shape.count == 2, count > 0 else {
      guard count == 0 else { throw FormatProblem("holds text of shape \(shape), which is not read") }
      return .text([])
    }
    let rows = shape[0]
    if rows == 1 { return .text([String(String.UnicodeScalarView(scalars))]) }
    guard scalars.count == count else {
      throw FormatProblem("is damaged: shape \(shape) does not have \(scalars.count) characters")
    }
    return .text(
      (0..<rows).map { row in
        String(String.UnicodeScalarView(stride(from: row, to: count, by: rows).map { scalars[$0] }))
      })
  }

  private static func scalars(_ element: MATElement) throws(FormatProblem) -> [Unicode.Scalar] {
    switch element.type {
    case .utf8:
      guard let string = element.bytes.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else { break }
      return Array(string.unicodeScalars)
    case .uint8, .int8: return element.bytes.withUnsafeBytes { $0.map { Unicode.Scalar($0) } }
    case .uint16, .utf16:
      guard element.bytes.count.isMultiple(of: 2) else { break }
      let units = (0..<element.bytes.count / 2).map { UInt16(element.bytes.number(at: 2 * $0, size: 2)) }
      guard let string = String(validating: units, as: UTF16.self) else { break }
      return Array(string.unicodeScalars)
    default: break
    }
    throw FormatProblem("is damaged: its \(element.type) are no text")
  }

  /// A name, which ends at the first zero.
  private static func name(_ bytes: FileBytes) throws(FormatProblem) -> String {
    let name = bytes.withUnsafeBytes { String(validating: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard let name else { throw FormatProblem("is damaged: a name in it is no UTF-8") }
    return name
  }
}
