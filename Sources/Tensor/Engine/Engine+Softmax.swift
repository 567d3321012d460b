import CKernels

extension Engine {
  /// `exp(x) / Σ exp(x)` along an axis, or its logarithm, computed from `x − max(x)`.
  static func softmax<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, along axis: Int, isLogarithm: Bool
  ) -> NDArray<Scalar> {
    let source = x.contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = NDArray<Scalar>(uninitialized: x.shape)
    guard x.count > 0 else { return result }
    let (outer, size, inner) = source.layout.around(axis)
    let (x, y) = (source.pointer, result.target)
    if inner == 1 {
      parallel(outer, grain: exponentialGrain / 2 / size + 1) { part in
        let start = part.lowerBound * size
        ck_softmax_rows(Scalar.element, part.count, size, isLogarithm ? 1 : 0, x + start, y + start)
      }
      return result
    }
    let width = Int(CK_SOFTMAX_WIDTH)
    let strips = (inner + width - 1) / width
    parallel(outer * strips, grain: exponentialGrain / 2 / (size * width) + 1) { part in
      for strip in part {
        let column = strip % strips * width
        let start = strip / strips * size * inner + column
        let columns = min(width, inner - column)
        ck_softmax_columns(Scalar.element, size, columns, inner, isLogarithm ? 1 : 0, x + start, y + start)
      }
    }
    return result
  }

  /// `log Σ exp(scale · x)` along an axis, which stays with size one; `index`, where there is one, names for each row of a
  /// matrix the column that is left out.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func logSumExp<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, along axis: Int, scale: Scalar, excluding index: NDArray<Int>?
  ) -> NDArray<Scalar> {
    let loop = LogSumExpLoop(source: x.contiguous(), axis: axis, index: index?.contiguous())
    let result = NDArray<Scalar>(uninitialized: x.layout.keeping([axis]))
    let (x, z, size, inner, scale) = (loop.source.pointer, result.target, loop.size, loop.inner, Double(scale))
    defer { withExtendedLifetime(loop) {} }
    if loop.isAlongRows {
      loop.forEachRows { rows in
        let start = rows.lowerBound
        ck_log_sum_exp_rows(
          Scalar.element, rows.count, size, scale, x + start * size, loop.leftOut(from: start), z + start)
      }
    } else {
      loop.forEachBlock { block, columns, start in
        ck_log_sum_exp_columns(
          Scalar.element, size, columns.count, inner, scale, x + start, loop.leftOut(from: 0), columns.lowerBound,
          z + block * inner + columns.lowerBound)
      }
    }
    return result
  }

  /// The gradient of `logSumExp` for `x`, given its values and their gradient.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func logSumExpPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, _ values: NDArray<Scalar>, _ x: NDArray<Scalar>, along axis: Int, scale: Scalar,
    excluding index: NDArray<Int>?
  ) -> NDArray<Scalar> {
    let loop = LogSumExpLoop(source: x.contiguous(), axis: axis, index: index?.contiguous())
    let (gradient, values) = (g.contiguous(), values.contiguous())
    let result = NDArray<Scalar>(uninitialized: x.shape)
    let (x, y, size, inner, scale) = (loop.source.pointer, result.target, loop.size, loop.inner, Double(scale))
    let (g, z) = (gradient.pointer, values.pointer)
    defer { withExtendedLifetime((loop, gradient, values)) {} }
    if loop.isAlongRows {
      loop.forEachRows { rows in
        let start = rows.lowerBound
        ck_log_sum_exp_rows_pull(
          Scalar.element, rows.count, size, scale, x + start * size, loop.leftOut(from: start), g + start, z + start,
          y + start * size)
      }
    } else {
      loop.forEachBlock { block, columns, start in
        let end = block * inner + columns.lowerBound
        ck_log_sum_exp_columns_pull(
          Scalar.element, size, columns.count, inner, scale, x + start, loop.leftOut(from: 0), columns.lowerBound,
          g + end, z + end, y + start)
      }
    }
    return result
  }

  /// `log Σ exp(x)` over the elements of each of `count` segments, and what was subtracted from each segment's elements first.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func segmentedLogSumExp<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, segments: NDArray<Int>, count: Int
  ) -> (values: NDArray<Scalar>, shifts: NDArray<Scalar>) {
    let (source, index) = (x.contiguous(), segments.contiguous())
    let (shifts, values) = (NDArray<Scalar>(uninitialized: [count]), NDArray<Scalar>(uninitialized: [count]))
    ck_segmented_log_sum_exp(
      Scalar.element, source.count, source.pointer, index.pointer, count, shifts.target, values.target)
    withExtendedLifetime((source, index)) {}
    return (values, shifts)
  }
}

/// Exponentials are dear: a quarter of the usual number of elements is worth a thread.
private let exponentialGrain = elementGrain / 4

/// The loops along an axis of a contiguous array, split between threads.
private struct LogSumExpLoop<Scalar: TensorScalar> {
  let source: NDArray<Scalar>
  let axis: Int
  /// For each row of a matrix, the column that is left out.
  let index: NDArray<Int>?

  var isAlongRows: Bool { axis == source.rank - 1 }
  var size: Int { source.shape[axis] }
  var inner: Int { source.layout.around(axis).inner }

  func leftOut(from row: Int) -> UnsafePointer<Int>? { index.map { $0.pointer + row } }

  func forEachRows(_ body: (Range<Int>) -> Void) { forEachPart(source.layout.around(axis).outer, body) }

  /// Calls `body` with blocks of columns: which [axis, inner] matrix they are in, their numbers, and where they start.
  func forEachBlock(_ body: (Int, Range<Int>, Int) -> Void) {
    let (outer, size, inner) = source.layout.around(axis)
    forEachPart(outer * inner) { part in
      var next = part.lowerBound
      while next < part.upperBound {
        let (block, first) = next.quotientAndRemainder(dividingBy: inner)
        let last = min(inner, first + part.upperBound - next)
        body(block, first..<last, block * size * inner + first)
        next += last - first
      }
    }
  }

  private func forEachPart(_ count: Int, _ body: (Range<Int>) -> Void) {
    parallel(count, grain: exponentialGrain / max(size, 1) + 1, body)
  }
}
