import CKernels

extension Tensor where Scalar: TensorScalar {
  /// The sum over some axes; `keepsAxes` leaves them in the shape with size one.
  ///
  /// An empty sum is 0. Axes may count from the end (−1 is the last). Traps for an axis that does not exist.
  public func sum(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    sum(axes: normalized([axis] + others, "sum", file, line), keepsAxes: keepsAxes)
  }

  /// The sum of all elements, shape `[]`.
  public func sum() -> Tensor { sum(axes: Array(0..<rank), keepsAxes: false) }

  func sum(axes: [Int], keepsAxes: Bool) -> Tensor {
    let kept = reduced(CK_SUM, axes)
    let shape = kept.shape
    return kept.recorded("sum", (self, { g in g.reshaped(shape).expanded(to: self.shape) }))
      .droppingAxes(axes, unless: keepsAxes)
  }

  /// The mean over some axes; NaN over no elements.
  public func mean(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axes = normalized([axis] + others, "mean", file, line)
    return sum(axes: axes, keepsAxes: keepsAxes) / Scalar(axes.reduce(1) { $0 * shape[$1] })
  }

  /// The mean of all elements, shape `[]`.
  public func mean() -> Tensor { sum() / Scalar(count) }

  /// The variance over some axes, with divisor `max(0, n − correction)`.
  ///
  /// NaN over one element, or none.
  public func variance(
    along axes: Int..., correction: Scalar = 1, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    variance(axes: normalized(axes, "variance", file, line), correction, keepsAxes)
  }

  /// The variance of all elements, shape `[]`, with divisor `max(0, n − correction)`.
  ///
  /// NaN over one element, or none.
  public func variance(correction: Scalar = 1) -> Tensor { variance(axes: Array(0..<rank), correction, false) }

  private func variance(axes: [Int], _ correction: Scalar, _ keepsAxes: Bool) -> Tensor {
    let n = Scalar(axes.reduce(1) { $0 * shape[$1] })
    let deviation = self - sum(axes: axes, keepsAxes: true) / n
    return (deviation * deviation).sum(axes: axes, keepsAxes: keepsAxes) / Swift.max(n - correction, 0)
  }

  /// The standard deviation over some axes: the root of the variance with divisor `max(0, n − correction)`.
  ///
  /// Where all elements are equal, the gradient is 0, as in PyTorch.
  public func standardDeviation(
    along axes: Int..., correction: Scalar = 1, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    variance(axes: normalized(axes, "standardDeviation", file, line), correction, keepsAxes).flatAtZero { sqrt($0) }
  }

  /// The standard deviation of all elements, shape `[]`; where they are equal, its gradient is 0.
  public func standardDeviation(correction: Scalar = 1) -> Tensor {
    variance(correction: correction).flatAtZero { sqrt($0) }
  }

  /// The greatest element over some axes; equal ones share the gradient equally.
  ///
  /// NaN wins. Traps over no elements.
  public func max(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(CK_MAX, "max", normalized([axis] + others, "max", file, line), keepsAxes, file, line)
  }

  /// The greatest of all elements, shape `[]`; equal ones share the gradient equally.
  public func max(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    max(axes: Array(0..<rank), false, file, line)
  }

  /// The smallest element over some axes; equal ones share the gradient equally.
  ///
  /// NaN wins. Traps over no elements.
  public func min(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(CK_MIN, "min", normalized([axis] + others, "min", file, line), keepsAxes, file, line)
  }

  /// The smallest of all elements, shape `[]`; equal ones share the gradient equally.
  public func min(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    min(axes: Array(0..<rank), false, file, line)
  }

  func max(axes: [Int], _ keepsAxes: Bool, _ file: StaticString, _ line: UInt) -> Tensor {
    extreme(CK_MAX, "max", axes, keepsAxes, file, line)
  }

  func min(axes: [Int], _ keepsAxes: Bool, _ file: StaticString, _ line: UInt) -> Tensor {
    extreme(CK_MIN, "min", axes, keepsAxes, file, line)
  }

  private func extreme(
    _ kernel: ck_reduce, _ name: StaticString, _ axes: [Int], _ keepsAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    require(
      axes.allSatisfy { shape[$0] > 0 }, "\(name): shape \(shape) has no elements along axes \(axes)", file: file,
      line: line)
    return reduced(kernel, axes)
      .recorded(
        name, self,
        usingOutput: { g, y in
          let isBest = (self .== y).cast(to: Scalar.self)
          return g * (isBest / isBest.sum(axes: axes, keepsAxes: true))
        }
      )
      .droppingAxes(axes, unless: keepsAxes)
  }

