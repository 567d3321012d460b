extension Tensor where Scalar: TensorScalar {
  /// The cosine of the angle of every row with every row of `other`: `[…, m, d]` and `[…, n, d]` to `[…, m, n]`.
  ///
  /// Rows are divided by `max(‖x‖, epsilon)`, so that a row of zeros has cosine 0 with everything; its gradient is that of
  /// a division by ε: huge, and other rows get none through it, all as in PyTorch. Two matrices are fused, forward and
  /// backward: products of the rows as they are, scaled by the inverse lengths, so that nothing of the rows' size is
  /// copied. Traps where the shapes do not fit.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func cosineSimilarities(
    to other: Tensor, epsilon: Scalar = 1e-12, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireRows("cosineSimilarities", other, file, line)
    guard rank == 2, other.rank == 2 else {
      return normalized(along: -1, epsilon: epsilon)
        .matmul(other.normalized(along: -1, epsilon: epsilon).transposed(), file: file, line: line)
    }
    let (left, right) = (ScaledRows(self, epsilon), ScaledRows(other, epsilon))
    let cosines = left.cosines(with: right)
    return cosines.recordedJointly("cosineSimilarities", [self, other]) { g in
      guard Recording.isOn else {
        let (scaled, ownDots, otherDots) = left.scaledGradient(g.contiguous(), cosines, right)
        return [
          isTracked ? left.gradient(scaled, ownDots, right.rows) : g,
          other.isTracked ? right.gradient(scaled.transposed(), otherDots, left.rows) : g,
        ]
      }
      return [
        normalizedGradient(g.matmul(other.normalized(along: 1, epsilon: epsilon)), epsilon),
        other.normalizedGradient(g.transposed().matmul(normalized(along: 1, epsilon: epsilon)), epsilon),
      ]
    }
  }

  /// The gradient of a matrix from that of its normalised rows, in differentiable operations.
  private func normalizedGradient(_ g: Tensor, _ epsilon: Scalar) -> Tensor {
    let squares = (self * self).sum(along: 1, keepsAxes: true)
    let isTiny = squares.detached .<= Tensor(epsilon * epsilon)
    let inverse = rsqrt(squares.replacing(with: 1, where: isTiny)).replacing(with: 1 / epsilon, where: isTiny)
    let unit = self * inverse
    let radial = (unit * g).sum(along: 1, keepsAxes: true).replacing(with: 0, where: isTiny)
    return (g - unit * radial) * inverse
  }
}

/// A pass over less than this is done before another thread has woken up.
private let cheapGrain = 1 << 17

/// A contiguous matrix with the inverse lengths of its rows: one side of `cosineSimilarities`.
private struct ScaledRows<Scalar: TensorScalar> {
  let rows: Tensor<Scalar>
  let inverses: Tensor<Scalar>
  let epsilon: Scalar

  private var count: Int { rows.shape[0] }
  private var width: Int { rows.shape[1] }

  init(_ matrix: Tensor<Scalar>, _ epsilon: Scalar) {
    let rows = matrix.contiguous()
    let inverses = Tensor<Scalar>(uninitialized: [rows.shape[0]])
    let (width, x, y) = (rows.shape[1], rows.pointer, inverses.buffer.pointer)
    parallel(rows.shape[0], grain: cheapGrain / Swift.max(width, 1) + 1) { part in
      Scalar._kernels.inverseNorms(
        part.count, width, epsilon, x + part.lowerBound * width, y + part.lowerBound)
    }
    (self.rows, self.inverses, self.epsilon) = (rows, inverses, epsilon)
  }

