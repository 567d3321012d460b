extension Tensor where Scalar: TensorScalar {
  /// For each row `x` the row `c` of `others` with the greatest `x · c − offsets[c]`, the first of equal ones, and this
  /// value; not recorded.
  ///
  /// `[rows, dimensions]`, `[others, dimensions]` and `[others]`. Products of a block of rows stay in cache until their
  /// greatest is found.
  package func bestRows(of others: Tensor, minus offsets: Tensor) -> (rows: Labels, values: Tensor) {
    let (count, depth, width) = (shape[0], shape[1], others.shape[0])
    let (source, others, offsets) = (contiguous(), others.contiguous(), offsets.contiguous())
    let (rows, values) = (Labels(uninitialized: [count]), Tensor(uninitialized: [count]))
    let (x, c, h) = (source.pointer, others.pointer, offsets.pointer)
    let (index, best) = (rows.buffer.pointer, values.buffer.pointer)
    defer { withExtendedLifetime((source, others, offsets)) {} }
    let packed = PackedMatrix(c, depth: depth, columns: width, isTransposed: true)
    let block = Swift.max(6, Swift.min(96, (1 << 17) / Swift.max(width, 1)))
    parallel(count, grain: elementGrain / Swift.max(depth * width / 16, 1) + 1) { part in
      let products = Buffer<Scalar>(count: Swift.min(block, part.count) * width)
      defer { withExtendedLifetime(products) {} }
      for start in stride(from: part.lowerBound, to: part.upperBound, by: block) {
        let size = Swift.min(block, part.upperBound - start)
        packed.product(
          size, MatrixOperand(pointer: x + start * depth, leading: Swift.max(depth, 1)), products.pointer,
          leading: width)
        Scalar._kernels.bestColumns(size, width, products.pointer, h, index + start, best + start)
      }
    }
    return (rows, values)
  }
}