  /// The position of the greatest element along an axis; the first of equal ones, the first NaN if there is one.
  ///
  /// `keepsAxes` leaves the axis in the shape with size one. Traps over no elements.
  public func argmax(
    along axis: Int, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Labels {
    let axis = normalized([axis], "argmax", file, line)[0]
    require(shape[axis] > 0, "argmax: shape \(shape) has no elements along axis \(axis)", file: file, line: line)
    let source = contiguous()
    defer { withExtendedLifetime(source) {} }
    let (outer, size, inner) = source.layout.around(axis)
    var resultShape = shape
    resultShape[axis] = 1
    let result = Labels(uninitialized: resultShape)
    let (x, y) = (source.pointer, result.buffer.pointer)
    parallel(outer, grain: elementGrain / Swift.max(size * inner, 1) + 1) { part in
      Scalar._kernels.argmax(part.count, size, inner, x + part.lowerBound * size * inner, y + part.lowerBound * inner)
    }
    return keepsAxes ? result : result.squeezed(axis)
  }

  /// The position of the smallest element along an axis; the first of equal ones, the first NaN if there is one.
  ///
  /// `keepsAxes` leaves the axis in the shape with size one. Traps over no elements.
  public func argmin(
    along axis: Int, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Labels {
    mapped(CK_NEGATE).argmax(along: axis, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// `exp(x) / Σ exp(x)` along an axis.
  ///
  /// An element of −∞ gives 0 with gradient 0; NaN where all are −∞, as in PyTorch.
  public func softmax(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    exp(logSoftmax(along: axis, file: file, line: line))
  }

  /// `x − log Σ exp(x)` along an axis, computed from `x − max(x)`, so that large numbers lose no digits.
  public func logSoftmax(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "logSoftmax", file, line)[0]
    guard shape[axis] > 0 else { return self }
    let peak = reduced(CK_MAX, [axis])
    let centred = self - peak.replacing(with: 0, where: !peak.isFinite)
    return centred - centred.logSumExp(along: axis, keepsAxes: true)
  }

  /// Reduces groups of neighbouring axes one after another, keeping them with size one; not recorded.
  private func reduced(_ kernel: ck_reduce, _ axes: [Int]) -> Tensor {
    var result = contiguous()
    var remaining = axes.sorted()[...]
    while let last = remaining.popLast() {
      var first = last
      while remaining.last == first - 1 { first = remaining.removeLast() }
      let outer = result.shape[..<first].reduce(1, *)
      let size = result.shape[first...last].reduce(1, *)
      let inner = result.shape[(last + 1)...].reduce(1, *)
      var shape = result.shape
      for axis in first...last { shape[axis] = 1 }
      let next = Tensor(uninitialized: shape)
      result.reduceMiddle(kernel, outer, size, inner, into: next.buffer.pointer)
      result = next
    }
    return result
  }

  /// Reduces the middle of a contiguous [outer, size, inner].
  private func reduceMiddle(
    _ kernel: ck_reduce, _ outer: Int, _ size: Int, _ inner: Int, into y: UnsafeMutablePointer<Scalar>
  ) {
    let x = pointer
    let isTall = outer < Threads.count && size * inner >= 4 * elementGrain && size >= 2 * Threads.count
    guard isTall else {
      parallel(outer, grain: elementGrain / Swift.max(size * inner, 1) + 1) { part in
        Scalar._kernels.reduce(
          kernel, part.count, size, inner, x + part.lowerBound * size * inner, y + part.lowerBound * inner)
      }
      return
    }
    let parts = Threads.count
    let partial = Tensor(uninitialized: [parts, inner])
    defer { withExtendedLifetime(partial) {} }
    let p = partial.buffer.pointer
    for o in 0..<outer {
      parallel(parts, grain: 1) { range in
        for part in range {
          let (start, end) = (part * size / parts, (part + 1) * size / parts)
          Scalar._kernels.reduce(kernel, 1, end - start, inner, x + (o * size + start) * inner, p + part * inner)
        }
      }
      Scalar._kernels.reduce(kernel, 1, parts, inner, p, y + o * inner)
    }
  }

  func droppingAxes(_ axes: [Int], unless keeps: Bool) -> Tensor {
    if keeps || axes.isEmpty { return self }
    return reshaped(shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
  }
}

extension Layout {
  /// The sizes before, of and after an axis, for loops over a contiguous tensor.
  func around(_ axis: Int) -> (outer: Int, size: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
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
