import Foundation
import Tensor

/// A set of named tensors as the safetensors format stores them, with text metadata.
///
/// Opening a file reads its header alone; a tensor is read when it is asked for, and nothing of it is kept, so that a file
/// may be larger than memory. Files of a megabyte and more are mapped: do not cut one short while it is open (`write(to:)`
/// replaces a file instead, which is safe).
///
/// Stored are `F16`, `BF16`, `F32`, `F64`, `I32`, `I64`, `U8` and `BOOL`. Nothing is converted silently:
/// `tensor(_:as:)` throws for another type than the stored one, `tensor(_:convertingTo:)` converts.
///
/// ```swift
/// let file = try Safetensors(contentsOf: "model.safetensors")
/// let weight = try file.tensor("fc.weight", as: Float.self)
/// ```
public struct Safetensors: Sendable {
  /// Free text about the tensors.
  public var metadata: [String: String]
  /// The file they came from, for messages.
  public let source: String
  /// Whether they came from a file with a checksum, which was right.
  package private(set) var hasChecksum = false
  /// The names in the order of the file or of insertion.
  public private(set) var names: [String] = []

  private var values: [String: any Storable] = [:]

  /// Makes an empty set.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
    source = "tensors in memory"
  }

  /// Opens a file and reads its header; where it was written with a checksum, all of it is looked at once.
  ///
  /// Throws `TensorFileError` where it cannot be read, is cut short, does not fit its checksum, or breaks a rule of the format:
  /// duplicate or unknown keys, tensors that overlap or leave holes, unknown types, shapes that do not fit their bytes, and
  /// others.
  public init(contentsOf path: String) throws {
    try self.init(FileBytes(contentsOf: path), source: path)
  }

  /// Reads the header of a file in memory; `source` names it in messages.
  ///
  /// Throws `TensorFileError` as for a file on disk.
  public init(data: Data, source: String = "data in memory") throws {
    try self.init(FileBytes(data), source: source)
  }

  init(_ file: FileBytes, source: String) throws(TensorFileError) {
    self.source = source
    do throws(FormatProblem) {
      let start = try Safetensors.headerEnd(file)
      let header = try file[8..<start].withUnsafeBytes { bytes throws(FormatProblem) in
        try SafetensorsHeader(bytes, dataCount: file.count - start)
      }
      metadata = header.metadata
      for entry in header.entries {
        names.append(entry.name)
        let range = start + entry.range.lowerBound..<start + entry.range.upperBound
        values[entry.name] = StoredArray(type: entry.type, shape: entry.shape, bytes: file[range])
      }
      if metadata.removeValue(forKey: Safetensors.checksumKey) != nil {
        guard Safetensors.fitsChecksum(file, header: start) else {
          throw FormatProblem(
            "does not fit its checksum: it is damaged, or was changed without taking '\(Safetensors.checksumKey)' out of its metadata"
          )
        }
        hasChecksum = true
      }
    } catch {
      throw error.error(in: source)
    }
  }

  /// What metadata calls the checksum of the whole file, header included.
  private static let checksumKey = "hpl.crc32"
  /// What stands before its digits, and nowhere else in a header, where a quote within text has a backslash before it.
  private static let checksumMark = Array("\"\(checksumKey)\":\"".utf8)

  private static func checksumPlace(_ header: UnsafeRawBufferPointer) -> Range<Int>? {
    guard let mark = header.firstRange(of: checksumMark), mark.upperBound + FileChecksum.blank.count <= header.count
    else { return nil }
    return mark.upperBound..<mark.upperBound + FileChecksum.blank.count
  }

  private static func fitsChecksum(_ file: FileBytes, header end: Int) -> Bool {
    defer { file.releasePages() }
    return file.withUnsafeBytes { bytes in
      checksumPlace(UnsafeRawBufferPointer(rebasing: bytes[..<end])).map { FileChecksum.isRight(bytes, at: $0) }
        ?? false
    }
  }

  /// A set of what another kind of file holds.
  init(source: String, metadata: [String: String], tensors: [(name: String, value: any Storable)]) {
    (self.source, self.metadata) = (source, metadata)
    names = tensors.map(\.name)
    values = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.value) })
  }

  private static func headerEnd(_ file: FileBytes) throws(FormatProblem) -> Int {
    guard file.count >= 8 else {
      throw FormatProblem("is no safetensors file: \(file.count) bytes are too few for a header")
    }
    let length = file.number(at: 0, size: 8)
    guard length <= UInt64(SafetensorsHeader.mostBytes) else {
      throw FormatProblem("is no safetensors file: a header of \(length) bytes is over the format's limit")
    }
    guard length <= UInt64(file.count - 8) else {
      throw FormatProblem("is cut short or no safetensors file: its header takes \(length) of \(file.count) bytes")
    }
    return 8 + Int(length)
  }

  /// Whether there is a tensor of that name.
  public func contains(_ name: String) -> Bool { values[name] != nil }

  /// The shape of a tensor, or nil if there is none of that name; reads no elements.
  public func shape(of name: String) -> [Int]? { values[name]?.shape }

  /// How the elements of a tensor are stored, or nil if there is none of that name; reads no elements.
  public func elementType(of name: String) -> ElementType? { values[name]?.elementType }

  /// The tensor of that name, whose elements are stored as they are.
  ///
  /// Throws `TensorFileError` where there is none, or it is stored in another type.
  public func tensor<Scalar: TensorElement>(_ name: String, as: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
    try value(name).tensor(as: Scalar.self, of: source, name)
  }

  /// The tensor of that name with its elements converted.
  ///
  /// As `Tensor.cast(to:)` does it; throws `TensorFileError` where that would trap, and where there is no such tensor.
  public func tensor<Scalar: TensorElement>(_ name: String, convertingTo: Scalar.Type) throws -> Tensor<Scalar> {
    try value(name).tensor(convertingTo: Scalar.self, of: source, name)
  }

  private func value(_ name: String) throws -> any Storable {
    guard let value = values[name] else { throw TensorFileError.missing(file: source, tensor: name) }
    return value
  }

  /// Adds a tensor, or replaces the one of that name; stored as it is; traps for the name `__metadata__`.
  public mutating func set<Scalar: TensorElement>(_ tensor: Tensor<Scalar>, for name: String) {
    require(name != "__metadata__", "Safetensors: '__metadata__' is no name for a tensor, the format uses it")
    if values.updateValue(tensor.detached, forKey: name) == nil { names.append(name) }
  }

  /// Adds a tensor, or replaces the one of that name, converted to another type.
  ///
  /// As `Tensor.cast(to:)` does it; throws `TensorFileError` where a number does not fit an integer type. Traps for the
  /// name `__metadata__`.
  public mutating func set<Scalar: TensorElement>(
    _ tensor: Tensor<Scalar>, for name: String, convertingTo type: ElementType
  ) throws {
    require(name != "__metadata__", "Safetensors: '__metadata__' is no name for a tensor, the format uses it")
    func converted<Stored: TensorElement>(_: Stored.Type) throws -> any Storable {
      try tensor.detached.tensor(convertingTo: Stored.self, of: source, name)
    }
    let value = try converted(type.type)
    if values.updateValue(value, forKey: name) == nil { names.append(name) }
  }

  /// The same tensors under other names, those of a model that was written elsewhere, say; without those whose name becomes nil.
  ///
  /// Throws `TensorFileError` where two tensors get one name, or one the name `__metadata__`, and what the closure throws.
  ///
  /// ```swift
  /// let file = try Safetensors(pyTorch: path).renamed { $0.replacing("layerNorm", with: "layer_norm") }
  /// ```
  public func renamed(_ newName: (String) throws -> String?) throws -> Safetensors {
    var result = self
    (result.names, result.values) = ([], [:])
    for name in names {
      guard let new = try newName(name) else { continue }
      guard new != "__metadata__", result.values.updateValue(values[name]!, forKey: new) == nil else {
        throw TensorFileError.malformed(file: source, reason: "tensor '\(name)' cannot be called '\(new)' as well")
      }
      result.names.append(new)
    }
    return result
  }

  /// The same without the tensors whose names begin with a prefix.
  package func without(prefix: String) -> Safetensors {
    var file = self
    file.names.removeAll { $0.hasPrefix(prefix) }
    file.values = file.values.filter { !$0.key.hasPrefix(prefix) }
    return file
  }

  /// Writes a file, to a temporary name first, so that a failure leaves no half of it.
  ///
  /// The same tensors in the same order give the same bytes; tensors of an opened file keep their stored types. With
  /// `withChecksum` the metadata get a CRC-32 of the whole file, which whoever opens the file here compares. Throws
  /// `TensorFileError` with what the file system says, and where names and metadata take more than the 100 MB that the format allows.
  public func write(to path: String, withChecksum: Bool = false) throws {
    try AtomicFile.write(to: path) { try write(into: &$0, withChecksum: withChecksum) }
  }

  /// Writes what `write(to:withChecksum:)` writes.
  package func write(into file: inout AtomicFile, withChecksum: Bool) throws {
    try write(into: &file, withChecksum: withChecksum, mostHeaderBytes: SafetensorsHeader.mostBytes)
  }

  func write(into file: inout AtomicFile, withChecksum: Bool, mostHeaderBytes: Int) throws {
    var copy = self
    copy.metadata[Self.checksumKey] = withChecksum ? String(decoding: FileChecksum.blank, as: UTF8.self) : nil
    let header = copy.headerBytes()
    guard header.count - 8 <= mostHeaderBytes else {
      throw TensorFileError.unwritable(
        file: file.path,
        reason:
          "names and metadata take \(header.count - 8) bytes, and the format allows \(mostHeaderBytes): take fewer or "
          + "shorter ones")
    }
    var sum = FileChecksum()
    try header.withUnsafeBytes {
      sum.add($0)
      try file.write($0)
    }
    for name in names {
      try values[name]!.withStoredBytes {
        if withChecksum { sum.add($0) }
        try file.write($0)
      }
    }
    if withChecksum, let place = header.withUnsafeBytes({ Self.checksumPlace($0) }) {
      try file.replace(at: place.lowerBound, with: Array(sum.digits.utf8))
    }
  }

  /// What a file of these tensors begins with.
  private func headerBytes() -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var start = 0
    for name in names {
      let (type, shape) = (values[name]!.elementType, values[name]!.shape)
      let end = start + shape.reduce(type.size, *)
      let dtype = SafetensorsHeader.types.first { $0.type == type }!.name
      let sizes = shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(quoted(name)):{\"dtype\":\"\(dtype)\",\"shape\":[\(sizes)],\"data_offsets\":[\(start),\(end)]}")
      start = end
    }
    var text = Array("{\(parts.joined(separator: ","))}".utf8)
    text.append(contentsOf: [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8))
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for character in text.unicodeScalars {
    switch character {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\0"..<" ":
      let digits = String(character.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(character)
    }
  }
  return result + "\""
}
