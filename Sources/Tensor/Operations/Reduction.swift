extension Tensor where Scalar: TensorScalar {
  /// The sum over some axes, or over all; `keepsAxes` leaves them in the shape with size one.
  ///
  /// An empty sum is 0. Axes may count from the end (−1 is the last); over an empty list of axes everything stays as it
  /// is. Traps for an axis that does not exist or is there twice.
  public func sum(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("sum", axes, keepsAxes, file, line) { summed(over: $0) }
  }

  /// The sum over some axes, written one by one: `sum(along: 0, 2)`; traps for an axis that does not exist.
  public func sum(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    sum(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The mean over some axes, or over all; NaN over no elements.
  ///
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func mean(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("mean", axes, keepsAxes, file, line) { summed(over: $0) / size(of: $0) }
  }

  /// The mean over some axes, written one by one; traps for an axis that does not exist.
  public func mean(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    mean(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The variance over some axes, or over all, with divisor `max(0, n − correction)`.
  ///
  /// NaN over no elements, and over one with correction 1; with correction 0 that of one element is 0. `keepsAxes` leaves
  /// the axes in the shape with size one. Traps for an axis that does not exist.
  public func variance(
    along axes: [Int]? = nil, correction: Scalar = 1, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    reducing("variance", axes, keepsAxes, file, line) { variance(over: $0, correction) }
  }

  /// The variance over some axes, written one by one; traps for an axis that does not exist.
  public func variance(
    along axis: Int, _ others: Int..., correction: Scalar = 1, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    variance(along: [axis] + others, correction: correction, keepsAxes: keepsAxes, file: file, line: line)
  }

  private func variance(over axes: [Int], _ correction: Scalar) -> Tensor {
    let deviation = self - summed(over: axes) / size(of: axes)
    return (deviation * deviation).summed(over: axes) / Swift.max(size(of: axes) - correction, 0)
  }

  /// The standard deviation over some axes, or over all: the root of the variance with divisor `max(0, n − correction)`.
  ///
  /// Where all elements are equal, the gradient is 0, as in PyTorch. NaN where the variance is. `keepsAxes` leaves the
  /// axes in the shape with size one. Traps for an axis that does not exist.
  public func standardDeviation(
    along axes: [Int]? = nil, correction: Scalar = 1, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    reducing("standardDeviation", axes, keepsAxes, file, line) {
      variance(over: $0, correction).flatAtZero { sqrt($0) }
    }
  }

  /// The standard deviation over some axes, written one by one; traps for an axis that does not exist.
  public func standardDeviation(
    along axis: Int, _ others: Int..., correction: Scalar = 1, keepsAxes: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    standardDeviation(along: [axis] + others, correction: correction, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The greatest element over some axes, or over all; equal ones share the gradient equally.
  ///
  /// NaN wins, and then all these elements' gradients are NaN, as in PyTorch. `keepsAxes` leaves the axes in the shape with
  /// size one. Traps over no elements, and for an axis that does not exist.
  public func max(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("max", axes, keepsAxes, file, line) { greatest(over: $0, "max", file, line) }
  }

  /// The greatest element over some axes, written one by one.
  ///
  /// Traps over no elements, and for an axis that does not exist.
  public func max(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    max(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The smallest element over some axes, or over all; equal ones share the gradient equally.
  ///
  /// NaN wins, and then all these elements' gradients are NaN, as in PyTorch. `keepsAxes` leaves the axes in the shape with
  /// size one. Traps over no elements, and for an axis that does not exist.
  public func min(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("min", axes, keepsAxes, file, line) { smallest(over: $0, "min", file, line) }
  }

  /// The smallest element over some axes, written one by one.
  ///
  /// Traps over no elements, and for an axis that does not exist.
  public func min(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    min(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// The greatest element over axes that exist, which stay with size one; `name` is what a message says.
  func greatest(over axes: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt) -> Tensor {
    requireElements(along: axes, name, file, line)
    return extreme(.max, "max", axes)
  }

  /// The smallest element over axes that exist, which stay with size one; `name` is what a message says.
  func smallest(over axes: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt) -> Tensor {
    requireElements(along: axes, name, file, line)
    return extreme(.min, "min", axes)
  }

  private func extreme(_ reduction: Reduction, _ name: StaticString, _ axes: [Int]) -> Tensor {
    Tensor(Engine.reduce(reduction, array, over: axes)!)
      .recorded(
        name, self,
        usingOutput: { g, y in
          let isBest = (self .== y).cast(to: Scalar.self)
          return g * (isBest / isBest.summed(over: axes))
        })
  }

  /// The number of elements that one of a reduction's results is made of.
  private func size(of axes: [Int]) -> Scalar { Scalar(axes.reduce(1) { $0 * shape[$1] }) }
}

extension Tensor {
  /// The sum over axes that exist, which stay with size one; for any element type, because the engine undoes broadcasting with it.
  func summed(over axes: [Int]) -> Tensor {
    Tensor(Engine.reduce(.sum, array, over: axes)!).recorded("sum", (self, { [shape] g in g.expanded(to: shape) }))
  }

  /// Undoes broadcasting: sums over the axes along which a shape was repeated.
  func summed(to target: [Int]) -> Tensor {
    if layout.shape == target { return self }
    let missing = rank - target.count
    let axes = (0..<rank).filter { $0 < missing || target[$0 - missing] != shape[$0] }
    return summed(over: axes).reshaped(target)
  }
}

extension Tensor {
  /// The position of the greatest element along an axis, or in the whole tensor in row-major order.
  ///
  /// The first of equal ones; the first NaN if there is one. `keepsAxes` leaves the axis, or all, in the shape with size
  /// one. Traps over no elements, and for an axis that does not exist.
  public func argmax(
    along axis: Int? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    positionOfExtreme(.max, "argmax", axis, keepsAxes, file, line)
  }

  /// The position of the smallest element along an axis, or in the whole tensor in row-major order.
  ///
  /// The first of equal ones; the first NaN if there is one. `keepsAxes` leaves the axis, or all, in the shape with size
  /// one. Traps over no elements, and for an axis that does not exist.
  public func argmin(
    along axis: Int? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    positionOfExtreme(.min, "argmin", axis, keepsAxes, file, line)
  }

  private func positionOfExtreme(
    _ reduction: Reduction, _ name: StaticString, _ axis: Int?, _ keepsAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    reducing(name, axis.map { [$0] }, keepsAxes, file, line) { axes in
      requireElements(along: axes, name, file, line)
      return Tensor<Int>(Engine.argExtreme(reduction, array, along: axis == nil ? nil : axes[0]))
    }
  }

  /// What every reduction does with its axes: counts them from the front, all for nil, and drops them from what `reduce`
  /// makes of them, which still has them with size one, unless they shall be kept.
  func reducing<Result>(
    _ name: StaticString, _ axes: [Int]?, _ keepsAxes: Bool, _ file: StaticString, _ line: UInt,
    _ reduce: ([Int]) -> Tensor<Result>
  ) -> Tensor<Result> {
    let axes = axes.map { normalized($0, name, file, line) } ?? Array(0..<rank)
    let result = reduce(axes)
    if keepsAxes || axes.isEmpty { return result }
    return result.reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }

  /// Traps where there is nothing to find an extreme of.
  func requireElements(along axes: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt) {
    require(
      axes.allSatisfy { shape[$0] > 0 }, "\(name): shape \(shape) has no elements along axes \(axes)", file: file,
      line: line)
  }
}

extension Tensor where Scalar: TensorScalar {
  /// A function that is 0 at 0 where its slope is infinite, with gradient 0 there.
  func flatAtZero(_ function: (Tensor) -> Tensor) -> Tensor {
    let isZero = detached .== Tensor(0)
    return function(replacing(with: 1, where: isZero)).replacing(with: 0, where: isZero)
  }
}

extension Tensor {
  /// Axes counted from the front, without repetition; traps for one that does not exist.
  func normalized(_ axes: [Int], _ name: StaticString, _ file: StaticString, _ line: UInt) -> [Int] {
    let result = axes.map { $0 < 0 ? $0 + rank : $0 }
    require(
      result.allSatisfy { (0..<rank).contains($0) } && Set(result).count == result.count,
      "\(name): axes \(axes) do not fit shape \(shape)", file: file, line: line)
    return result
  }
}
