import Foundation
import Tensor

/// An array as a `.npy` file stores it: its shape and type are known, its elements are read when asked for.
///
/// Reads versions 1 to 3 of the format, both orders of axes and of bytes, and the types `f2`, `f4`, `f8`, `i4`, `i8`, `u1`
/// and `b1`. Files of a megabyte and more are mapped: do not cut one short while it is open.
public struct NumPyArray: Sendable {
  /// The size along each axis.
  public var shape: [Int] { content.shape }
  /// How each element is stored.
  public var elementType: ElementType { content.elementType }
  /// The file it came from, for messages.
  public let source: String

  let content: any Storable
  /// The whole file, where there is one.
  let file: FileBytes?
  private let checkBytes: @Sendable () throws(FormatProblem) -> Void

  /// Opens a `.npy` file and reads its header.
  ///
  /// Throws `TensorFileError` where it cannot be read, is cut short, or is not what the format asks for.
  public init(contentsOf path: String) throws {
    try self.init(FileBytes(contentsOf: path), source: path)
  }

  /// Reads the header of a `.npy` file in memory; `source` names it in messages.
  ///
  /// Throws `TensorFileError` as for a file on disk.
  public init(data: Data, source: String = "data in memory") throws {
    try self.init(FileBytes(data), source: source)
  }

  /// An array whose elements `check` must approve before they are read.
  init(
    _ file: FileBytes, source: String, check: @escaping @Sendable () throws(FormatProblem) -> Void = {}
  ) throws(TensorFileError) {
    do throws(FormatProblem) {
      let (header, elements) = try NumPyHeader.read(file)
      content = StoredArray(
        type: header.type, shape: header.shape, bytes: file[elements], isFortranOrder: header.isFortranOrder,
        isBigEndian: header.isBigEndian)
    } catch {
      throw error.error(in: source)
    }
    self.source = source
    self.file = file
    checkBytes = check
  }

  init(_ content: any Storable, source: String) {
    self.content = content
    self.source = source
    file = nil
    checkBytes = {}
  }

  private func check() throws(TensorFileError) {
    do throws(FormatProblem) {
      try checkBytes()
    } catch {
      throw error.error(in: source)
    }
  }

  /// The array, whose elements are stored as they are.
  ///
  /// Throws `TensorFileError` where they are stored in another type.
  public func tensor<Scalar: TensorElement>(as: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
    try check()
    return try content.tensor(as: Scalar.self, of: source, "")
  }

  /// The array with its elements converted.
  ///
  /// As `Tensor.cast(to:)` does it; throws `TensorFileError` where that would trap.
  public func tensor<Scalar: TensorElement>(convertingTo: Scalar.Type) throws -> Tensor<Scalar> {
    try check()
    return try content.tensor(convertingTo: Scalar.self, of: source, "")
  }

  /// Some rows, those along the first axis, whose elements are stored as they are; of a mapped file nothing else is read.
  ///
  /// Throws `TensorFileError` where they are stored in another type, or a file has another order than row after row. Traps for rows that
  /// do not exist, and for an array without axes.
  public func rows<Scalar: TensorElement>(
    _ range: Range<Int>, as: Scalar.Type = Scalar.self, file: StaticString = #fileID, line: UInt = #line
  ) throws -> Tensor<Scalar> {
    require(
      !shape.isEmpty && range.lowerBound >= 0 && range.upperBound <= shape[0], "rows: \(range) of shape \(shape)",
      file: file, line: line)
    try check()
    guard var part = content as? StoredArray else {
      return try content.tensor(as: Scalar.self, of: source, "")[range]
    }
    guard !part.isFortranOrder else {
      throw TensorFileError.malformed(
        file: source, reason: "is in Fortran order, so that its rows cannot be read alone")
    }
    let size = shape.dropFirst().reduce(part.type.size, *)
    part.shape[0] = range.count
    part.bytes = part.bytes[range.lowerBound * size..<range.upperBound * size]
    return try part.tensor(as: Scalar.self, of: source, "")
  }

  /// Calls `body` with the bytes of a `.npy` file of this array, part by part, after checking them.
  func forEachPart(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try check()
    if let file { return try file.withUnsafeBytes { try body($0) } }
    try NumPyHeader(type: elementType, shape: shape).bytes.withUnsafeBytes { try body($0) }
    try content.withStoredBytes { try body($0) }
  }
}

extension Tensor {
  /// Reads a `.npy` file whose elements are stored as they are; `NumPyArray` converts others.
  ///
  /// Throws `TensorFileError` where the file cannot be read or holds another type.
  public init(npy path: String) throws {
    self = try NumPyArray(contentsOf: path).tensor()
  }

  /// Writes a `.npy` file, to a temporary name first; the same bytes as `numpy.save` writes.
  ///
  /// Throws `TensorFileError` with what the file system says, and for `BFloat16`, which NumPy has not.
  public func write(npy path: String) throws {
    try NumPyHeader.requireKnown(Scalar.elementType, "", in: path)
    try AtomicFile.write(to: path) { try writeNPY(into: &$0) }
  }

  /// Writes what `write(npy:)` writes.
  package func writeNPY(into file: inout AtomicFile) throws {
    try NumPyArray(detached, source: "tensors in memory").forEachPart { try file.write($0) }
  }
}
