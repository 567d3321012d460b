import CKernels

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor {
  /// Whether elements are equal, broadcasting; NaN equals nothing; traps where the shapes do not fit.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_EQUAL, ".==", a, b) }
  /// Whether elements differ, broadcasting; NaN differs from everything; traps where the shapes do not fit.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_NOT_EQUAL, ".!=", a, b) }
  /// Whether elements equal one value.
  public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }
  /// Whether elements differ from one value.
  public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }
}

extension Tensor where Scalar: Comparable {
  /// Whether the left element is smaller, broadcasting; traps where the shapes do not fit.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_LESS, ".<", a, b) }
  /// Whether the left element is smaller or equal, broadcasting; traps where the shapes do not fit.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_LESS_EQUAL, ".<=", a, b) }
  /// Whether the left element is greater, broadcasting; traps where the shapes do not fit.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_GREATER, ".>", a, b) }
  /// Whether the left element is greater or equal, broadcasting; traps where the shapes do not fit.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_GREATER_EQUAL, ".>=", a, b) }
  /// Whether elements are smaller than a number.
  public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> { a .< Tensor(b) }
  /// Whether elements are at most a number.
  public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .<= Tensor(b) }
  /// Whether elements are greater than a number.
  public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> { a .> Tensor(b) }
  /// Whether elements are at least a number.
  public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .>= Tensor(b) }
}

extension Tensor where Scalar: TensorScalar {
  /// Whether each element is neither infinite nor NaN.
  public var isFinite: Tensor<Bool> { mapped(CK_IS_FINITE) .> Tensor(0) }

  /// Whether each element is NaN.
  public var isNaN: Tensor<Bool> { self .!= self }

  /// Whether each element is ∞ or −∞.
  public var isInfinite: Tensor<Bool> { mapped(CK_ABS) .== Tensor(.infinity) }
}

extension Tensor {
  /// `a` where the mask is true and `b` elsewhere, all three broadcast to one shape.
  ///
  /// What is not taken gets no gradient, so that it may be infinite or NaN there. Traps where the shapes do not fit.
  public static func `where`(
    _ mask: Tensor<Bool>, _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let shape = broadcastShape(a.shape, b.shape).flatMap({ broadcastShape($0, mask.shape) }) else {
      trap(
        "where: mask \(mask.shape), \(a.shape) and \(b.shape) do not broadcast to one shape", file: file, line: line)
    }
    return record(selected(mask, a, b, shape: shape), "where", [(a, .keep(mask, true)), (b, .keep(mask, false))])
  }

  /// The same tensor with `value` where the mask is true, broadcasting; what was there gets no gradient.
  ///
  /// Traps where the shapes do not fit.
  public func replacing(
    with value: Scalar, where mask: Tensor<Bool>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireBroadcast("replacing", shape, mask.shape, file, line)
    return Tensor.where(mask, Tensor(value), self)
  }
}