  /// The cosines `[count, other.count]`, block by block: multiplied, and scaled while they are in cache.
  func cosines(with other: ScaledRows) -> Tensor<Scalar> {
    let (m, n, depth) = (count, other.count, width)
    let result = Tensor<Scalar>(uninitialized: [m, n])
    let (a, b, c) = (rows.pointer, other.rows.pointer, result.buffer.pointer)
    let (scale, otherScale) = (inverses.pointer, other.inverses.pointer)
    forEachBlock(of: Swift.max(m, n), work: m * n * depth) { part in
      let (rows, columns) = m > n ? (part, 0..<n) : (0..<m, part)
      let target = c + rows.lowerBound * n + columns.lowerBound
      gemm(
        rows.count, columns.count, depth,
        MatrixOperand(pointer: a + rows.lowerBound * depth, leading: Swift.max(depth, 1)),
        MatrixOperand(pointer: b + columns.lowerBound * depth, isTransposed: true, leading: Swift.max(depth, 1)),
        beta: 0, target,
        leading: n)
      Scalar._kernels.scaleBoth(
        rows.count, columns.count, n, scale + rows.lowerBound, otherScale + columns.lowerBound, target)
    }
    return result
  }

  /// The cosines' gradient times both inverse lengths, and for each row of either side the sum of gradient times cosine.
  func scaledGradient(
    _ g: Tensor<Scalar>, _ cosines: Tensor<Scalar>, _ other: ScaledRows
  ) -> (scaled: Tensor<Scalar>, dots: Tensor<Scalar>, otherDots: Tensor<Scalar>) {
    let (m, n) = (count, other.count)
    let parts = Swift.max(1, Swift.min(Threads.count, m * n / cheapGrain, n))
    let scaled = Tensor<Scalar>(uninitialized: [m, n])
    let (dots, otherDots) = (Tensor(filled: Scalar(0), shape: [parts, m]), Tensor(filled: Scalar(0), shape: [n]))
    let (x, s, y) = (g.pointer, cosines.pointer, scaled.buffer.pointer)
    let (scale, otherScale) = (inverses.pointer, other.inverses.pointer)
    let (sums, otherSums) = (dots.buffer.pointer, otherDots.buffer.pointer)
    parallel(parts, grain: 1) { range in
      for part in range {
        let (start, end) = (part * n / parts, (part + 1) * n / parts)
        Scalar._kernels.cosinePull(
          m, end - start, n, x + start, s + start, scale, otherScale + start, y + start, sums + part * m,
          otherSums + start)
      }
    }
    return (scaled, dots.sum(along: [0]), otherDots)
  }

  /// The rows' gradient: `scaled · other`, less its part along each row; a row not longer than ε has a constant scale.
  func gradient(_ scaled: Tensor<Scalar>, _ dots: Tensor<Scalar>, _ other: Tensor<Scalar>) -> Tensor<Scalar> {
    let isTiny = inverses .>= Tensor(1 / epsilon)
    let radial = (-(dots * inverses * inverses)).replacing(with: 0, where: isTiny)
    let (n, depth) = (other.shape[0], width)
    let result = Tensor<Scalar>(uninitialized: rows.shape)
    let (x, y, h, p, factors) = (rows.pointer, result.buffer.pointer, scaled.pointer, other.pointer, radial.pointer)
    let isTransposed = !scaled.layout.isContiguous
    defer { withExtendedLifetime((scaled, other, radial)) {} }
    forEachBlock(of: count, work: count * n * depth) { part in
      let target = y + part.lowerBound * depth
      Scalar._kernels.scaleRows(
        part.count, depth, x + part.lowerBound * depth, factors + part.lowerBound, target)
      let leading = Swift.max(isTransposed ? count : n, 1)
      let block = MatrixOperand(
        pointer: h + part.lowerBound * (isTransposed ? 1 : leading), isTransposed: isTransposed, leading: leading)
      gemm(
        part.count, depth, n, block, MatrixOperand(pointer: p, leading: Swift.max(depth, 1)), beta: 1, target,
        leading: Swift.max(depth, 1))
    }
    return result
  }

  /// Splits rows between threads, and each thread's share into blocks that stay in cache.
  private func forEachBlock(of count: Int, work: Int, _ body: (Range<Int>) -> Void) {
    let threads = work >= 1 << 18 ? Threads.count : 1
    parallel(count, grain: (count + threads - 1) / threads) { part in
      for start in stride(from: part.lowerBound, to: part.upperBound, by: 1024) {
        body(start..<Swift.min(start + 1024, part.upperBound))
      }
    }
  }
}
