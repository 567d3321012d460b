import Foundation

/// A set of named tensors as the safetensors format stores them, with text metadata.
///
/// Reads and writes `F32`, `F64`, `I64`, `U8` and `BOOL`. Nothing is converted silently: asking for another scalar type
/// than a tensor has throws. Format: 8 bytes of header length, a JSON header, raw little-endian elements.
public struct Safetensors: Sendable {
  /// Free text about the tensors.
  public var metadata: [String: String]
  /// The file they came from, for messages.
  public let source: String

  private enum Value: Sendable {
    case float(Tensor<Float>)
    case double(Tensor<Double>)
    case int(Tensor<Int>)
    case byte(Tensor<UInt8>)
    case bool(Tensor<Bool>)
  }

  private var values: [String: Value] = [:]
  /// The names in the order of the file or of insertion.
  public private(set) var names: [String] = []

  /// Makes an empty set.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
    source = "tensors in memory"
  }

  /// Whether there is a tensor of that name.
  public func contains(_ name: String) -> Bool { values[name] != nil }

  /// The shape of a tensor, or nil if there is none of that name.
  public func shape(of name: String) -> [Int]? {
    switch values[name] {
    case .float(let tensor): tensor.shape
    case .double(let tensor): tensor.shape
    case .int(let tensor): tensor.shape
    case .byte(let tensor): tensor.shape
    case .bool(let tensor): tensor.shape
    case nil: nil
    }
  }

  /// The scalar type of a tensor, or nil if there is none of that name.
  public func elementType(of name: String) -> ElementType? {
    switch values[name] {
    case .float: .float32
    case .double: .float64
    case .int: .int64
    case .byte: .uint8
    case .bool: .bool
    case nil: nil
    }
  }

  /// The tensor of that name.
  ///
  /// Throws `SafetensorsError` where there is none or it holds another scalar type.
  public func tensor<Scalar: TensorElement>(_ name: String, as: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
    let any: Any?
    switch values[name] {
    case .float(let tensor): any = tensor
    case .double(let tensor): any = tensor
    case .int(let tensor): any = tensor
    case .byte(let tensor): any = tensor
    case .bool(let tensor): any = tensor
    case nil: throw SafetensorsError(file: source, problem: "has no tensor named '\(name)'")
    }
    guard let tensor = any as? Tensor<Scalar> else {
      throw SafetensorsError(
        file: source,
        problem: "tensor '\(name)' holds \(elementType(of: name)!.rawValue), not \(Scalar.elementType.rawValue)")
    }
    return tensor
  }

  /// Adds a tensor, or replaces the one of that name.
  public mutating func set<Scalar: TensorElement>(_ tensor: Tensor<Scalar>, for name: String) {
    if values[name] == nil { names.append(name) }
    switch tensor.detached {
    case let tensor as Tensor<Float>: values[name] = .float(tensor)
    case let tensor as Tensor<Double>: values[name] = .double(tensor)
    case let tensor as Tensor<Int>: values[name] = .int(tensor)
    case let tensor as Tensor<UInt8>: values[name] = .byte(tensor)
    case let tensor as Tensor<Bool>: values[name] = .bool(tensor)
    default: trap("Safetensors: \(Scalar.self) is no element type", file: #fileID, line: #line)
    }
  }
}

/// What is wrong with a safetensors file.
public struct SafetensorsError: Error, CustomStringConvertible {
  /// The file's path.
  public let file: String
  /// What is wrong in it.
  public let problem: String

  /// Makes an error about a file.
  public init(file: String, problem: String) {
    (self.file, self.problem) = (file, problem)
  }

  /// One line: the file and the problem.
  public var description: String { "\(file): \(problem)" }
}

extension Safetensors {
  private static let types: [(name: String, type: ElementType, size: Int)] = [
    ("F32", .float32, 4), ("F64", .float64, 8), ("I64", .int64, 8), ("U8", .uint8, 1), ("BOOL", .bool, 1),
  ]

