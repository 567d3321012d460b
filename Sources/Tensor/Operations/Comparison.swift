infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor {
  /// Whether elements are equal, broadcasting; NaN equals nothing; traps where the shapes do not fit.
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { compare(.equal, a, b, ".==") }
  /// Whether elements differ, broadcasting; NaN differs from everything; traps where the shapes do not fit.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { compare(.notEqual, a, b, ".!=") }
  /// Whether elements equal one value.
  public static func .== (a: Tensor, b: Scalar) -> Tensor<Bool> { a .== Tensor(b) }
  /// Whether elements differ from one value.
  public static func .!= (a: Tensor, b: Scalar) -> Tensor<Bool> { a .!= Tensor(b) }
}

extension Tensor where Scalar: Comparable {
  /// Whether the left element is smaller, broadcasting; traps where the shapes do not fit.
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { compare(.less, a, b, ".<") }
  /// Whether the left element is smaller or equal, broadcasting; traps where the shapes do not fit.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { compare(.lessOrEqual, a, b, ".<=") }
  /// Whether the left element is greater, broadcasting; traps where the shapes do not fit.
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> { compare(.greater, a, b, ".>") }
  /// Whether the left element is greater or equal, broadcasting; traps where the shapes do not fit.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> { compare(.greaterOrEqual, a, b, ".>=") }
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
  public var isFinite: Tensor<Bool> { unary(.isFinite, self) .> Tensor(0) }

  /// Whether each element is NaN.
  public var isNaN: Tensor<Bool> { self .!= self }

  /// Whether each element is ∞ or −∞.
  public var isInfinite: Tensor<Bool> { unary(.abs, self) .== Tensor(.infinity) }
}

extension Tensor where Scalar: TensorScalar {
  /// Whether elements differ by no more than `absoluteTolerance + relativeTolerance · |other|`, broadcasting.
  ///
  /// Infinities are close to themselves alone, NaN to nothing unless `equalNaN`. Traps where the shapes do not fit.
  public func isClose(
    to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    requireBroadcast("isClose", shape, other.shape, file, line)
    return withoutRecording {
      let error = abs(self - other)
      let isNear = (error .<= abs(other) * relativeTolerance + absoluteTolerance) .& error.isFinite
      let isEqual = (self .== other) .| isNear
      return equalNaN ? isEqual .| (isNaN .& other.isNaN) : isEqual
    }
  }

  /// Whether all elements differ by no more than `absoluteTolerance + relativeTolerance · |other|`, broadcasting.
  ///
  /// As `isClose(to:)` element by element, with its traps.
  public func allClose(
    to other: Tensor, relativeTolerance: Scalar = 1e-5, absoluteTolerance: Scalar = 1e-8, equalNaN: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Bool {
    isClose(
      to: other, relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance, equalNaN: equalNaN,
      file: file, line: line
    ).allTrue
  }
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
    return Tensor(Engine.select(mask.array, a.array, b.array, shape: shape)).recorded(
      "where", (a, { g in g.kept(where: mask, is: true) }), (b, { g in g.kept(where: mask, is: false) }))
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

extension Tensor {
  /// The elements where a mask says so and 0 elsewhere: of numbers, the pullback of `where`.
  private func kept(where mask: Tensor<Bool>, is wanted: Bool) -> Tensor {
    let zero = Tensor(Engine.zeros([]))
    return wanted ? .where(mask, self, zero) : .where(mask, zero, self)
  }
}

/// Whether pairs of elements compare so, broadcasting; traps where the shapes do not fit.
private func compare<Scalar>(
  _ comparison: Comparison, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ name: StaticString
) -> Tensor<Bool> {
  Tensor<Bool>(Engine.compare(comparison, a.array, b.array, name))
}
