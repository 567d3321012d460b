extension Tensor where Scalar: TensorScalar {
  /// The matrix product, over the last two axes; the axes before them are broadcast.
  ///
  /// `[…, m, k] · […, k, n]` gives `[…, m, n]`. A vector on the left is a row, on the right a column, and the result
  /// lacks that axis. Traps where the shapes do not multiply.
  public func matmul(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let depth = other.rank == 1 ? other.count : other.rank == 0 ? nil : other.shape[other.rank - 2]
    guard rank >= 1, shape[rank - 1] == depth,
      let batch = broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    else {
      trap("matmul: \(shape) and \(other.shape) do not multiply\(hint(other))", file: file, line: line)
    }
    if rank == 1 { return reshaped([1, count]).matmul(other).squeezed(other.rank == 1 ? 0 : -2) }
    if other.rank == 1 { return matmul(other.reshaped([other.count, 1])).squeezed(-1) }
    if other.rank == 2 && rank > 2 {
      let flat = reshaped([shape.dropLast().reduce(1, *), shape[rank - 1]]).matmul(other)
      return flat.reshaped(shape.dropLast() + [other.shape[1]])
    }
    return product(other, batch)
      .recorded(
        "matmul", self, other, usingOther: { g, b in g.matmul(b.transposed()) }, { g, a in a.transposed().matmul(g) })
  }

  /// The sum of the products of two vectors' elements, shape `[]`; 0 for empty ones.
  ///
  /// Traps unless both are vectors of one length.
  public func dot(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 1 && other.shape == shape, "dot: \(shape) and \(other.shape) are not two vectors of one length",
      file: file,
      line: line)
    return matmul(other)
  }

  /// The products of every element of a vector with every element of another, shape `[count, other.count]`.
  ///
  /// Traps unless both are vectors.
  public func outer(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 1 && other.rank == 1, "outer: \(shape) and \(other.shape) are not two vectors", file: file, line: line)
    return unsqueezed(1) * other
  }

  private func hint(_ other: Tensor) -> String {
    guard rank >= 1, other.rank >= 1 else { return ": a single number is no matrix" }
    let (k, k2) = (shape[rank - 1], other.shape[Swift.max(other.rank - 2, 0)])
    if k == k2 { return " (the batch axes do not broadcast)" }
    let fits = other.rank >= 2 && k == other.shape[other.rank - 1]
    return " (\(k) ≠ \(k2))" + (fits ? "; did you mean .transposed()?" : "")
  }

  /// The product itself; not recorded.
  private func product(_ other: Tensor, _ batch: [Int]) -> Tensor {
    let (m, k, n) = (shape[rank - 2], shape[rank - 1], other.shape[other.rank - 1])
    let result = Tensor(uninitialized: batch + [m, n])
    let c = result.buffer.pointer
    let (left, right) = (matrixForm(), other.matrixForm())
    defer { withExtendedLifetime((left, right)) {} }
    let (aLayout, bLayout) = (
      left.tensor.layout.expanded(to: batch + [m, k]), right.tensor.layout.expanded(to: batch + [k, n])
    )
    let matrices = Layout.count(of: batch)
    let offsets = StridedOffsets(batch, aLayout.strides, bLayout.strides)
    let (a, b) = (left.tensor.pointer, right.tensor.pointer)
    let work = m * n * Swift.max(k, 1)
    if matrices > 1 {
      parallel(matrices, grain: (1 << 16) / Swift.max(work, 1) + 1) { part in
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
      parallel(m, grain: (m + threads - 1) / threads) { part in
        gemm(
          part.count, n, k, left.operand(left.isTransposed ? a + part.lowerBound : a + part.lowerBound * left.leading),
          right.operand(b), beta: 0, c + part.lowerBound * n, leading: n)
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

  /// The tensor as BLAS can read it: the last two axes row-major or transposed, copied only where they are neither.
  private func matrixForm() -> MatrixForm<Scalar> {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let (rowStride, columnStride) = (layout.strides[rank - 2], layout.strides[rank - 1])
    if columnStride == 1 || columns == 1, rowStride >= Swift.max(columns, 1) || rows == 1 {
      return MatrixForm(tensor: self, isTransposed: false, leading: Swift.max(rows == 1 ? columns : rowStride, 1))
    }
    if rowStride == 1 || rows == 1, columnStride >= Swift.max(rows, 1) || columns == 1 {
      return MatrixForm(tensor: self, isTransposed: true, leading: Swift.max(columns == 1 ? rows : columnStride, 1))
    }
    return MatrixForm(tensor: contiguous(), isTransposed: false, leading: Swift.max(columns, 1))
  }
}

private struct MatrixForm<Scalar: TensorScalar> {
  let tensor: Tensor<Scalar>
  let isTransposed: Bool
  let leading: Int

  func operand(_ pointer: UnsafePointer<Scalar>) -> MatrixOperand<Scalar> {
    MatrixOperand(pointer: pointer, isTransposed: isTransposed, leading: leading)
  }
}

/// Where each matrix of a batch begins in two operands.
private struct StridedOffsets {
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
