extension Tensor where Scalar: TensorScalar {
  /// For each row `x` the row `c` of `others` with the greatest `x · c − offsets[c]`, the first of equal ones, and this
  /// value; not recorded.
  ///
  /// `[rows, dimensions]`, `[others, dimensions]` and `[others]`.
  package func bestRows(of others: Tensor, minus offsets: Tensor) -> (rows: Tensor<Int>, values: Tensor) {
    let (rows, values) = Engine.bestRows(array, of: others.array, minus: offsets.array)
    return (Tensor<Int>(rows), Tensor(values))
  }
}
