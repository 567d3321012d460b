/// A matrix in memory of elements whose type stands beside it: row-major, perhaps seen transposed.
struct RawMatrix {
  var (rows, columns): (Int, Int)
  var address: UnsafeMutableRawPointer
  /// Elements from one stored row to the next.
  var leading: Int
  var isTransposed = false

  var transposed: RawMatrix {
    RawMatrix(rows: columns, columns: rows, address: address, leading: leading, isTransposed: !isTransposed)
  }
}
