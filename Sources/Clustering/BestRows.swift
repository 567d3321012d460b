import CClustering
import Collectives
import Tensor

extension Tensor where Scalar: TensorScalar {
  /// For each row `x` the row `c` of `others` with the greatest `x · c − offsets[c]`, the first of equal ones, and this
  /// value; not recorded.
  ///
  /// `[rows, dimensions]`, `[others, dimensions]` and `[others]`. Products of a block of rows stay in cache until their
  /// greatest is found. The ranks of a group, which all have the same rows, share out these blocks, and get all results.
  package func bestRows(
    of others: Tensor, minus offsets: Tensor, over group: Group = .alone
  ) -> (rows: Tensor<Int>, values: Tensor) {
    // Of more, the packed others would be read from memory for every few rows.
    let tile = 1024
    guard others.shape[0] > 2 * tile else { return bestRowsOfFew(others, minus: offsets, over: group) }
    var (rows, values) = bestRowsOfFew(others[..<tile], minus: offsets[..<tile], over: group)
    for start in stride(from: tile, to: others.shape[0], by: tile) {
      let end = Swift.min(start + tile, others.shape[0])
      let (found, value) = bestRowsOfFew(others[start..<end], minus: offsets[start..<end], over: group)
      let isBetter = value .> values
      (rows, values) = (.where(isBetter, found + start, rows), .where(isBetter, value, values))
    }
    return (rows, values)
  }

  private func bestRowsOfFew(
    _ others: Tensor, minus offsets: Tensor, over group: Group
  ) -> (rows: Tensor<Int>, values: Tensor) {
    let (depth, width) = (shape[1], others.shape[0])
    let block = Swift.max(6, Swift.min(96, (1 << 17) / Swift.max(width, 1)))
    let grain = elementGrain / Swift.max(depth * width / 16, 1) + 1
    // The blocks of one process: rounding may depend on their rows.
    let blocks = parts(of: shape[0], grain: grain, threads: group.threadsOfFirst()).flatMap { part in
      stride(from: part.lowerBound, to: part.upperBound, by: block).map {
        $0..<Swift.min($0 + block, part.upperBound)
      }
    }
    let own = blocks[group.share(of: blocks.count)]
    let first = own.first?.lowerBound ?? 0
    let count = own.reduce(0) { $0 + $1.count }
    let (index, best) = (Buffer<Int>(count: count), Buffer<Scalar>(count: count))
    defer { withExtendedLifetime((index, best)) {} }
    withUnsafeScalars { x in
      others.withUnsafeScalars { c in
        offsets.withUnsafeScalars { h in
          let (x, h) = (x.baseAddress!, h.baseAddress!)
          let packed = PackedMatrix(c.baseAddress!, depth: depth, columns: width, isTransposed: true)
          parallel(own.count, grain: (grain + block - 1) / block) { part in
            let own = own[own.startIndex + part.lowerBound..<own.startIndex + part.upperBound]
            let products = Buffer<Scalar>(count: own.map(\.count).max()! * width)
            defer { withExtendedLifetime(products) {} }
            for rows in own {
              packed.product(
                rows.count, MatrixOperand(pointer: x + rows.lowerBound * depth, leading: Swift.max(depth, 1)),
                products.pointer, leading: width)
              let place = rows.lowerBound - first
              bestColumns(rows.count, width, products.pointer, h, index.pointer + place, best.pointer + place)
            }
          }
        }
      }
    }
    return (
      group.gathered(
        Tensor<Int>(shape: [count]) { _ = $0.initialize(from: UnsafeBufferPointer(start: index.pointer, count: count)) }
      ),
      group.gathered(
        Tensor(shape: [count]) { _ = $0.initialize(from: UnsafeBufferPointer(start: best.pointer, count: count)) })
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
