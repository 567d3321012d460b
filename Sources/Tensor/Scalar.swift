/// A type whose values a tensor can hold: `Float`, `Double`, `Int`, `Int32`, `UInt8`, `Bool`, `Float16` or `BFloat16`.
///
/// `Float` and `Double` have all operations and gradients; the integers have exact arithmetic; `Float16` and `BFloat16` are
/// for files: they are moved, compared, ordered and cast, nothing else. The set is closed; do not conform other types.
public protocol TensorElement: Sendable, Equatable {
  /// Names the type in messages, files and printed tensors.
  static var elementType: ElementType { get }
}

/// A type that tensors can differentiate: `Float` or `Double`.
///
/// The set is closed; do not conform other types.
public protocol TensorScalar: TensorElement, BinaryFloatingPoint, CustomStringConvertible
where RawSignificand: FixedWidthInteger {}

/// The name of an element type.
public enum ElementType: String, Sendable, CaseIterable {
  /// `Float16`: IEEE's half precision.
  case float16
  /// `BFloat16`: the upper half of a `Float`.
  case bfloat16
  /// `Float`.
  case float32
  /// `Double`.
  case float64
  /// `Int32`.
  case int32
  /// `Int`, 64 bits wide.
  case int64
  /// `UInt8`.
  case uint8
  /// `Bool`, one byte each.
  case bool

  /// The type that it names.
  package var type: any TensorElement.Type {
    switch self {
    case .float16: Float16.self
    case .bfloat16: BFloat16.self
    case .float32: Float.self
    case .float64: Double.self
    case .int32: Int32.self
    case .int64: Int.self
    case .uint8: UInt8.self
    case .bool: Bool.self
    }
  }

  /// The number of bytes an element takes.
  public var size: Int {
    switch self {
    case .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  /// Whether it is `Float` or `Double`, which have gradients.
  var hasGradients: Bool { self == .float32 || self == .float64 }

  /// Whether it is `Float16` or `BFloat16`, which have no loops of their own.
  var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

extension Float: TensorScalar {
  /// `ElementType.float32`.
  public static var elementType: ElementType { .float32 }
}

extension Double: TensorScalar {
  /// `ElementType.float64`.
  public static var elementType: ElementType { .float64 }
}

extension Int: TensorElement {
  /// `ElementType.int64`.
  public static var elementType: ElementType { .int64 }
}

extension Int32: TensorElement {
  /// `ElementType.int32`.
  public static var elementType: ElementType { .int32 }
}

extension UInt8: TensorElement {
  /// `ElementType.uint8`.
  public static var elementType: ElementType { .uint8 }
}

extension Bool: TensorElement {
  /// `ElementType.bool`.
  public static var elementType: ElementType { .bool }
}

extension Float16: TensorElement {
  /// `ElementType.float16`.
  public static var elementType: ElementType { .float16 }
}

extension BFloat16: TensorElement {
  /// `ElementType.bfloat16`.
  public static var elementType: ElementType { .bfloat16 }
}
