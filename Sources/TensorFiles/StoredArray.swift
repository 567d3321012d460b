import CFiles
import Tensor

/// Elements as a file stores them, of which nothing has been read yet.
struct StoredArray: Sendable {
  var type: StoredType
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
  var storedType: StoredType { get }
  /// The elements in row-major order, in the machine's byte order.
  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws
  func tensor<Scalar: TensorElement>(as: Scalar.Type, of file: String, _ name: String) throws -> Tensor<Scalar>
  func tensor<Scalar: TensorElement>(convertingTo: Scalar.Type, of file: String, _ name: String) throws
    -> Tensor<Scalar>
}

extension Tensor: Storable {
  var storedType: StoredType { StoredType(Scalar.elementType) }

  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try withUnsafeScalars { try body(UnsafeRawBufferPointer($0)) }
  }

  func tensor<Target: TensorElement>(as: Target.Type, of file: String, _ name: String) throws -> Tensor<Target> {
    guard let same = self as? Tensor<Target> else {
      throw TensorFileError.wrongType(file: file, tensor: name, stored: storedType, requested: Target.elementType)
    }
    return same
  }

  /// As `cast(to:)` does it, but throws where that would trap.
  func tensor<Target: TensorElement>(convertingTo: Target.Type, of file: String, _ name: String) throws
    -> Tensor<Target>
  {
    if Target.self == Int.self {
      let stranger: String? =
        switch self {
        case let floats as Tensor<Float>: floats.firstBeyondInt
        case let doubles as Tensor<Double>: doubles.firstBeyondInt
        default: nil
        }
      if let stranger {
        throw TensorFileError.unrepresentable(file: file, tensor: name, reason: "holds \(stranger), which is no Int")
      }
    }
    return cast(to: Target.self)
  }
}

extension Tensor where Scalar: BinaryFloatingPoint {
  fileprivate var firstBeyondInt: String? {
    withUnsafeScalars { $0.first { Int(exactly: $0.rounded(.towardZero)) == nil }.map { "\($0)" } }
  }
}

extension StoredArray: Storable {
  var storedType: StoredType { type }

  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    require(!isFortranOrder && !isBigEndian, "StoredArray: the bytes are in another order")
    try bytes.withUnsafeBytes { try body($0) }
  }

  func tensor<Scalar: TensorElement>(as: Scalar.Type, of file: String, _ name: String) throws -> Tensor<Scalar> {
    guard type.elementType == Scalar.elementType else {
      throw TensorFileError.wrongType(file: file, tensor: name, stored: type, requested: Scalar.elementType)
    }
    return try elements(file, name)
  }

  func tensor<Scalar: TensorElement>(convertingTo: Scalar.Type, of file: String, _ name: String) throws
    -> Tensor<Scalar>
  {
    func converted<Wide: TensorElement>(_ tensor: Tensor<Wide>) throws -> Tensor<Scalar> {
      try tensor.tensor(convertingTo: Scalar.self, of: file, name)
    }
    return switch type {
    case .float16: try converted(decoded { ck_decode_f16($0, $1, $2) } as Tensor<Float>)
    case .bfloat16: try converted(decoded { ck_decode_bf16($0, $1, $2) } as Tensor<Float>)
    case .int32: try converted(decoded { ck_decode_i32($0, $1, $2) } as Tensor<Int>)
    case .float32: try converted(elements(file, name) as Tensor<Float>)
    case .float64: try converted(elements(file, name) as Tensor<Double>)
    case .int64: try converted(elements(file, name) as Tensor<Int>)
    case .uint8: try converted(elements(file, name) as Tensor<UInt8>)
    case .bool: try converted(elements(file, name) as Tensor<Bool>)
    }
  }

  /// The elements of a type that tensors have too.
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

  /// The elements of a type that needs a conversion.
  private func decoded<Scalar: TensorElement>(
    _ decode: (Int, UnsafeRawPointer, UnsafeMutablePointer<Scalar>) -> Void
  ) -> Tensor<Scalar> {
    inOrder { target in
      guard let base = target.baseAddress else { return }
      bytes.withUnsafeBytes { source in
        guard isBigEndian else { return decode(target.count, source.baseAddress!, base) }
        let swapped = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 8)
        defer { swapped.deallocate() }
        swapped.copyMemory(from: source)
        ck_swap_bytes(target.count, CInt(type.size), swapped.baseAddress)
        decode(target.count, swapped.baseAddress!, base)
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

extension StoredArray {
  /// A tensor's elements converted for a file.
  ///
  /// Throws where an integer does not fit.
  init<Scalar: TensorElement>(
    converting tensor: Tensor<Scalar>, to type: StoredType, of file: String, _ name: String
  ) throws {
    func wide<Wide: TensorElement>(_: Wide.Type = Wide.self) throws -> Tensor<Wide> {
      try tensor.tensor(convertingTo: Wide.self, of: file, name)
    }
    var misfit = -1
    let isDouble = Scalar.self == Double.self
    let bytes =
      switch type {
      case .float16 where isDouble: StoredArray.encoded(try wide(), size: 2) { ck_encode_f16_from_f64($0, $1, $2) }
      case .float16: StoredArray.encoded(try wide(), size: 2) { ck_encode_f16_from_f32($0, $1, $2) }
      case .bfloat16 where isDouble: StoredArray.encoded(try wide(), size: 2) { ck_encode_bf16_from_f64($0, $1, $2) }
      case .bfloat16: StoredArray.encoded(try wide(), size: 2) { ck_encode_bf16_from_f32($0, $1, $2) }
      case .int32: StoredArray.encoded(try wide(), size: 4) { misfit = ck_encode_i32($0, $1, $2) }
      case .float32: StoredArray.copied(try wide(Float.self))
      case .float64: StoredArray.copied(try wide(Double.self))
      case .int64: StoredArray.copied(try wide(Int.self))
      case .uint8: StoredArray.copied(try wide(UInt8.self))
      case .bool: StoredArray.copied(try wide(Bool.self))
      }
    guard misfit < 0 else {
      let reason = "holds \(try wide(Int.self).scalars[misfit]), which does not fit 32 bits"
      throw TensorFileError.unrepresentable(file: file, tensor: name, reason: reason)
    }
    self.init(type: type, shape: tensor.shape, bytes: bytes)
  }

  private static func copied<Scalar>(_ tensor: Tensor<Scalar>) -> FileBytes {
    tensor.withUnsafeScalars { source in
      FileBytes(count: source.count * MemoryLayout<Scalar>.stride) {
        $0.copyMemory(from: UnsafeRawBufferPointer(source))
      }
    }
  }

  private static func encoded<Scalar>(
    _ tensor: Tensor<Scalar>, size: Int,
    _ encode: (Int, UnsafePointer<Scalar>, UnsafeMutableRawPointer) -> Void
  ) -> FileBytes {
    tensor.withUnsafeScalars { source in
      FileBytes(count: source.count * size) { target in
        if let from = source.baseAddress, let to = target.baseAddress { encode(source.count, from, to) }
      }
    }
  }
}
