// Decompositions of the matrices in the last two axes, one by one. A failure names the matrix, counted from 0.
extension Engine {
  /// The factors `L` of `L · Lᵀ` in the lower triangles, from which alone they are made.
  ///
  /// What is above is left as it was. Where a matrix is not positive definite, it and the order of its first block that is not.
  static func cholesky<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>
  ) -> (factor: NDArray<Scalar>, failure: (matrix: Int, order: Int)?) {
    let (factor, n, lapack) = (x.copied(), x.shape[x.rank - 1], LAPACK<Scalar>())
    for matrix in factor.matrices {
      let start = factor.target + matrix * n * n
      let order = lapack.cholesky(n, start)
      let bad = order > 0 ? order : (0..<n).first { !(start[$0 * n + $0] > 0) }.map { $0 + 1 }
      if let bad { return (factor, (matrix, bad)) }
    }
    return (factor, nil)
  }

  /// The solutions `x` of `a · x = b` for triangular `a` `[…, n, n]` and `b` `[…, n, columns]` with the same leading axes.
  static func triangularSolve<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, isUpper: Bool, hasUnitDiagonal: Bool
  ) -> NDArray<Scalar> {
    let (n, columns) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
    let (source, result, lapack) = (a.contiguous(), b.copied(), LAPACK<Scalar>())
    for matrix in result.matrices {
      lapack.solveTriangular(
        n, columns, isUpper: isUpper, hasUnitDiagonal: hasUnitDiagonal, source.pointer + matrix * n * n,
        result.target + matrix * n * columns)
    }
    withExtendedLifetime(source) {}
    return result
  }

  /// The solutions `x` of `a · x = b`, not in row-major order; infinite or NaN for a singular `a`, of which the first is named.
  static func solve<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>
  ) -> (solution: NDArray<Scalar>, singular: Int?) {
    let (n, columns) = (b.shape[b.rank - 2], b.shape[b.rank - 1])
    let (factors, result, lapack) = (a.transposed().copied(), b.transposed().copied(), LAPACK<Scalar>())
    defer { withExtendedLifetime(factors) {} }
    var singular: Int?
    for matrix in result.matrices {
      let target = result.target + matrix * n * columns
      if lapack.solve(n, columns, factors.target + matrix * n * n, target) > 0 {
        singular = singular ?? matrix
        for i in 0..<n * columns { target[i] /= 0 }
      }
    }
    return (result.transposed(), singular)
  }

  /// The pivots `[…, n]` of each matrix's elimination, whose product is the determinant but for its sign, and that sign.
  static func pivots<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>
  ) -> (signs: NDArray<Scalar>, pivots: NDArray<Scalar>) {
    let (factors, n, batch, lapack) = (x.copied(), x.shape[x.rank - 1], Array(x.shape.dropLast(2)), LAPACK<Scalar>())
    defer { withExtendedLifetime(factors) {} }
    let (signs, diagonals) = (NDArray<Scalar>(uninitialized: batch), NDArray<Scalar>(uninitialized: batch + [n]))
    for matrix in 0..<signs.count {
      let start = factors.target + matrix * n * n
      let rows = n == 0 ? [] : lapack.lu(n, start).pivots
      signs.target[matrix] = (0..<n).reduce(1) { sign, i in
        let pivot = start[i * n + i]
        diagonals.target[matrix * n + i] = pivot
        let isExchanged = Int(rows[i]) != i + 1
        return pivot == 0 ? 0 : (pivot < 0) == isExchanged ? sign : -sign
      }
    }
    return (signs, diagonals)
  }

  /// For `[…, m, n]` with m ≥ n the orthonormal columns `[…, m, n]` and, in the upper triangles of `[…, n, n]`, the other factor.
  static func qr<Scalar: TensorScalar>(_ x: NDArray<Scalar>) -> (q: NDArray<Scalar>, r: NDArray<Scalar>) {
    let (m, n) = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    let (work, lapack) = (x.transposed().copied(), LAPACK<Scalar>())
    let tau = Buffer<Scalar>(count: work.matrices.count * n)
    defer { withExtendedLifetime(tau) {} }
    for matrix in work.matrices { lapack.qr(m, n, work.target + matrix * m * n, tau.pointer + matrix * n) }
    let columns = work.transposed()
    let r = columns.seen(as: columns.layout.sliced(axis: x.rank - 2, start: 0, count: n, step: 1)).copied()
    for matrix in work.matrices {
      lapack.orthogonalFactor(m, n, work.target + matrix * m * n, tau.pointer + matrix * n)
    }
    return (columns, r)
  }

  /// With k the smaller of m and n, for `[…, m, n]`: `u` `[…, m, k]`, `s` `[…, 1, k]` in descending order and `v` `[…, n, k]`; and
  /// the first matrix for which LAPACK did not converge.
  static func svd<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>
  ) -> (factors: (u: NDArray<Scalar>, s: NDArray<Scalar>, v: NDArray<Scalar>), failure: Int?) {
    let (m, n, batch) = (x.shape[x.rank - 2], x.shape[x.rank - 1], Array(x.shape.dropLast(2)))
    let (k, work, lapack) = (min(m, n), x.transposed().copied(), LAPACK<Scalar>())
    defer { withExtendedLifetime(work) {} }
    let (u, s) = (NDArray<Scalar>(uninitialized: batch + [k, m]), NDArray<Scalar>(uninitialized: batch + [1, k]))
    let v = NDArray<Scalar>(uninitialized: batch + [n, k])
    let failure = work.matrices.first { matrix in
      lapack.svd(
        m, n, work.target + matrix * m * n, u: u.target + matrix * k * m, s: s.target + matrix * k,
        vTransposed: v.target + matrix * n * k) != 0
    }
    return ((u.transposed(), s, v), failure)
  }

  /// The eigenvalues `[…, 1, n]` in ascending order and the eigenvectors, columns of `[…, n, n]`, of symmetric matrices, of which
  /// only the lower triangles are read; and the first matrix for which LAPACK did not converge.
  static func symmetricEigen<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>
  ) -> (result: (values: NDArray<Scalar>, vectors: NDArray<Scalar>), failure: Int?) {
    let (vectors, n, lapack) = (x.copied(), x.shape[x.rank - 1], LAPACK<Scalar>())
    let values = NDArray<Scalar>(uninitialized: x.shape.dropLast(2) + [1, n])
    let failure = vectors.matrices.first { matrix in
      lapack.symmetricEigen(n, vectors.target + matrix * n * n, values: values.target + matrix * n) != 0
    }
    return ((values, vectors.transposed()), failure)
  }
}

extension NDArray {
  /// The numbers of the matrices in the last two axes that have elements.
  fileprivate var matrices: Range<Int> { 0..<(count == 0 ? 0 : shape.dropLast(2).reduce(1, *)) }

  /// The last two axes exchanged.
  fileprivate func transposed() -> NDArray {
    seen(as: layout.permuted(Array(0..<rank - 2) + [rank - 1, rank - 2]))
  }
}
