import CKernels
import Testing
import _TestSupport

@testable import Tensor

/// Products with packed panels, for each width of vectors that this processor has.
@Suite struct PackedMatrixTests {
  @Test(arguments: [16, 32, 64].filter { $0 <= ck_vector_bytes() }) func everySizeAgreesWithALoop(_ bytes: Int) {
    for (m, n, depth) in [
      (1, 1, 1), (2, 7, 3), (3, 8, 1), (4, 17, 5), (5, 33, 2), (6, 16, 9), (13, 70, 4), (12, 64, 0),
    ] {
      let a = (0..<m * (depth + 2)).map { Float($0 % 11) - 5 }
      let b = (0..<max(depth * n, 1)).map { Float($0 % 7) - 3 }
      let width = 2 * bytes / MemoryLayout<Float>.stride
      let count = (n + width - 1) / width
      // b is stored transposed: [n, depth].
      var panels = [Float](repeating: .nan, count: max(count * depth * width, 1))
      ck_pack_panels(CK_F32, bytes, 0, count, n, depth, b, 1, depth, &panels)
      var c = [Float](repeating: 99, count: m * (n + 1))
      ck_panel_product(CK_F32, bytes, m, n, depth, a, depth + 2, 0, panels, &c, n + 1)
      for row in 0..<m {
        for column in 0..<n {
          let expected = (0..<depth).reduce(Float(0)) { $0 + a[row * (depth + 2) + $1] * b[column * depth + $1] }
          expectEqual(c[row * (n + 1) + column], expected, "[\(m), \(n), \(depth)] at \(row), \(column)")
        }
        expectEqual(c[row * (n + 1) + n], 99, "written beyond a row")
      }
      let columnwise = (0..<depth * (m + 1)).map { a[$0 % (m + 1) % m * (depth + 2) + $0 / (m + 1)] }
      var fromColumns = c
      fromColumns.withUnsafeMutableBufferPointer { $0.update(repeating: 99) }
      ck_panel_product(CK_F32, bytes, m, n, depth, columnwise, m + 1, 1, panels, &fromColumns, n + 1)
      expectEqual(fromColumns, c)
    }
  }

  /// Where tall matrices are multiplied by packed ones, and just where they are not; whole numbers, so that every order is exact.
  @Test(arguments: [(31, 1), (32, 3), (33, 100), (64, 0), (70, 64)])
  func tallProductsAgreeWithALoop(_ columns: Int, _ depth: Int) {
    for rows in [8 * columns - 1, 8 * columns + 3] {
      let a = Tensor<Float>((0..<rows * depth).map { Float($0 % 11) - 5 }).reshaped([rows, depth])
      let b = Tensor<Float>((0..<depth * columns).map { Float($0 % 7) - 3 }).reshaped([depth, columns])
      let (x, y) = (a.scalars, b.scalars)
      let expected = (0..<rows * columns).map { position in
        let (row, column) = (position / columns, position % columns)
        return (0..<depth).reduce(Float(0)) { $0 + x[row * depth + $1] * y[$1 * columns + column] }
      }
      func columnwise(_ x: Tensor<Float>) -> Tensor<Float> { (x.transposed() + 0).transposed() }
      func apart(_ x: Tensor<Float>) -> Tensor<Float> {
        Tensor.concatenated([x, x], along: 1).sliced(along: 1, 0..<x.shape[1])
      }
      for left in [a, columnwise(a), apart(a)] {
        for right in [b, columnwise(b), apart(b)] { expectEqual(left.matmul(right).scalars, expected) }
      }
    }
  }
}
