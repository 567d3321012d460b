/// Division of `Int` and `UInt8`: a division by 0 and a quotient that does not fit trap, as Swift's own do.
extension Tensor where Scalar: FixedWidthInteger {
  /// The quotient, element by element, broadcasting, rounded towards 0 as Swift's; traps where the shapes do not fit, and for 0.
  ///
  /// PyTorch's `div(…, rounding_mode="trunc")`; `floorDivide` is rounded down.
  public static func / (a: Tensor, b: Tensor) -> Tensor { binary(.divide, a, b, "/") }
  /// What `/` leaves, with the sign of `a`, as Swift's; traps where the shapes do not fit, and for 0.
  ///
  /// PyTorch's `fmod`; `remainder` has the sign of `b`, as PyTorch's `%`.
  public static func % (a: Tensor, b: Tensor) -> Tensor { binary(.fmod, a, b, "%") }

  /// Divides every element by a number, rounded towards 0; traps for 0.
  public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }
  /// Divides a number by every element, rounded towards 0; traps for 0.
  public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }
  /// What a division by a number leaves, with the sign of the element; traps for 0.
  public static func % (a: Tensor, b: Scalar) -> Tensor { a % Tensor(b) }
  /// What a division of a number by every element leaves, with the number's sign; traps for 0.
  public static func % (a: Scalar, b: Tensor) -> Tensor { Tensor(a) % b }

  /// Divides in place of the old value, rounded towards 0; traps where the shapes do not fit, and for 0.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Divides by a number in place of the old value, rounded towards 0; traps for 0.
  public static func /= (a: inout Tensor, b: Scalar) { a = a / b }
  /// Leaves what `%` leaves in place of the old value; traps where the shapes do not fit, and for 0.
  public static func %= (a: inout Tensor, b: Tensor) { a = a % b }
  /// Leaves what a division by a number leaves in place of the old value; traps for 0.
  public static func %= (a: inout Tensor, b: Scalar) { a = a % b }
}

/// The quotient of integers rounded down, element by element, broadcasting: PyTorch's and Python's `//`.
///
/// Traps where the shapes do not fit, for a divisor of 0, and where a quotient does not fit.
public func floorDivide<Scalar: TensorElement & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("floorDivide", a.shape, b.shape, file, line)
  return binary(.floorDivide, a, b, "floorDivide")
}

/// What `floorDivide` leaves of integers, with the sign of `b`, element by element, broadcasting: PyTorch's and Python's `%`.
///
/// Traps where the shapes do not fit, and for a divisor of 0.
public func remainder<Scalar: TensorElement & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("remainder", a.shape, b.shape, file, line)
  return binary(.modulo, a, b, "remainder")
}
