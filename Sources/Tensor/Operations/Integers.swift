/// Arithmetic of `Int` and `UInt8`: exact, and a result that does not fit traps, as Swift's own does.
extension Tensor where Scalar: FixedWidthInteger {
  /// The sum, element by element, broadcasting; traps where the shapes do not fit, and on overflow.
  public static func + (a: Tensor, b: Tensor) -> Tensor { binary(.add, a, b, "+") }
  /// The difference, element by element, broadcasting; traps where the shapes do not fit, and on overflow.
  public static func - (a: Tensor, b: Tensor) -> Tensor { binary(.subtract, a, b, "-") }
  /// The product, element by element, broadcasting; traps where the shapes do not fit, and on overflow.
  public static func * (a: Tensor, b: Tensor) -> Tensor { binary(.multiply, a, b, "*") }
  /// The negative of every element; traps on overflow.
  public static prefix func - (a: Tensor) -> Tensor { Tensor(0) - a }

  /// Adds a number to every element; traps on overflow.
  public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }
  /// Adds every element to a number; traps on overflow.
  public static func + (a: Scalar, b: Tensor) -> Tensor { Tensor(a) + b }
  /// Subtracts a number from every element; traps on overflow.
  public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }
  /// Subtracts every element from a number; traps on overflow.
  public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }
  /// Multiplies every element by a number; traps on overflow.
  public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }
  /// Multiplies a number by every element; traps on overflow.
  public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }

  /// Adds in place of the old value; traps where the shapes do not fit, and on overflow.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Subtracts in place of the old value; traps where the shapes do not fit, and on overflow.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies in place of the old value; traps where the shapes do not fit, and on overflow.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Adds a number in place of the old value; traps on overflow.
  public static func += (a: inout Tensor, b: Scalar) { a = a + b }
  /// Subtracts a number in place of the old value; traps on overflow.
  public static func -= (a: inout Tensor, b: Scalar) { a = a - b }
  /// Multiplies by a number in place of the old value; traps on overflow.
  public static func *= (a: inout Tensor, b: Scalar) { a = a * b }

  /// Every element, but not less than `range.lowerBound` and not more than `range.upperBound`.
  public func clamped(to range: ClosedRange<Scalar>) -> Tensor {
    clamped(to: range.lowerBound...).clamped(to: ...range.upperBound)
  }

  /// Every element, but not less than `range.lowerBound`.
  public func clamped(to range: PartialRangeFrom<Scalar>) -> Tensor { maximum(self, Tensor(range.lowerBound)) }

  /// Every element, but not more than `range.upperBound`.
  public func clamped(to range: PartialRangeThrough<Scalar>) -> Tensor { minimum(self, Tensor(range.upperBound)) }

  /// The sum over some axes, or over all; 0 over no elements.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist, and where a sum, or
  /// one on the way to it, does not fit `Int`.
  public func sum(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    reducing("sum", axes, keepsAxes, file, line) { axes in
      guard let sums = Engine.reduce(.sum, cast(to: Int.self).array, over: axes) else {
        trap("sum: a sum over axes \(axes) of \(shape) does not fit Int", file: file, line: line)
      }
      return Tensor<Int>(sums)
    }
  }

  /// The sum over some axes, written one by one; traps for an axis that does not exist, and on overflow.
  public func sum(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    sum(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The greatest element over some axes, or over all.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps over no elements, and for an axis that does not exist.
  public func max(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("max", axes, keepsAxes, file, line) { axes in
      requireElements(along: axes, "max", file, line)
      return exactExtreme(.max, over: axes, ofNothing: 0)
    }
  }

  /// The greatest element over some axes, written one by one.
  ///
  /// Traps over no elements, and for an axis that does not exist.
  public func max(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    max(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The smallest element over some axes, or over all.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps over no elements, and for an axis that does not exist.
  public func min(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("min", axes, keepsAxes, file, line) { axes in
      requireElements(along: axes, "min", file, line)
      return exactExtreme(.min, over: axes, ofNothing: 0)
    }
  }

  /// The smallest element over some axes, written one by one.
  ///
  /// Traps over no elements, and for an axis that does not exist.
  public func min(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    min(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }
}

/// The greater of two tensors of integers, element by element, broadcasting; traps where the shapes do not fit.
public func maximum<Scalar: TensorElement & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("maximum", a.shape, b.shape, file, line)
  return binary(.maximum, a, b, "maximum")
}

/// The smaller of two tensors of integers, element by element, broadcasting; traps where the shapes do not fit.
public func minimum<Scalar: TensorElement & FixedWidthInteger>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("minimum", a.shape, b.shape, file, line)
  return binary(.minimum, a, b, "minimum")
}

extension Tensor {
  /// The greatest (or smallest) element of integers or truths over axes that exist, which stay with size one.
  func exactExtreme(_ reduction: Reduction, over axes: [Int], ofNothing value: Scalar) -> Tensor {
    if axes.contains(where: { shape[$0] == 0 }) { return .full(layout.keeping(axes), value) }
    return Tensor(Engine.reduce(reduction, array, over: axes)!)
  }
}
