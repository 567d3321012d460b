extension Engine {
  /// The matrix products over the last two axes, `[…, m, k] · […, k, n]`; the axes before them broadcast to `batch`.
  static func matmul<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, batch: [Int]
  ) -> NDArray<Scalar> {
    if narrows(a, b) { return named(narrowMatmul(singles(a), singles(b), batch: batch)) }
    let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
    let result = NDArray<Scalar>(uninitialized: batch + [m, n])
    let c = result.target
    let (left, right) = (MatrixForm(a.widened()), MatrixForm(b.widened()))
    defer { withExtendedLifetime((left, right)) {} }
    let (aLayout, bLayout) = (
      left.array.layout.expanded(to: batch + [m, k]), right.array.layout.expanded(to: batch + [k, n])
    )
    let matrices = Layout.count(of: batch)
    let offsets = StridedOffsets(batch, aLayout.strides, bLayout.strides)
    let (a, b) = (left.array.pointer, right.array.pointer)
    let work = m * n * max(k, 1)
    if matrices > 1 {
      parallel(matrices, grain: (1 << 16) / max(work, 1) + 1) { part in
        for i in part {
          let (x, y) = offsets[i]
          gemm(m, n, k, left.operand(a + x), right.operand(b + y), beta: 0, c + i * m * n, leading: n)
        }
      }
      return result
    }
    guard matrices == 1 else { return result }
    let threads = work >= 1 << 18 ? Threads.count : 1
    if m >= n {
      let packed =
        PackedMatrix<Scalar>.pays(rows: m, depth: k, columns: n)
        ? PackedMatrix(right.operand(b), depth: k, columns: n) : nil
      parallel(m, grain: (m + threads - 1) / threads) { part in
        let rows = left.operand(left.isTransposed ? a + part.lowerBound : a + part.lowerBound * left.leading)
        let target = c + part.lowerBound * n
        if let packed {
          packed.product(part.count, rows, target, leading: n)
        } else {
          gemm(part.count, n, k, rows, right.operand(b), beta: 0, target, leading: n)
        }
      }
    } else {
      parallel(n, grain: (n + threads - 1) / threads) { part in
        gemm(
          m, part.count, k, left.operand(a),
          right.operand(right.isTransposed ? b + part.lowerBound * right.leading : b + part.lowerBound), beta: 0,
          c + part.lowerBound, leading: n)
      }
    }
    return result
  }
}

/// An array as BLAS can read it: the last two axes row-major or transposed, copied only where they are neither.
private struct MatrixForm<Scalar: TensorScalar> {
  let array: NDArray<Scalar>
  let isTransposed: Bool
  let leading: Int

  init(_ array: NDArray<Scalar>) {
    let rank = array.rank
    let (rows, columns) = (array.shape[rank - 2], array.shape[rank - 1])
    let (rowStride, columnStride) = (array.layout.strides[rank - 2], array.layout.strides[rank - 1])
    if columnStride == 1 || columns == 1, rowStride >= max(columns, 1) || rows == 1 {
      (self.array, isTransposed, leading) = (array, false, max(rows == 1 ? columns : rowStride, 1))
    } else if rowStride == 1 || rows == 1, columnStride >= max(rows, 1) || columns == 1 {
      (self.array, isTransposed, leading) = (array, true, max(columns == 1 ? rows : columnStride, 1))
    } else {
      (self.array, isTransposed, leading) = (array.contiguous(), false, max(columns, 1))
    }
  }

  func operand(_ pointer: UnsafePointer<Scalar>) -> MatrixOperand<Scalar> {
    MatrixOperand(pointer: pointer, isTransposed: isTransposed, leading: leading)
  }
}

/// Where each matrix of a batch begins in two operands.
struct StridedOffsets {
  let shape: [Int]
  let a: [Int]
  let b: [Int]

  init(_ shape: [Int], _ a: [Int], _ b: [Int]) {
    (self.shape, self.a, self.b) = (shape, a, b)
  }

  subscript(_ index: Int) -> (Int, Int) {
    var (rest, x, y) = (index, 0, 0)
    for axis in shape.indices.reversed() {
      let position = rest % shape[axis]
      rest /= shape[axis]
      x += position * a[axis]
      y += position * b[axis]
    }
    return (x, y)
  }
}
