extension Tensor where Scalar: TensorScalar {
  /// The matrix product, over the last two axes; the axes before them are broadcast.
  ///
  /// `[…, m, k] · […, k, n]` gives `[…, m, n]`. A vector on the left is a row, on the right a column, and the result
  /// lacks that axis. Traps where the shapes do not multiply.
  public func matmul(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let depth = other.rank == 1 ? other.count : other.rank == 0 ? nil : other.shape[other.rank - 2]
    guard rank >= 1, shape[rank - 1] == depth,
      let batch = broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    else {
      trap("matmul: \(shape) and \(other.shape) do not multiply\(hint(other))", file: file, line: line)
    }
    if rank == 1 { return reshaped([1, count]).matmul(other).squeezed(other.rank == 1 ? 0 : -2) }
    if other.rank == 1 { return matmul(other.reshaped([other.count, 1])).squeezed(-1) }
    if other.rank == 2 && rank > 2 {
      let flat = reshaped([shape.dropLast().reduce(1, *), shape[rank - 1]]).matmul(other)
      return flat.reshaped(shape.dropLast() + [other.shape[1]])
    }
    return Tensor(Engine.matmul(array, other.array, batch: batch))
      .recorded(
        "matmul", self, other, usingOther: { g, b in g.matmul(b.transposed()) }, { g, a in a.transposed().matmul(g) })
  }

  /// The sum of the products of two vectors' elements, shape `[]`; 0 for empty ones.
  ///
  /// Traps unless both are vectors of one length.
  public func dot(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 1 && other.shape == shape, "dot: \(shape) and \(other.shape) are not two vectors of one length",
      file: file,
      line: line)
    return matmul(other)
  }

  /// The products of every element of a vector with every element of another, shape `[count, other.count]`.
  ///
  /// Traps unless both are vectors.
  public func outer(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 1 && other.rank == 1, "outer: \(shape) and \(other.shape) are not two vectors", file: file, line: line)
    return unsqueezed(1) * other
  }

  private func hint(_ other: Tensor) -> String {
    guard rank >= 1, other.rank >= 1 else { return ": a single number is no matrix" }
    let (k, k2) = (shape[rank - 1], other.shape[Swift.max(other.rank - 2, 0)])
    if k == k2 { return " (the batch axes do not broadcast)" }
    let fits = other.rank >= 2 && k == other.shape[other.rank - 1]
    return " (\(k) ≠ \(k2))" + (fits ? "; did you mean .transposed()?" : "")
  }
}
