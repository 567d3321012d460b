import CKernels

extension Engine {
  /// The cosines `[m, n]` of every row of `[m, d]` with every row of `[n, d]`, and the inverse lengths of both sides' rows.
  ///
  /// A length counts as at least ε. Products of the rows as they are, block by block, scaled while they are in cache. The rows come
  /// back as they were multiplied, rounded or in full, for the pullback.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func cosineSimilarities<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, epsilon: Scalar
  ) -> (
    cosines: NDArray<Scalar>, inverses: (NDArray<Scalar>, NDArray<Scalar>), rows: (NDArray<Scalar>, NDArray<Scalar>)
  ) {
    if narrows(a, b) { return narrowCosines(a.narrowed().rowMajor(), b.narrowed().rowMajor(), epsilon) }
    let (left, right) = (
      ScaledRows(a, NDArray(uninitialized: [a.shape[0]]), epsilon),
      ScaledRows(b, NDArray(uninitialized: [b.shape[0]]), epsilon)
    )
    return (left.cosines(with: right), (left.inverses, right.inverses), (left.rows, right.rows))
  }

  /// The gradients of `cosineSimilarities` for both sides, nil where they are not wanted.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func cosineSimilaritiesPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, cosines: NDArray<Scalar>, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>,
    inverses: (NDArray<Scalar>, NDArray<Scalar>), epsilon: Scalar, wants: (Bool, Bool)
  ) -> (NDArray<Scalar>?, NDArray<Scalar>?) {
    if narrows(a, b) { return narrowCosinesPullback(g, cosines: cosines, a, b, inverses, epsilon, wants) }
    let pull = CosinePull(
      g: g.contiguous(), cosines: cosines.contiguous(), left: ScaledRows(a, inverses.0, epsilon),
      right: ScaledRows(b, inverses.1, epsilon))
    return pull.gradients(isLeftWanted: wants.0, isRightWanted: wants.1)
  }
}

/// Rows of the longer side in a block: what is made of them stays in cache.
private let blockSize = 256

/// The parts into which `count` rows are split, for a product of so many multiplications.
private func threads(for count: Int, work: Int) -> Int {
  work >= 1 << 18 ? max(1, min(Threads.count, count)) : 1
}

/// A contiguous matrix with the inverse lengths of its rows: one side of `cosineSimilarities`.
private struct ScaledRows<Scalar: TensorScalar> {
  let rows: NDArray<Scalar>
  /// Set by `measure`.
  let inverses: NDArray<Scalar>
  let epsilon: Scalar

  var count: Int { rows.shape[0] }
  var width: Int { rows.shape[1] }
  /// Elements from one row to the next, as BLAS wants it.
  var leading: Int { max(width, 1) }

  init(_ matrix: NDArray<Scalar>, _ inverses: NDArray<Scalar>, _ epsilon: Scalar) {
    (rows, self.inverses, self.epsilon) = (matrix.contiguous(), inverses, epsilon)
  }

  private func measure(_ part: Range<Int>) {
    ck_inverse_norms(
      Scalar.element, part.count, width, Double(epsilon), rows.pointer + part.lowerBound * width,
      inverses.target + part.lowerBound)
  }

