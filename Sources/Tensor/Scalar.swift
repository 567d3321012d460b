/// A type whose values a tensor can hold: `Float`, `Double`, `Int`, `UInt8` or `Bool`.
///
/// The set is closed; do not conform other types.
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
public enum ElementType: String, Sendable {
  /// `Float`.
  case float32
  /// `Double`.
  case float64
  /// `Int`, 64 bits wide.
  case int64
  /// `UInt8`.
  case uint8
  /// `Bool`, one byte each.
  case bool

  /// Whether it is `Float` or `Double`, which have gradients.
  var isFloating: Bool { self == .float32 || self == .float64 }
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

extension UInt8: TensorElement {
  /// `ElementType.uint8`.
  public static var elementType: ElementType { .uint8 }
}

extension Bool: TensorElement {
  /// `ElementType.bool`.
  public static var elementType: ElementType { .bool }
}
