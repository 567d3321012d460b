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
        let pull = CosinePull(g: g.contiguous(), cosines: cosines, left: left, right: right)
        return pull.gradients(isLeftWanted: isTracked, isRightWanted: other.isTracked)
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

/// Rows of the longer side in a block: what is made of them stays in cache.
private let blockSize = 256

/// The parts into which `count` rows are split, for a product of so many multiplications.
private func threads(for count: Int, work: Int) -> Int {
  work >= 1 << 18 ? Swift.max(1, Swift.min(Threads.count, count)) : 1
}

/// A contiguous matrix with the inverse lengths of its rows: one side of `cosineSimilarities`.
private struct ScaledRows<Scalar: TensorScalar> {
  let rows: Tensor<Scalar>
  /// Set by `measure`.
  let inverses: Tensor<Scalar>
  let epsilon: Scalar

  var count: Int { rows.shape[0] }
  var width: Int { rows.shape[1] }
  /// Elements from one row to the next, as BLAS wants it.
  var leading: Int { Swift.max(width, 1) }

  init(_ matrix: Tensor<Scalar>, _ epsilon: Scalar) {
    (rows, self.epsilon) = (matrix.contiguous(), epsilon)
    inverses = Tensor(uninitialized: [rows.shape[0]])
  }

  private func measure(_ part: Range<Int>) {
    Scalar._kernels.inverseNorms(
      part.count, width, epsilon, rows.pointer + part.lowerBound * width, inverses.buffer.pointer + part.lowerBound)
  }

  /// The cosines `[count, other.count]`, block by block: multiplied, and scaled while they are in cache.
  func cosines(with other: ScaledRows) -> Tensor<Scalar> {
    let (m, n) = (count, other.count)
    let (long, short) = m > n ? (self, other) : (other, self)
    let result = Tensor<Scalar>(uninitialized: [m, n])
    short.measure(0..<short.count)
    let parts = threads(for: long.count, work: m * n * width)
    parallel(long.count, grain: (long.count + parts - 1) / parts) { part in
      for start in stride(from: part.lowerBound, to: part.upperBound, by: 2 * blockSize) {
        let block = start..<Swift.min(start + 2 * blockSize, part.upperBound)
        let (rows, columns) = m > n ? (block, 0..<n) : (0..<m, block)
        let target = result.buffer.pointer + rows.lowerBound * n + columns.lowerBound
        gemm(
          rows.count, columns.count, width, operand(rows), other.operand(columns, isTransposed: true), beta: 0, target,
          leading: n)
        long.measure(block)
        Scalar._kernels.scaleBoth(
          rows.count, columns.count, n, inverses.pointer + rows.lowerBound,
          other.inverses.pointer + columns.lowerBound, target)
      }
    }
    return result
  }

  func operand(_ part: Range<Int>, isTransposed: Bool = false) -> MatrixOperand<Scalar> {
    MatrixOperand(pointer: rows.pointer + part.lowerBound * width, isTransposed: isTransposed, leading: leading)
  }

  /// Takes from gradients of some rows the part along each row, which normalising loses; a row not longer than ε has a
  /// constant scale and loses nothing.
  func subtractRadial(_ part: Range<Int>, _ dots: UnsafePointer<Scalar>, _ gradients: UnsafeMutablePointer<Scalar>) {
    Scalar._kernels.subtractRadial(
      part.count, width, 1 / epsilon, rows.pointer + part.lowerBound * width, inverses.pointer + part.lowerBound,
      dots, gradients)
  }
}

/// The pullback of `cosineSimilarities` for two matrices.
///
/// Threads share out the rows of the longer side. A block of the cosines' gradient is scaled by both inverse lengths and,
/// while it is in cache, multiplied by either side: the longer side's gradient of the block is then complete, and the
/// shorter side's is a partial sum a thread.
private struct CosinePull<Scalar: TensorScalar> {
  let g: Tensor<Scalar>
  let cosines: Tensor<Scalar>
  let left: ScaledRows<Scalar>
  let right: ScaledRows<Scalar>

  private var isLeftLong: Bool { left.count > right.count }

