import COpenBLAS

/// Decompositions of one matrix in memory, by LAPACK inside OpenBLAS.
///
/// Matrices are column-major, as in Fortran, and are overwritten. Results are LAPACK's `info`: 0 for success.
struct LAPACK<Scalar: TensorScalar>: Sendable {
  typealias Matrix = UnsafeMutablePointer<Scalar>
  private typealias Numbers = UnsafeMutablePointer<blasint>

  private let isDouble: Int32 = Scalar.elementType == .float64 ? 1 : 0

  /// The routines for this scalar type.
  init() { _ = BLAS.isReady }

  /// The Cholesky factor of an [n, n] matrix whose upper triangle (row-major: lower) is given, in its place.
  func cholesky(_ n: Int, _ a: Matrix) -> Int {
    var (order, info) = (blasint(n), blasint(0))
    hpl_potrf(isDouble, "U", &order, a, &order, &info, 1)
    return Int(info)
  }

  /// The LU factors of an [n, n] matrix in its place, and the rows exchanged, from 1.
  func lu(_ n: Int, _ a: Matrix) -> (pivots: [blasint], info: Int) {
    var (order, info) = (blasint(n), blasint(0))
    var pivots = [blasint](repeating: 0, count: n)
    hpl_getrf(isDouble, &order, &order, a, &order, &pivots, &info)
    return (pivots, Int(info))
  }

  /// Replaces `b` [n, columns] by the solution `x` of `a · x = b`.
  func solve(_ n: Int, _ columns: Int, _ a: Matrix, _ b: Matrix) -> Int {
    var (order, width, info) = (blasint(n), blasint(columns), blasint(0))
    var pivots = [blasint](repeating: 0, count: n)
    hpl_gesv(isDouble, &order, &width, a, &order, &pivots, b, &order, &info)
    return Int(info)
  }

  /// Replaces row-major `b` [n, columns] by the solution `x` of `a · x = b` with a row-major triangular `a`.
  func solveTriangular(
    _ n: Int, _ columns: Int, isUpper: Bool, hasUnitDiagonal: Bool, _ a: UnsafePointer<Scalar>, _ b: Matrix
  ) {
    hpl_trsm(isDouble, isUpper ? 1 : 0, hasUnitDiagonal ? 1 : 0, blasint(n), blasint(columns), a, b)
  }

  /// The upper factor of [m, n] in its place, and below it with `tau` [n] the reflections whose product is the other.
  func qr(_ m: Int, _ n: Int, _ a: Matrix, _ tau: Matrix) {
    var (rows, columns) = (blasint(m), blasint(n))
    withWork { work, size, info in hpl_geqrf(isDouble, &rows, &columns, a, &rows, tau, work, size, info) }
  }

  /// Replaces the reflections that `qr` left in [m, n] by their product, n orthonormal columns.
  func orthogonalFactor(_ m: Int, _ n: Int, _ a: Matrix, _ tau: Matrix) {
    var (rows, columns) = (blasint(m), blasint(n))
    withWork { work, size, info in hpl_orgqr(isDouble, &rows, &columns, &columns, a, &rows, tau, work, size, info) }
  }

  /// With k the smaller of m and n: `u` [m, k], `s` [k] in descending order, `v` transposed [k, n].
  func svd(_ m: Int, _ n: Int, _ a: Matrix, u: Matrix, s: Matrix, vTransposed: Matrix) -> Int {
    var (rows, columns, smaller) = (blasint(m), blasint(n), blasint(min(m, n)))
    var integers = [blasint](repeating: 0, count: 8 * min(m, n))
    return withWork { work, size, info in
      hpl_gesdd(
        isDouble,
        "S", &rows, &columns, a, &rows, s, u, &rows, vTransposed, &smaller, work, size, &integers, info, 1)
    }
  }

  /// The eigenvalues [n] in ascending order of a symmetric [n, n] matrix, and its eigenvectors as columns in its place.
  ///
  /// Only the upper triangle (row-major: lower) is read.
  func symmetricEigen(_ n: Int, _ a: Matrix, values: Matrix) -> Int {
    var (order, integerCount) = (blasint(n), blasint(3 + 5 * n))
    var integers = [blasint](repeating: 0, count: 3 + 5 * n)
    return withWork { work, size, info in
      hpl_syevd(isDouble, "V", "U", &order, a, &order, values, work, size, &integers, &integerCount, info, 1, 1)
    }
  }

  /// Calls a routine twice: to ask how much room it wants, and with that room.
  @discardableResult
  private func withWork(_ routine: (Matrix, UnsafePointer<blasint>, Numbers) -> Void) -> Int {
    var (size, info, wanted) = (blasint(-1), blasint(0), Scalar(0))
    routine(&wanted, &size, &info)
    // A single-precision answer may be rounded down.
    size = blasint(wanted) + blasint(wanted) / (1 << 22) + 1
    let work = Buffer<Scalar>(count: Int(size))
    defer { withExtendedLifetime(work) {} }
    routine(work.pointer, &size, &info)
    return Int(info)
  }
}