  /// The cosines `[count, other.count]`, block by block: multiplied, and scaled while they are in cache.
  func cosines(with other: ScaledRows) -> NDArray<Scalar> {
    let (m, n) = (count, other.count)
    let (long, short) = m > n ? (self, other) : (other, self)
    let result = NDArray<Scalar>(uninitialized: [m, n])
    short.measure(0..<short.count)
    let parts = threads(for: long.count, work: m * n * width)
    parallel(long.count, grain: (long.count + parts - 1) / parts) { part in
      for start in stride(from: part.lowerBound, to: part.upperBound, by: 2 * blockSize) {
        let block = start..<min(start + 2 * blockSize, part.upperBound)
        let (rows, columns) = m > n ? (block, 0..<n) : (0..<m, block)
        let target = result.target + rows.lowerBound * n + columns.lowerBound
        gemm(
          rows.count, columns.count, width, operand(rows), other.operand(columns, isTransposed: true), beta: 0, target,
          leading: n)
        long.measure(block)
        ck_scale_both(
          Scalar.element, rows.count, columns.count, n, inverses.pointer + rows.lowerBound,
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
    ck_subtract_radial(
      Scalar.element, part.count, width, Double(1 / epsilon), rows.pointer + part.lowerBound * width,
      inverses.pointer + part.lowerBound,
      dots, gradients)
  }
}

/// The pullback of `cosineSimilarities` for two matrices.
///
/// Threads share out the rows of the longer side. A block of the cosines' gradient is scaled by both inverse lengths and,
/// while it is in cache, multiplied by either side: the longer side's gradient of the block is then complete, and the
/// shorter side's is a partial sum a thread.
private struct CosinePull<Scalar: TensorScalar> {
  let g: NDArray<Scalar>
  let cosines: NDArray<Scalar>
  let left: ScaledRows<Scalar>
  let right: ScaledRows<Scalar>

  private var isLeftLong: Bool { left.count > right.count }

  /// Both sides' gradients; nil for one that is not wanted.
  func gradients(isLeftWanted: Bool, isRightWanted: Bool) -> (NDArray<Scalar>?, NDArray<Scalar>?) {
    let (long, short) = isLeftLong ? (left, right) : (right, left)
    let (isLongWanted, isShortWanted) = isLeftLong ? (isLeftWanted, isRightWanted) : (isRightWanted, isLeftWanted)
    if cosines.count == 0 {
      return (
        isLeftWanted ? Engine.zeros(left.rows.shape) : nil, isRightWanted ? Engine.zeros(right.rows.shape) : nil
      )
    }
    let width = long.width
    let parts = threads(for: long.count, work: cosines.count * width)
    let longGradient = isLongWanted ? NDArray<Scalar>(uninitialized: long.rows.shape) : g
    let partial = isShortWanted ? NDArray<Scalar>(uninitialized: [parts] + short.rows.shape) : g
    let dots = Engine.zeros([parts, short.count]) as NDArray<Scalar>
    let packed =
      isLongWanted
      ? PackedMatrix(short.rows.pointer, depth: short.count, columns: width, isTransposed: false) : nil
    forEachShare(of: long.count, parts: parts) { part, share in
      // Rows of the block a little apart, so that a column of it is spread over the cache.
      let leading = isLeftLong ? short.count : blockSize + 64 / MemoryLayout<Scalar>.stride
      let scaled = Buffer<Scalar>(count: leading * (isLeftLong ? blockSize : short.count))
      let sums = Buffer<Scalar>(count: blockSize)
      defer { withExtendedLifetime((scaled, sums)) {} }
      for start in stride(from: share.lowerBound, to: share.upperBound, by: blockSize) {
        let block = start..<min(start + blockSize, share.upperBound)
        scale(block, scaled.pointer, leading, sums.pointer, dots.target + part * short.count)
        if let packed {
          let target = longGradient.target + start * width
          packed.product(
            block.count, MatrixOperand(pointer: scaled.pointer, isTransposed: !isLeftLong, leading: leading), target,
            leading: long.leading)
          long.subtractRadial(block, sums.pointer, target)
        }
        guard isShortWanted else { continue }
        gemm(
          short.count, width, block.count,
          MatrixOperand(pointer: scaled.pointer, isTransposed: isLeftLong, leading: leading), long.operand(block),
          beta: start == share.lowerBound ? 0 : 1, partial.target + part * short.count * width,
          leading: short.leading)
      }
    }
    let (longest, shortest) = (isLongWanted ? longGradient : nil, isShortWanted ? total(partial, dots, short) : nil)
    return isLeftLong ? (longest, shortest) : (shortest, longest)
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
    ck_cosine_pull(
      Scalar.element, rows.count, columns.count, n, g.pointer + start, cosines.pointer + start,
      left.inverses.pointer + rows.lowerBound, right.inverses.pointer + columns.lowerBound, leading, scaled,
      isLeftLong ? sums : shortSums, isLeftLong ? shortSums : sums)
  }

  /// The shorter side's gradient from the threads' sums.
  private func total(_ partial: NDArray<Scalar>, _ dots: NDArray<Scalar>, _ short: ScaledRows<Scalar>) -> NDArray<
    Scalar
  > {
    let dots = Engine.reduce(.sum, dots, over: [0])!
    let sums = partial.shape[0] == 1 ? partial : Engine.reduce(.sum, partial, over: [0])!
    let gradient = sums.seen(as: Layout(contiguous: short.rows.shape))
    parallel(short.count, grain: elementGrain / short.leading + 1) { part in
      short.subtractRadial(
        part, dots.pointer + part.lowerBound, gradient.target + part.lowerBound * short.width)
    }
    return gradient
  }
}
