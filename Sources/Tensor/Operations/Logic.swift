extension Tensor where Scalar == Bool {
  /// Whether both are true, broadcasting; traps where the shapes do not fit.
  public static func && (a: Tensor, b: Tensor) -> Tensor { binary(.minimum, a, b, "&&") }

  /// Whether either is true, broadcasting; traps where the shapes do not fit.
  public static func || (a: Tensor, b: Tensor) -> Tensor { binary(.maximum, a, b, "||") }

  /// The opposite of every element.
  public static prefix func ! (a: Tensor) -> Tensor { a .== Tensor(false) }

  /// Whether all elements are true; true for an empty tensor.
  public var all: Bool { trueCount == count }

  /// Whether any element is true; false for an empty tensor.
  public var any: Bool { trueCount > 0 }

  /// How many elements are true.
  public var trueCount: Int { Engine.trueCount(array) }

  /// Whether all elements over some axes, or over all, are true; true over no elements.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func all(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("all", axes, keepsAxes, file, line) { exactExtreme(.min, over: $0, ofNothing: true) }
  }

  /// Whether all elements over some axes, written one by one, are true; traps for an axis that does not exist.
  public func all(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    all(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// Whether any element over some axes, or over all, is true; false over no elements.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func any(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("any", axes, keepsAxes, file, line) { exactExtreme(.max, over: $0, ofNothing: false) }
  }

  /// Whether any element over some axes, written one by one, is true; traps for an axis that does not exist.
  public func any(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    any(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// How many elements over some axes, or over all, are true.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func sum(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    cast(to: Int.self).sum(along: axes, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// How many elements over some axes, written one by one, are true; traps for an axis that does not exist.
  public func sum(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    sum(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }
}
