import CFiles
import Tensor

/// Elements as a file stores them, of which nothing has been read yet.
struct StoredArray: Sendable {
  var type: ElementType
  var shape: [Int]
  /// As many as shape and type need.
  var bytes: FileBytes
  /// Whether the first axis is the one whose elements are neighbours.
  var isFortranOrder = false
  var isBigEndian = false
}

/// Something with a shape and elements that a file can hold: a tensor, or an array of another file.
protocol Storable: Sendable {
  var shape: [Int] { get }
  var elementType: ElementType { get }
  /// The elements in row-major order, in the machine's byte order.
  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws
  func tensor<Scalar: TensorElement>(as: Scalar.Type, of file: String, _ name: String) throws -> Tensor<Scalar>
  func tensor<Scalar: TensorElement>(convertingTo: Scalar.Type, of file: String, _ name: String) throws
    -> Tensor<Scalar>
}

extension Tensor: Storable {
  var elementType: ElementType { Scalar.elementType }

  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try withUnsafeScalars { try body(UnsafeRawBufferPointer($0)) }
  }

  func tensor<Target: TensorElement>(as: Target.Type, of file: String, _ name: String) throws -> Tensor<Target> {
    guard let same = self as? Tensor<Target> else {
      throw TensorFileError.wrongType(file: file, tensor: name, stored: elementType, requested: Target.elementType)
    }
    return same
  }

  /// As `cast(to:)` does it, but throws where that would trap.
  func tensor<Target: TensorElement>(convertingTo: Target.Type, of file: String, _ name: String) throws
    -> Tensor<Target>
  {
    let (result, misfit) = fittingCast(to: Target.self)
    if let misfit {
      throw TensorFileError.unrepresentable(
        file: file, tensor: name, reason: "holds \(misfit), which is no \(Target.self)")
    }
    return result
  }
}

extension StoredArray: Storable {
  var elementType: ElementType { type }

  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    require(!isFortranOrder && !isBigEndian, "StoredArray: the bytes are in another order")
    try bytes.withUnsafeBytes { try body($0) }
  }

  func tensor<Scalar: TensorElement>(as: Scalar.Type, of file: String, _ name: String) throws -> Tensor<Scalar> {
    guard type == Scalar.elementType else {
      throw TensorFileError.wrongType(file: file, tensor: name, stored: type, requested: Scalar.elementType)
    }
    return try elements(file, name)
  }

  func tensor<Scalar: TensorElement>(convertingTo: Scalar.Type, of file: String, _ name: String) throws
    -> Tensor<Scalar>
  {
    let stored = type.type
    return try converted(from: stored, of: file, name)
  }

  private func converted<Stored: TensorElement, Scalar: TensorElement>(
    from: Stored.Type, of file: String, _ name: String
  ) throws -> Tensor<Scalar> {
    try (elements(file, name) as Tensor<Stored>).tensor(convertingTo: Scalar.self, of: file, name)
  }

  /// The elements, whose type must be that in which they are stored.
  private func elements<Scalar: TensorElement>(_ file: String, _ name: String) throws -> Tensor<Scalar> {
    if type == .bool {
      let position = bytes.withUnsafeBytes { $0.isEmpty ? -1 : ck_first_not_bool($0.count, $0.baseAddress) }
      guard position < 0 else {
        let reason = "holds the byte \(bytes.number(at: position, size: 1)) at \(position), which is no bool"
        throw TensorFileError.unrepresentable(file: file, tensor: name, reason: reason)
      }
    }
    return inOrder { target in
      bytes.withUnsafeBytes { source in UnsafeMutableRawBufferPointer(target).copyMemory(from: source) }
      if isBigEndian, type.size > 1, let base = target.baseAddress {
        ck_swap_bytes(target.count, CInt(type.size), base)
      }
    }
  }

  /// The tensor whose elements `write` writes in the order of the file.
  private func inOrder<Scalar>(_ write: (UnsafeMutableBufferPointer<Scalar>) -> Void) -> Tensor<Scalar> {
    defer { bytes.releasePages() }
    guard isFortranOrder else { return Tensor(shape: shape, initializedBy: write) }
    return Tensor(shape: shape.reversed(), initializedBy: write).permuted(shape.indices.reversed())
  }
}
