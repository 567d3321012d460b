/// What a decomposition cannot do with the numbers in a matrix.
///
/// `matrix` counts the matrices of a batch from 0.
public enum LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// `cholesky`: the leading block of this order is not positive definite.
  case notPositiveDefinite(matrix: Int, order: Int)
  /// `solve` or `inverse`: no solution, because the matrix is singular.
  case singular(matrix: Int)
  /// The operation needs finite elements and got infinite ones or NaN.
  case notFinite(operation: String)
  /// The iteration did not converge.
  case notConverged(operation: String, matrix: Int)

  /// One line that names the operation, the matrix and what to do.
  public var description: String {
    switch self {
    case .notPositiveDefinite(let matrix, let order):
      "cholesky: matrix \(matrix) is not positive definite (its leading block of order \(order) is not); "
        + "add a small multiple of the identity"
    case .singular(let matrix):
      "solve: matrix \(matrix) is singular; add a small multiple of the identity, or use qr() or svd()"
    case .notFinite(let operation): "\(operation): the matrix holds NaN or infinite elements"
    case .notConverged(let operation, let matrix):
      "\(operation): matrix \(matrix) did not converge; scale it or use Double"
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// The lower triangular `L` with positive diagonal for which `L · Lᵀ` is this symmetric positive definite matrix.
  ///
  /// `[…, n, n]`; only the lower triangle is read, and the gradient is symmetric, as in PyTorch. Throws
  /// `LinearAlgebraError` where a matrix is not positive definite; traps for one that is not square.
  public func cholesky(file: StaticString = #fileID, line: UInt = #line) throws(LinearAlgebraError) -> Tensor {
    _ = requireSquare("cholesky", file, line)
    let (factor, failure) = Engine.cholesky(array)
    if let failure { throw .notPositiveDefinite(matrix: failure.matrix, order: failure.order) }
    return Tensor(factor).lowerTriangle().recorded(
      "cholesky", self,
      usingOutput: { g, l in
        let product = l.transposed().matmul(g)
        let half = (product.lowerTriangle() + product.lowerTriangle(diagonal: -1)) * 0.5
        let upper = l.transposed()
        let left = upper.triangularSolve(half, isUpper: true)
        let both = upper.triangularSolve(left.transposed(), isUpper: true)
        return (both + both.transposed()) * 0.5
      })
  }

  /// The solution `x` of `a · x = b`, where this matrix `a` is triangular.
  ///
  /// `a` is `[…, n, n]`, of which only the lower triangle is read (the upper one for `isUpper`; the diagonal counts as
  /// ones for `hasUnitDiagonal`), and `b` is `[…, n, columns]` or a vector `[n]`; the axes in front are broadcast. A zero
  /// on the diagonal gives infinite elements or NaN, as in PyTorch. Traps where the shapes do not fit.
  public func triangularSolve(
    _ b: Tensor, isUpper: Bool = false, hasUnitDiagonal: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if b.rank == 1 {
      return triangularSolve(
        b.unsqueezed(1), isUpper: isUpper, hasUnitDiagonal: hasUnitDiagonal, file: file, line: line
      ).squeezed(-1)
    }
    let (a, b) = batched("triangularSolve", b, file, line)
    let result = Tensor(
      Engine.triangularSolve(a.array, b.array, isUpper: isUpper, hasUnitDiagonal: hasUnitDiagonal))
    func adjoint(_ g: Tensor) -> Tensor {
      a.transposed().triangularSolve(g, isUpper: !isUpper, hasUnitDiagonal: hasUnitDiagonal)
    }
    return result.recorded(
      "triangularSolve",
      (
        a,
        { g in
          let x = a.triangularSolve(b, isUpper: isUpper, hasUnitDiagonal: hasUnitDiagonal)
          let product = -adjoint(g).matmul(x.transposed())
          let offset = hasUnitDiagonal ? 1 : 0
          return isUpper ? product.upperTriangle(diagonal: offset) : product.lowerTriangle(diagonal: -offset)
        }
      ), (b, adjoint))
  }

  /// The solution `x` of `a · x = b`, where this matrix is `a`, by elimination.
  ///
  /// `a` is `[…, n, n]`, `b` is `[…, n, columns]` or a vector `[n]`; the axes in front are broadcast. Throws
  /// `LinearAlgebraError` where a matrix is exactly singular (a nearly singular one gives large numbers); traps where the
  /// shapes do not fit.
  public func solve(_ b: Tensor, file: StaticString = #fileID, line: UInt = #line) throws(LinearAlgebraError) -> Tensor
  {
    if b.rank == 1 { return try solve(b.unsqueezed(1), file: file, line: line).squeezed(-1) }
    let (a, b) = batched("solve", b, file, line)
    let (result, singular) = a.eliminated(b)
    if let singular { throw .singular(matrix: singular) }
    return result
  }

  /// The inverse of each square matrix, `[…, n, n]`.
  ///
  /// For `inverse · b`, `solve(_:)` is faster and more exact. Throws and traps as that does.
  public func inverse(file: StaticString = #fileID, line: UInt = #line) throws(LinearAlgebraError) -> Tensor {
    try solve(.eye(requireSquare("inverse", file, line)), file: file, line: line)
  }

  /// `solve` with infinite elements or NaN, and the first singular matrix, instead of an error.
  private func eliminated(_ b: Tensor) -> (solution: Tensor, singular: Int?) {
    let (result, singular) = Engine.solve(array, b.array)
    func adjoint(_ g: Tensor) -> Tensor { transposed().eliminated(g).solution }
    let solution = Tensor(result).recorded(
      "solve", (self, { g in -adjoint(g).matmul(eliminated(b).solution.transposed()) }), (b, adjoint))
    return (solution, singular)
  }

  /// The determinant of each square matrix, `[…, n, n]` to `[…]`; 1 for an empty matrix.
  ///
  /// May overflow where `logDeterminant()` does not, and has no finite gradient at a singular matrix. Traps for a matrix
  /// that is not square.
  public func determinant(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    _ = requireSquare("determinant", file, line)
    let (sign, logMagnitude) = logDeterminant()
    return sign * exp(logMagnitude)
  }

  /// The sign (−1, 0 or 1; a constant) and the logarithm of the magnitude of each square matrix's determinant.
  ///
  /// `[…, n, n]` to twice `[…]`. A singular matrix has sign 0, logarithm −∞ and no finite gradient. Traps for a matrix
  /// that is not square.
  public func logDeterminant(file: StaticString = #fileID, line: UInt = #line) -> (sign: Tensor, logMagnitude: Tensor) {
    _ = requireSquare("logDeterminant", file, line)
    let batch = Array(shape.dropLast(2))
    let (signs, pivots) = Engine.pivots(array)
    let logMagnitude = log(abs(Tensor(pivots))).sum(along: -1)
    let recorded = logMagnitude.recorded(
      "logDeterminant",
      (self, { g in g.reshaped(batch + [1, 1]) * self.transposed().eliminated(self.identities()).solution }))
    return (Tensor(signs), recorded)
  }

  /// The reduced QR decomposition: with k the smaller of m and n, `[…, m, n]` gives `q` `[…, m, k]` and `r` `[…, k, n]`.
  ///
  /// The columns of `q` are orthonormal, `r` is upper triangular, and `q · r` is the matrix. Signs are LAPACK's, as in
  /// PyTorch: the diagonal of `r` may be negative. The gradient needs the first k columns to be independent. Traps for
  /// fewer than two axes.
  public func qr(file: StaticString = #fileID, line: UInt = #line) -> (q: Tensor, r: Tensor) {
    require(rank >= 2, "qr: shape \(shape) has fewer than two axes", file: file, line: line)
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    if m < n {
      let (q, r) = sliced(along: -1, 0..<m).qr()
      return (q, .concatenated([r, q.transposed().matmul(sliced(along: -1, m..<n))], along: -1))
    }
    let (q, r) = Engine.qr(array)
    let packed = Tensor.concatenated([Tensor(q), Tensor(r).upperTriangle()], along: -2).recorded(
      "qr", self,
      usingOutput: { g, packed in
        let (gq, gr) = (g.sliced(along: -2, 0..<m), g.sliced(along: -2, m..<m + n))
        let (q, r) = (packed.sliced(along: -2, 0..<m), packed.sliced(along: -2, m..<m + n))
        let product = r.matmul(gr.transposed()) - gq.transposed().matmul(q)
        let symmetric = product.lowerTriangle() + product.lowerTriangle(diagonal: -1).transposed()
        return r.triangularSolve((gq + q.matmul(symmetric)).transposed(), isUpper: true).transposed()
      })
    return (packed.sliced(along: -2, 0..<m), packed.sliced(along: -2, m..<m + n))
  }

  /// The reduced singular value decomposition, `u · diag(s) · vᵀ`: with k the smaller of m and n, `[…, m, n]` gives `u`
  /// `[…, m, k]`, `s` `[…, k]` in descending order and `v` `[…, n, k]`.
  ///
  /// The gradient of `s` alone is always finite. Through `u` and `v` it needs singular values that differ from each
  /// other, and from 0 unless m = n, and a function that does not depend on the sign of a pair of columns, which is
  /// arbitrary; near equal values it is large, as in PyTorch. Throws `LinearAlgebraError` for elements that are not
  /// finite or where LAPACK does not converge; traps for fewer than two axes.
  public func svd(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (u: Tensor, s: Tensor, v: Tensor) {
    require(rank >= 2, "svd: shape \(shape) has fewer than two axes", file: file, line: line)
    let (m, n) = (shape[rank - 2], shape[rank - 1])
    func unpack(_ packed: Tensor) -> (u: Tensor, s: Tensor, v: Tensor) {
      (
        packed.sliced(along: -2, 0..<m), packed.select(along: -2, m), packed.sliced(along: -2, m + 1..<m + 1 + n)
      )
    }
    let packed = try singularDecomposition().recorded(
      "svd", self,
      usingOutput: { g, packed in
        let ((u, s, v), (gu, gs, gv)) = (unpack(packed), unpack(g))
        let (row, column) = (s.unsqueezed(-2), s.unsqueezed(-1))
        let gaps = (row - column) * (row + column)
        let (uProduct, vProduct) = (u.transposed().matmul(gu), v.transposed().matmul(gv))
        let inner =
          quotient(uProduct - uProduct.transposed(), gaps) * row
          + quotient(vProduct - vProduct.transposed(), gaps) * column + gs.diagonalMatrix()
        var result = u.matmul(inner).matmul(v.transposed())
        if m > n { result += quotient(gu - u.matmul(uProduct), row).matmul(v.transposed()) }
        if n > m { result += u.matmul(quotient(gv - v.matmul(vProduct), row).transposed()) }
        return result
      })
    return unpack(packed)
  }

  /// `u` above `s` above `v`, `[…, m + 1 + n, k]`; not recorded.
  private func singularDecomposition() throws(LinearAlgebraError) -> Tensor {
    guard isFinite.allTrue else { throw .notFinite(operation: "svd") }
    let ((u, s, v), failure) = Engine.svd(array)
    if let failure { throw .notConverged(operation: "svd", matrix: failure) }
    return .concatenated([Tensor(u), Tensor(s), Tensor(v)], along: -2)
  }

  /// The eigenvalues `[…, n]` in ascending order and the eigenvectors, columns of `[…, n, n]`, of symmetric matrices.
  ///
  /// Only the lower triangle is read; the gradient is symmetric. That of the values alone is always finite; through the
  /// vectors it needs values that differ, and a function that does not depend on the sign of a column, which is arbitrary.
  /// Throws `LinearAlgebraError` for elements that are not finite or where LAPACK does not converge; traps for a matrix
  /// that is not square.
  public func symmetricEigen(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    let n = requireSquare("symmetricEigen", file, line)
    let packed = try eigenDecomposition().recorded(
      "symmetricEigen", self,
      usingOutput: { g, packed in
        let (values, vectors) = (packed.select(along: -2, 0), packed.sliced(along: -2, 1..<n + 1))
        let (gValues, gVectors) = (g.select(along: -2, 0), g.sliced(along: -2, 1..<n + 1))
        let product = vectors.transposed().matmul(gVectors)
        let gaps = values.unsqueezed(-2) - values.unsqueezed(-1)
        let inner = quotient(product - product.transposed(), gaps) * 0.5 + gValues.diagonalMatrix()
        return vectors.matmul(inner).matmul(vectors.transposed())
      })
    return (packed.select(along: -2, 0), packed.sliced(along: -2, 1..<n + 1))
  }

  /// The values above the vectors, `[…, 1 + n, n]`; not recorded.
  private func eigenDecomposition() throws(LinearAlgebraError) -> Tensor {
    guard lowerTriangle().isFinite.allTrue else { throw .notFinite(operation: "symmetricEigen") }
    let ((values, vectors), failure) = Engine.symmetricEigen(array)
    if let failure { throw .notConverged(operation: "symmetricEigen", matrix: failure) }
    return .concatenated([Tensor(values), Tensor(vectors)], along: -2)
  }
}

/// `a / b`, but 0 / 0 is 0: nothing flows where nothing arrives.
private func quotient<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Tensor<Scalar>) -> Tensor<Scalar> {
  a / b.replacing(with: 1, where: (a .== Tensor(0)) .& (b .== Tensor(0)))
}

extension Tensor where Scalar: TensorScalar {
  /// The size of a square matrix; traps for another.
  func requireSquare(_ name: StaticString, _ file: StaticString, _ line: UInt) -> Int {
    require(
      rank >= 2 && shape[rank - 1] == shape[rank - 2], "\(name): \(shape) is no square matrix", file: file, line: line)
    return shape[rank - 1]
  }

  /// This square matrix and a right-hand side with their leading axes broadcast.
  private func batched(_ name: StaticString, _ b: Tensor, _ file: StaticString, _ line: UInt) -> (Tensor, Tensor) {
    let n = requireSquare(name, file, line)
    guard b.rank >= 2, b.shape[b.rank - 2] == n,
      let batch = broadcastShape(Array(shape.dropLast(2)), Array(b.shape.dropLast(2)))
    else { trap("\(name): matrix \(shape) does not fit the right-hand side \(b.shape)", file: file, line: line) }
    return (expanded(to: batch + [n, n]), b.expanded(to: batch + [n, b.shape[b.rank - 1]]))
  }

  /// An identity matrix for each matrix of the batch.
  private func identities() -> Tensor { Tensor.eye(shape[rank - 1]).expanded(to: shape) }
}
