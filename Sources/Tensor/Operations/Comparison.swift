import CKernels

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor where Scalar: TensorScalar {
  /// Whether elements are equal, broadcasting.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_EQUAL, ".==", a, b) }
  /// Whether elements differ, broadcasting.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_NOT_EQUAL, ".!=", a, b) }
  /// Whether the left element is smaller, broadcasting.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_LESS, ".<", a, b) }
  /// Whether the left element is smaller or equal, broadcasting.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_LESS_EQUAL, ".<=", a, b) }
  /// Whether the left element is greater, broadcasting.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_GREATER, ".>", a, b) }
  /// Whether the left element is greater or equal, broadcasting.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(CK_GREATER_EQUAL, ".>=", a, b) }

  /// Whether elements equal a number.
  public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }
  /// Whether elements differ from a number.
  public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }
  /// Whether elements are smaller than a number.
  public static func .< (a: Tensor, b: Scalar) -> Tensor<Bool> { a .< Tensor(b) }
  /// Whether elements are at most a number.
  public static func .<= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .<= Tensor(b) }
  /// Whether elements are greater than a number.
  public static func .> (a: Tensor, b: Scalar) -> Tensor<Bool> { a .> Tensor(b) }
  /// Whether elements are at least a number.
  public static func .>= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .>= Tensor(b) }

  /// Whether each element is neither infinite nor NaN.
  public var isFinite: Tensor<Bool> { mapped(CK_IS_FINITE) .> Tensor(0) }

  /// Whether each element is NaN.
  public var isNaN: Tensor<Bool> { self .!= self }

  /// Whether each element is ∞ or −∞.
  public var isInfinite: Tensor<Bool> { mapped(CK_ABS) .== Tensor(.infinity) }

  /// `a` where the mask is true and `b` elsewhere, all three broadcast to one shape.
  ///
  /// What is not taken gets no gradient, so that it may be infinite or NaN there. Traps where the shapes do not fit.
  public static func `where`(
    _ mask: Tensor<Bool>, _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      broadcastShape(a.shape, b.shape).flatMap { broadcastShape($0, mask.shape) } != nil,
      "where: mask \(mask.shape), \(a.shape) and \(b.shape) do not broadcast to one shape", file: file, line: line)
    return selected(mask, a, b).recorded(
      "where", (a, { g in Tensor.where(mask, g, Tensor(0)) }), (b, { g in Tensor.where(mask, Tensor(0), g) }))
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

extension Tensor where Scalar == Int {
  /// Whether integers are equal, broadcasting; exact up to 2⁵³.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> {
    a.cast(to: Double.self) .== b.cast(to: Double.self)
  }
  /// Whether integers differ, broadcasting; exact up to 2⁵³.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    a.cast(to: Double.self) .!= b.cast(to: Double.self)
  }
  /// Whether the left integer is smaller, broadcasting; exact up to 2⁵³.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> {
    a.cast(to: Double.self) .< b.cast(to: Double.self)
  }
  /// Whether the left integer is smaller or equal, broadcasting; exact up to 2⁵³.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    a.cast(to: Double.self) .<= b.cast(to: Double.self)
  }
  /// Whether the left integer is greater, broadcasting; exact up to 2⁵³.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> {
    a.cast(to: Double.self) .> b.cast(to: Double.self)
  }
  /// Whether the left integer is greater or equal, broadcasting; exact up to 2⁵³.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    a.cast(to: Double.self) .>= b.cast(to: Double.self)
  }
  /// Whether integers equal a number; exact up to 2⁵³.
  public static func .== (a: Tensor, b: Int) -> Tensor<Bool> { a .== Tensor(b) }
  /// Whether integers differ from a number; exact up to 2⁵³.
  public static func .!= (a: Tensor, b: Int) -> Tensor<Bool> { a .!= Tensor(b) }
  /// Whether integers are smaller than a number; exact up to 2⁵³.
  public static func .< (a: Tensor, b: Int) -> Tensor<Bool> { a .< Tensor(b) }
  /// Whether integers are at most a number; exact up to 2⁵³.
  public static func .<= (a: Tensor, b: Int) -> Tensor<Bool> { a .<= Tensor(b) }
  /// Whether integers are greater than a number; exact up to 2⁵³.
  public static func .> (a: Tensor, b: Int) -> Tensor<Bool> { a .> Tensor(b) }
  /// Whether integers are at least a number; exact up to 2⁵³.
  public static func .>= (a: Tensor, b: Int) -> Tensor<Bool> { a .>= Tensor(b) }
}

extension Tensor where Scalar == Bool {
  /// Whether both are true, broadcasting.
  public static func && (a: Tensor, b: Tensor) -> Tensor {
    a.cast(to: Float.self) * b.cast(to: Float.self) .> Tensor<Float>(0)
  }
  /// Whether either is true, broadcasting.
  public static func || (a: Tensor, b: Tensor) -> Tensor {
    a.cast(to: Float.self) + b.cast(to: Float.self) .> Tensor<Float>(0)
  }
  /// The opposite of every element.
  public static prefix func ! (a: Tensor) -> Tensor { a.cast(to: Float.self) .== Tensor<Float>(0) }

  /// Whether all elements are true; true for an empty tensor.
  public var all: Bool { trueCount == count }

  /// Whether any element is true; false for an empty tensor.
  public var any: Bool { trueCount > 0 }

  /// How many elements are true.
  public var trueCount: Int {
    withUnsafeScalars { elements in
      elements.withMemoryRebound(to: UInt8.self) { ck_true_positions($0.count, $0.baseAddress, nil) }
    }
  }

  /// Whether all elements over some axes are true; true over no elements.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func all(along axes: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line)
    -> Tensor
  {
    let axes = normalized(axes, "all", file, line)
    return (!self).cast(to: Float.self).sum(axes: axes, keepsAxes: keepsAxes) .== Tensor<Float>(0)
  }

  /// Whether any element over some axes is true; false over no elements.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func any(along axes: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line)
    -> Tensor
  {
    let axes = normalized(axes, "any", file, line)
    return cast(to: Float.self).sum(axes: axes, keepsAxes: keepsAxes) .> Tensor<Float>(0)
  }
}
