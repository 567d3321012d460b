import CClustering
import Tensor

extension Tensor where Scalar: TensorScalar {
  /// For each row `x` the row `c` of `others` with the greatest `x · c − offsets[c]`, the first of equal ones, and this
  /// value; not recorded.
  ///
  /// `[rows, dimensions]`, `[others, dimensions]` and `[others]`. Products of a block of rows stay in cache until their
  /// greatest is found.
  package func bestRows(of others: Tensor, minus offsets: Tensor) -> (rows: Tensor<Int>, values: Tensor) {
    let (count, depth, width) = (shape[0], shape[1], others.shape[0])
    let (index, best) = (Buffer<Int>(count: count), Buffer<Scalar>(count: count))
    defer { withExtendedLifetime((index, best)) {} }
    withUnsafeScalars { x in
      others.withUnsafeScalars { c in
        offsets.withUnsafeScalars { h in
          let (x, h) = (x.baseAddress!, h.baseAddress!)
          let packed = PackedMatrix(c.baseAddress!, depth: depth, columns: width, isTransposed: true)
          let block = Swift.max(6, Swift.min(96, (1 << 17) / Swift.max(width, 1)))
          parallel(count, grain: elementGrain / Swift.max(depth * width / 16, 1) + 1) { part in
            let products = Buffer<Scalar>(count: Swift.min(block, part.count) * width)
            defer { withExtendedLifetime(products) {} }
            for start in stride(from: part.lowerBound, to: part.upperBound, by: block) {
              let size = Swift.min(block, part.upperBound - start)
              packed.product(
                size, MatrixOperand(pointer: x + start * depth, leading: Swift.max(depth, 1)), products.pointer,
                leading: width)
              bestColumns(size, width, products.pointer, h, index.pointer + start, best.pointer + start)
            }
          }
        }
      }
    }
    return (
      Tensor<Int>(shape: [count]) { _ = $0.initialize(from: UnsafeBufferPointer(start: index.pointer, count: count)) },
      Tensor(shape: [count]) { _ = $0.initialize(from: UnsafeBufferPointer(start: best.pointer, count: count)) }
    )
  }
}

/// The greatest `x[row, column] − offsets[column]` of each row, and the first column where it stands.
func bestColumns<Scalar>(
  _ rows: Int, _ columns: Int, _ x: UnsafePointer<Scalar>, _ offsets: UnsafePointer<Scalar>,
  _ index: UnsafeMutablePointer<Int>, _ values: UnsafeMutablePointer<Scalar>
) {
  let (x, offsets, values) = (UnsafeRawPointer(x), UnsafeRawPointer(offsets), UnsafeMutableRawPointer(values))
  if Scalar.self == Float.self {
    ck_best_columns_f32(
      rows, columns, x.assumingMemoryBound(to: Float.self), offsets.assumingMemoryBound(to: Float.self), index,
      values.assumingMemoryBound(to: Float.self))
  } else {
    ck_best_columns_f64(
      rows, columns, x.assumingMemoryBound(to: Double.self), offsets.assumingMemoryBound(to: Double.self), index,
      values.assumingMemoryBound(to: Double.self))
  }
}
