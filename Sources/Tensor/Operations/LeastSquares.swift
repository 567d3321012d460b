extension Tensor where Scalar: TensorScalar {
  /// The matrices `x` for which `a · x` is nearest to `b`, and of these the smallest, where this matrix is `a`.
  ///
  /// `[…, m, n]` and `[…, m, columns]` give `[…, n, columns]`, a vector `[m]` gives `[…, n]`; the axes in front are the same. By QR: the
  /// matrix must have full rank, otherwise the result is infinite or NaN, and `pseudoInverse` is for it. PyTorch's `linalg.lstsq`.
  /// Traps where the shapes do not fit.
  public func leastSquares(_ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if b.rank == 1 && rank >= 2 { return leastSquares(b.unsqueezed(1), file: file, line: line).squeezed(-1) }
    require(
      rank >= 2 && b.rank >= 2 && b.shape[b.rank - 2] == shape[rank - 2]
        && (b.rank == 2 || b.shape.dropLast(2) == shape.dropLast(2)),
      "leastSquares: matrix \(shape) does not fit the right-hand side \(b.shape)", file: file, line: line)
    if shape[rank - 2] < shape[rank - 1] {
      let (q, r) = transposed().qr()
      return q.matmul(r.transposed().triangularSolve(b))
    }
    let (q, r) = qr()
    return r.triangularSolve(q.transposed().matmul(b), isUpper: true)
  }

  /// The pseudo-inverse (Moore and Penrose) of each matrix, `[…, m, n]` to `[…, n, m]`.
  ///
  /// Singular values up to `relativeTolerance` times the greatest count as 0; unless given, that is the scalar's precision times the
  /// longer side. The gradient (Golub and Pereyra, 1973) takes the rank for fixed. PyTorch's `linalg.pinv`. Throws `LinearAlgebraError`
  /// as `svd()` does; traps for fewer than two axes.
  public func pseudoInverse(
    relativeTolerance: Scalar? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    require(rank >= 2, "pseudoInverse: shape \(shape) has fewer than two axes", file: file, line: line)
    let (u, s, v) = try detached.svd(file: file, line: line)
    let inverses = (1 / s).replacing(with: 0, where: .!counting(s, relativeTolerance))
    return (v * inverses.unsqueezed(-2)).matmul(u.transposed()).recorded(
      "pseudoInverse", self,
      usingOutput: { g, p in
        let (pt, gt) = (p.transposed(), g.transposed())
        let outside = gt.matmul(p).matmul(pt)
        let inside = pt.matmul(p).matmul(gt)
        return outside - self.matmul(p.matmul(outside)) + inside - inside.matmul(p).matmul(self)
          - pt.matmul(g).matmul(pt)
      })
  }

  /// The number of singular values of each matrix that are not 0, `[…, m, n]` to `[…]`.
  ///
  /// Those up to `relativeTolerance` times the greatest count as 0, as for `pseudoInverse`. PyTorch's `linalg.matrix_rank`. Throws
  /// `LinearAlgebraError` as `svd()` does; traps for fewer than two axes.
  public func matrixRank(
    relativeTolerance: Scalar? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor<Int> {
    require(rank >= 2, "matrixRank: shape \(shape) has fewer than two axes", file: file, line: line)
    return counting(try detached.svd(file: file, line: line).s, relativeTolerance).sum(along: -1)
  }

  /// Whether this matrix's singular values, in descending order, count as more than 0.
  private func counting(_ s: Tensor, _ relativeTolerance: Scalar?) -> Tensor<Bool> {
    let tolerance = relativeTolerance ?? Scalar(Swift.max(shape[rank - 1], shape[rank - 2])) * Scalar.ulpOfOne
    guard s.shape[s.rank - 1] > 0 else { return s .> Tensor(0) }
    return s .> s.sliced(along: -1, 0..<1) * tolerance
  }

  /// The exponential `I + a + a² / 2! + …` of each square matrix, `[…, n, n]`.
  ///
  /// By a quotient of polynomials of degree 13 for a part of the matrix, squared (Higham, 2005). PyTorch's `linalg.matrix_exp`. Throws
  /// `LinearAlgebraError` for elements that are not finite; traps for a matrix that is not square.
  public func matrixExponential(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    let n = requireSquare("matrixExponential", file, line)
    guard isFinite.allTrue else { throw .notFinite(operation: "matrixExponential") }
    if count == 0 { return self }
    var (norm, squarings) = (abs(detached).sum(along: -2).max(), 0)
    while (norm .> Tensor(5.37)).anyTrue {
      norm = norm * 0.5
      squarings += 1
    }
    let b: [Scalar] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800, 129_060_195_264_000,
      10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800, 960_960, 16_380, 182, 1,
    ]
    let one = Tensor.eye(n)
    let a = squarings == 0 ? self : self * Scalar(sign: .plus, exponent: Scalar.Exponent(-squarings), significand: 1)
    let a2 = a.matmul(a)
    let a4 = a2.matmul(a2)
    let a6 = a4.matmul(a2)
    let oddHigh = a6.matmul(a6 * b[13] + a4 * b[11] + a2 * b[9])
    let odd = a.matmul(oddHigh + a6 * b[7] + a4 * b[5] + a2 * b[3] + one * b[1])
    let evenHigh = a6.matmul(a6 * b[12] + a4 * b[10] + a2 * b[8])
    let even = evenHigh + a6 * b[6] + a4 * b[4] + a2 * b[2] + one * b[0]
    var result = try (even - odd).solve(even + odd)
    for _ in 0..<squarings { result = result.matmul(result) }
    return result
  }
}
