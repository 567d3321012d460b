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

  /// Whether each element is neither infinite nor NaN.
  public var isFinite: Tensor<Bool> { mapped(CK_IS_FINITE) .> Tensor(0) }

  /// Whether each element is NaN.
  public var isNaN: Tensor<Bool> { self .!= self }

  /// Whether each element is ∞ or −∞.
  public var isInfinite: Tensor<Bool> { mapped(CK_ABS) .== Tensor(.infinity) }

  /// `a` where the mask is true and `b` elsewhere, all three broadcast to one shape.
  ///
  /// What is not taken gets no gradient, so that it may be infinite or NaN there.
  public static func `where`(_ mask: Tensor<Bool>, _ a: Tensor, _ b: Tensor) -> Tensor {
    selected(mask, a, b).recorded(
      "where", (a, { g in Tensor.where(mask, g, Tensor(0)) }), (b, { g in Tensor.where(mask, Tensor(0), g) }))
  }

  /// The same tensor with `value` where the mask is true.
  public func replacing(with value: Scalar, where mask: Tensor<Bool>) -> Tensor {
    Tensor.where(mask, Tensor(value), self)
  }
}

extension Tensor where Scalar == Int {
  /// Whether integers are equal, broadcasting; exact up to 2⁵³.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { a.cast(to: Double.self) .== b.cast(to: Double.self) }
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
