extension Tensor where Scalar: TensorScalar {
  /// The squared Euclidean distance of every row to every row of `other`: `[…, m, d]` and `[…, n, d]` to `[…, m, n]`.
  ///
  /// Computed as `‖x‖² + ‖y‖² − 2x·y`, one matrix product; the rounding error is therefore relative to `‖x‖² + ‖y‖²`, not
  /// to the distance. Results below 0 become 0; the gradient `2(x − y)` passes all the same. Traps where the shapes do
  /// not fit.
  public func squaredDistances(to other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    requireRows("squaredDistances", other, file, line)
    let squares = (self * self).sum(along: -1, keepsAxes: true)
    let otherSquares = (other * other).sum(along: -1, keepsAxes: true).transposed()
    let result = squares + otherSquares - matmul(other.transposed(), file: file, line: line) * 2
    return result - minimum(result.detached, Tensor(0))
  }

  /// The Euclidean distance of every row to every row of `other`: `[…, m, d]` and `[…, n, d]` to `[…, m, n]`.
  ///
  /// The root of `squaredDistances(to:)`. At distance 0 the gradient is 0, as in PyTorch's `cdist`.
  public func distances(to other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let squares = squaredDistances(to: other, file: file, line: line)
    let isZero = squares .<= Tensor(0)
    return sqrt(squares.replacing(with: 1, where: isZero)).replacing(with: 0, where: isZero)
  }

  func requireRows(_ name: StaticString, _ other: Tensor, _ file: StaticString, _ line: UInt) {
    require(
      rank >= 2 && other.rank >= 2 && shape[rank - 1] == other.shape[other.rank - 1]
        && broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2))) != nil,
      "\(name): rows of \(shape) and \(other.shape) do not fit; both need [..., rows, dimensions]", file: file,
      line: line)
  }
}