  /// Both sides' gradients; something else for one that is not wanted.
  func gradients(isLeftWanted: Bool, isRightWanted: Bool) -> [Tensor<Scalar>] {
    let (long, short) = isLeftLong ? (left, right) : (right, left)
    let (isLongWanted, isShortWanted) = isLeftLong ? (isLeftWanted, isRightWanted) : (isRightWanted, isLeftWanted)
    guard cosines.count > 0 else { return [.zeros(left.rows.shape), .zeros(right.rows.shape)] }
    let width = long.width
    let parts = threads(for: long.count, work: cosines.count * width)
    let longGradient = isLongWanted ? Tensor<Scalar>(uninitialized: long.rows.shape) : g
    let partial = isShortWanted ? Tensor<Scalar>(uninitialized: [parts] + short.rows.shape) : g
    let dots = Tensor<Scalar>(filled: 0, shape: [parts, short.count])
    let packed =
      isLongWanted
      ? PackedMatrix(short.rows.pointer, depth: short.count, columns: width, isTransposed: false) : nil
    parallel(parts, grain: 1) { range in
      // Rows of the block a little apart, so that a column of it is spread over the cache.
      let leading = isLeftLong ? short.count : blockSize + 64 / MemoryLayout<Scalar>.stride
      let scaled = Buffer<Scalar>(count: leading * (isLeftLong ? blockSize : short.count))
      let sums = Buffer<Scalar>(count: blockSize)
      defer { withExtendedLifetime((scaled, sums)) {} }
      for part in range {
        let share = part * long.count / parts..<(part + 1) * long.count / parts
        for start in stride(from: share.lowerBound, to: share.upperBound, by: blockSize) {
          let block = start..<Swift.min(start + blockSize, share.upperBound)
          scale(block, scaled.pointer, leading, sums.pointer, dots.buffer.pointer + part * short.count)
          if let packed {
            let target = longGradient.buffer.pointer + start * width
            packed.product(
              block.count, MatrixOperand(pointer: scaled.pointer, isTransposed: !isLeftLong, leading: leading), target,
              leading: long.leading)
            long.subtractRadial(block, sums.pointer, target)
          }
          guard isShortWanted else { continue }
          gemm(
            short.count, width, block.count,
            MatrixOperand(pointer: scaled.pointer, isTransposed: isLeftLong, leading: leading), long.operand(block),
            beta: start == share.lowerBound ? 0 : 1, partial.buffer.pointer + part * short.count * width,
            leading: short.leading)
        }
      }
    }
    let shortGradient = isShortWanted ? total(partial, dots, short) : g
    return isLeftLong ? [longGradient, shortGradient] : [shortGradient, longGradient]
  }

  /// A block of the gradient times both inverse lengths, and the sums of gradient times cosine: those of the longer side's rows
  /// of the block, and those that are added for the shorter side.
  private func scale(
    _ block: Range<Int>, _ scaled: UnsafeMutablePointer<Scalar>, _ leading: Int, _ sums: UnsafeMutablePointer<Scalar>,
    _ shortSums: UnsafeMutablePointer<Scalar>
  ) {
    let n = right.count
    let (rows, columns) = isLeftLong ? (block, 0..<n) : (0..<left.count, block)
    let start = rows.lowerBound * n + columns.lowerBound
    sums.update(repeating: 0, count: block.count)
    Scalar._kernels.cosinePull(
      rows.count, columns.count, n, g.pointer + start, cosines.pointer + start,
      left.inverses.pointer + rows.lowerBound, right.inverses.pointer + columns.lowerBound, leading, scaled,
      isLeftLong ? sums : shortSums, isLeftLong ? shortSums : sums)
  }

  /// The shorter side's gradient from the threads' sums.
  private func total(_ partial: Tensor<Scalar>, _ dots: Tensor<Scalar>, _ short: ScaledRows<Scalar>) -> Tensor<Scalar> {
    let dots = dots.sum(along: 0)
    let gradient =
      partial.shape[0] == 1 ? partial.reshaped(short.rows.shape) : partial.sum(along: 0)
    parallel(short.count, grain: elementGrain / short.leading + 1) { part in
      short.subtractRadial(
        part, dots.pointer + part.lowerBound, gradient.buffer.pointer + part.lowerBound * short.width)
    }
    return gradient
  }
}