  /// Reads a file.
  ///
  /// Throws `SafetensorsError` where it cannot be read, is cut short, or its header is not what the format asks for.
  public init(contentsOf path: String) throws {
    source = path
    metadata = [:]
    func fail(_ problem: String) -> SafetensorsError { SafetensorsError(file: path, problem: problem) }
    guard let file = FileManager.default.contents(atPath: path) else {
      throw fail(FileManager.default.fileExists(atPath: path) ? "cannot be read" : "no such file")
    }
    guard file.count >= 8 else { throw fail("is no safetensors file: \(file.count) bytes are too few for a header") }
    let length = file.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64(8 * $1.offset) }
    guard length <= UInt64(file.count - 8) else {
      throw fail("is cut short or no safetensors file: its header of \(length) bytes does not fit \(file.count) bytes")
    }
    let start = 8 + Int(length)
    guard let header = (try? JSONSerialization.jsonObject(with: file[8..<start])) as? [String: Any] else {
      throw fail("is no safetensors file: its header is no JSON object")
    }
    if let texts = header["__metadata__"] {
      guard let texts = texts as? [String: String] else { throw fail("its __metadata__ is not made of texts") }
      metadata = texts
    }
    var entries: [(name: String, type: ElementType, shape: [Int], range: Range<Int>)] = []
    for (name, value) in header where name != "__metadata__" {
      guard let entry = value as? [String: Any], let dtype = entry["dtype"] as? String,
        let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int], offsets.count == 2
      else { throw fail("tensor '\(name)' lacks dtype, shape or data_offsets") }
      guard let known = Safetensors.types.first(where: { $0.name == dtype }) else {
        throw fail("tensor '\(name)' has type \(dtype), which is not one of F32, F64, I64, U8, BOOL")
      }
      var bytes = known.size
      for size in shape {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
        guard size >= 0, !overflow else { throw fail("tensor '\(name)' has an impossible shape \(shape)") }
        bytes = product
      }
      guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= file.count - start,
        offsets[1] - offsets[0] == bytes
      else { throw fail("tensor '\(name)' of shape \(shape) does not lie at \(offsets) (cut short?)") }
      entries.append((name, known.type, shape, start + offsets[0]..<start + offsets[1]))
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    for (previous, next) in zip(entries, entries.dropFirst()) where next.range.lowerBound < previous.range.upperBound {
      throw fail("tensors '\(previous.name)' and '\(next.name)' overlap")
    }
    var end = start
    for entry in entries {
      guard entry.range.lowerBound == end else { throw fail("there is a gap before tensor '\(entry.name)'") }
      end = entry.range.upperBound
    }
    guard end == file.count else { throw fail("there are \(file.count - end) bytes after its last tensor") }
    for entry in entries {
      let data = file[entry.range]
      switch entry.type {
      case .float32: set(Safetensors.elements(Float.self, data, entry.shape), for: entry.name)
      case .float64: set(Safetensors.elements(Double.self, data, entry.shape), for: entry.name)
      case .int64: set(Safetensors.elements(Int.self, data, entry.shape), for: entry.name)
      case .uint8: set(Safetensors.elements(UInt8.self, data, entry.shape), for: entry.name)
      case .bool:
        guard data.allSatisfy({ $0 <= 1 }) else { throw fail("tensor '\(entry.name)' holds bytes that are no BOOL") }
        set(Safetensors.elements(Bool.self, data, entry.shape), for: entry.name)
      }
    }
  }

  private static func elements<Scalar: TensorElement>(_: Scalar.Type, _ data: Data, _ shape: [Int]) -> Tensor<Scalar> {
    Tensor(shape: shape) { elements in _ = data.copyBytes(to: UnsafeMutableRawBufferPointer(elements)) }
  }

  /// Writes a file, to a temporary name first, so that a failure leaves no half of it.
  ///
  /// The same tensors in the same order give the same bytes. Throws `SafetensorsError` where the file cannot be written.
  public func write(to path: String) throws {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Safetensors.quoted($0.key)):\(Safetensors.quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var body = Data()
    for name in names {
      let start = body.count
      switch values[name]! {
      case .float(let tensor): body.append(elementsOf: tensor)
      case .double(let tensor): body.append(elementsOf: tensor)
      case .int(let tensor): body.append(elementsOf: tensor)
      case .byte(let tensor): body.append(elementsOf: tensor)
      case .bool(let tensor): body.append(elementsOf: tensor)
      }
      let dtype = Safetensors.types.first { $0.type == elementType(of: name) }!.name
      let shape = shape(of: name)!.map(String.init).joined(separator: ",")
      parts.append(
        "\(Safetensors.quoted(name)):{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(body.count)]}"
      )
    }
    var header = Data("{\(parts.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    var file = Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    file.append(header)
    file.append(body)
    do {
      try file.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw SafetensorsError(file: path, problem: "cannot be written: \(error.localizedDescription)")
    }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return String(decoding: try! encoder.encode(text), as: UTF8.self)
  }
}

extension Data {
  fileprivate mutating func append<Scalar>(elementsOf tensor: Tensor<Scalar>) {
    tensor.withUnsafeScalars { append(contentsOf: UnsafeRawBufferPointer($0)) }
  }
}
