import CKernels

extension Tensor where Scalar: TensorScalar {
  /// `log Σ exp(x)` over some axes, or over all, without overflow.
  ///
  /// Where all elements are −∞, or there are none, it is −∞ with gradient 0. PyTorch's gradient there is NaN, which one
  /// row masked as a whole would spread to every parameter. An element of ∞ gives ∞ with gradient NaN, as in PyTorch.
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func logSumExp(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("logSumExp", axes, keepsAxes, file, line) { axes in
      axes.sorted(by: >).reduce(self) { $0.logSumExp($1, scale: 1, excluding: nil) }
    }
  }

  /// `log Σ exp(x)` over some axes, written one by one; traps for an axis that does not exist.
  public func logSumExp(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    logSumExp(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// `log Σ exp(scale · x)` along an axis, without overflow; `index` names an element of each row that does not count.
  ///
  /// With an index the tensor is a matrix, `[rows, columns]`, and the index `[rows]`: the sum runs over the other columns
  /// of each row (axis 1) or, in each column, over the rows whose element it is not (axis 0). So a loss compares samples
  /// with all classes but their own and makes no mask. −∞ over nothing, with gradient 0. Traps where the shapes do not
  /// fit, and for a column that does not exist.
  public func logSumExp(
    along axis: Int, scale: Scalar, excluding index: Labels? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let index {
      require(
        rank == 2, "logSumExp: shape \(shape) is no matrix of which to leave elements out", file: file, line: line)
      requireIndex(index, "logSumExp", file, line)
    }
    return reducing("logSumExp", [axis], false, file, line) {
      logSumExp($0[0], scale: scale, excluding: index?.contiguous())
    }
  }

  /// Fused, forward and backward: the composed form makes six trips through memory instead of one, and another for a mask.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func logSumExp(_ axis: Int, scale: Scalar, excluding index: Labels?) -> Tensor {
    let loop = LogSumExpLoop(source: contiguous(), axis: axis, scale: scale, index: index)
    return loop.values().recorded(
      "logSumExp", self,
      usingOutput: { g, y in
        guard Recording.isOn else { return loop.slopes(g.contiguous(), y.contiguous()) }
        let logits = self * scale - y.replacing(with: 0, where: y.detached .== Tensor(-.infinity))
        // What is left out is so before `exp`: it may be greater than the rest by any amount.
        return g * exp(index.map { logits.masked($0, by: -.infinity) } ?? logits) * scale
      })
  }

  /// `log Σ exp(x)` over the elements of each segment: `[elements]`, of which `segments` names each one's, gives `[count]`.
  ///
  /// Without overflow; −∞ for an empty segment. Traps where the shapes do not fit, and for a segment that does not exist.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func segmentedLogSumExp(
    _ segments: Labels, count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank == 1 && segments.shape == shape,
      "segmentedLogSumExp: \(shape) and segments \(segments.shape) are not two vectors of one length", file: file,
      line: line)
    if let segment = segments.firstOutside(count) {
      trap("segmentedLogSumExp: no segment \(segment) of \(count)", file: file, line: line)
    }
    let (source, index) = (contiguous(), segments.contiguous())
    let (shifts, values) = (Tensor(uninitialized: [count]), Tensor(uninitialized: [count]))
    withExtendedLifetime((source, index)) {
      Scalar._kernels.segmentedLogSumExp(
        source.count, source.pointer, index.pointer, count, shifts.buffer.pointer, values.buffer.pointer)
    }
    return values.recorded(
      "segmentedLogSumExp",
      (
        self,
        { g in
          let powers = exp(self - shifts.take(segments))
          let sums = powers.scatteredRows(segments, into: [count])
          return powers / sums.replacing(with: 1, where: sums.detached .== Tensor(0)).take(segments) * g.take(segments)
        }
      ))
  }
}

/// The two loops of `logSumExp` along an axis of a contiguous tensor, split between threads: forward and its pullback.
private struct LogSumExpLoop<Scalar: TensorScalar> {
  let source: Tensor<Scalar>
  let axis: Int
  let scale: Scalar
  /// For each row of a matrix, the column that is left out.
  let index: Labels?

  /// The logarithms; the axis has size one.
  func values() -> Tensor<Scalar> {
    var shape = source.shape
    shape[axis] = 1
    let result = Tensor<Scalar>(uninitialized: shape)
    let (x, z, size, inner) = (source.pointer, result.buffer.pointer, source.shape[axis], inner)
    if isAlongRows {
      forEachPart(source.layout.around(axis).outer, of: size) { rows in
        let start = rows.lowerBound
        Scalar._kernels.logSumExpRows(
          rows.count, size, scale, x + start * size, leftOut(from: start), z + start)
      }
    } else {
      forEachBlock { block, columns, start in
        Scalar._kernels.logSumExpColumns(
          size, columns.count, inner, scale, x + start, leftOut(from: 0), columns.lowerBound,
          z + block * inner + columns.lowerBound)
      }
    }
    return result
  }

  /// The gradient of the source, given the logarithms and their gradient, both contiguous.
  func slopes(_ g: Tensor<Scalar>, _ z: Tensor<Scalar>) -> Tensor<Scalar> {
    let result = Tensor<Scalar>(uninitialized: source.shape)
    let (x, y, size, inner) = (source.pointer, result.buffer.pointer, source.shape[axis], inner)
    let (g, z) = (g.pointer, z.pointer)
    if isAlongRows {
      forEachPart(source.layout.around(axis).outer, of: size) { rows in
        let start = rows.lowerBound
        Scalar._kernels.logSumExpRowsPull(
          rows.count, size, scale, x + start * size, leftOut(from: start), g + start, z + start, y + start * size)
      }
    } else {
      forEachBlock { block, columns, start in
        let end = block * inner + columns.lowerBound
        Scalar._kernels.logSumExpColumnsPull(
          size, columns.count, inner, scale, x + start, leftOut(from: 0), columns.lowerBound, g + end, z + end,
          y + start)
      }
    }
    return result
  }

  private var isAlongRows: Bool { axis == source.rank - 1 }
  private var inner: Int { source.layout.around(axis).inner }

  private func leftOut(from row: Int) -> UnsafePointer<Int>? { index.map { $0.pointer + row } }

  /// Calls `body` with blocks of columns: which [axis, inner] matrix they are in, their numbers, and where they start.
  private func forEachBlock(_ body: (Int, Range<Int>, Int) -> Void) {
    let (outer, size, inner) = source.layout.around(axis)
    forEachPart(outer * inner, of: size) { part in
      var next = part.lowerBound
      while next < part.upperBound {
        let (block, first) = next.quotientAndRemainder(dividingBy: inner)
        let last = Swift.min(inner, first + part.upperBound - next)
        body(block, first..<last, block * size * inner + first)
        next += last - first
      }
    }
  }

  /// Exponentials are dear: a quarter of the usual number of elements is worth a thread.
  private func forEachPart(_ count: Int, of size: Int, _ body: (Range<Int>) -> Void) {
    parallel(count, grain: elementGrain / 4 / Swift.max(size, 1) + 1, body)
  }
}
