import Tensor

/// How a file stores each element: the types of the safetensors format that tensors can be read from and written as.
public enum StoredType: String, Sendable, CaseIterable {
  /// IEEE half precision, read as `Float`.
  case float16
  /// The upper half of a `Float`, read as `Float`.
  case bfloat16
  /// `Float`.
  case float32
  /// `Double`.
  case float64
  /// 32-bit integers, read as `Int`.
  case int32
  /// `Int`.
  case int64
  /// `UInt8`.
  case uint8
  /// `Bool`, one byte each.
  case bool

  /// The type that stores elements as they are.
  public init(_ type: ElementType) { self = StoredType(rawValue: type.rawValue)! }

  /// The type of elements that are stored so without conversion; nil for `float16`, `bfloat16` and `int32`.
  public var elementType: ElementType? { ElementType(rawValue: rawValue) }

  /// The number of bytes an element takes.
  public var size: Int {
    switch self {
    case .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }
}

/// The number of bytes that a file needs for elements in a shape, or nil for a shape that no tensor can have: a negative
/// size, more elements than `Int` counts (empty axes aside, for strides), or too many axes.
func storedByteCount(_ shape: [Int], size: Int) -> Int? {
  guard shape.count <= mostStoredAxes, shape.allSatisfy({ $0 >= 0 }) else { return nil }
  var bound = MemoryLayout<Int>.size
  for axis in shape {
    let (product, overflow) = bound.multipliedReportingOverflow(by: max(axis, 1))
    if overflow { return nil }
    bound = product
  }
  return shape.reduce(size, *)
}

/// As many axes as the engine's loops walk.
let mostStoredAxes = 16
