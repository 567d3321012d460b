extension Tensor where Scalar: TensorScalar {
  /// Each matrix (the last two axes) with zeros below a diagonal: PyTorch's `triu`.
  ///
  /// Diagonal 0 is the main one, 1 the one above it, −1 the one below; any number may be given. What becomes 0 gets no
  /// gradient, whatever it was. Traps for fewer than two axes.
  public func upperTriangle(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    triangle("upperTriangle", file, line) { rows, columns in columns .>= rows + Double(diagonal) }
  }

  /// Each matrix (the last two axes) with zeros above a diagonal: PyTorch's `tril`.
  ///
  /// As `upperTriangle(diagonal:)`; diagonal −1 leaves what is strictly below the main one. Traps for fewer than two axes.
  public func lowerTriangle(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    triangle("lowerTriangle", file, line) { rows, columns in columns .<= rows + Double(diagonal) }
  }

  private func triangle(
    _ name: StaticString, _ file: StaticString, _ line: UInt,
    keeping isKept: (Tensor<Double>, Tensor<Double>) -> Tensor<Bool>
  ) -> Tensor {
    require(rank >= 2, "\(name): shape \(shape) has fewer than two axes", file: file, line: line)
    let rows = Tensor<Int>.range(shape[rank - 2]).cast(to: Double.self).unsqueezed(1)
    let columns = Tensor<Int>.range(shape[rank - 1]).cast(to: Double.self)
    return Tensor.where(isKept(rows, columns), self, Tensor(0))
  }

  /// The sum of each matrix's diagonal (over the last two axes), `[…, rows, columns]` to `[…]`.
  ///
  /// Traps for fewer than two axes.
  public func trace(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 2, "trace: shape \(shape) has fewer than two axes", file: file, line: line)
    return diagonal().sum(along: -1)
  }

  /// Square matrices of zeros with the last axis on a diagonal: `[…, n]` to `[…, n + |offset|, n + |offset|]`.
  ///
  /// Offset 1 is the diagonal above the main one, −1 the one below. Traps for a single number.
  public func diagonalMatrix(offset: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 1, "diagonalMatrix: a single number is no diagonal", file: file, line: line)
    require(
      offset.magnitude <= 1 << 62, "diagonalMatrix: an offset of \(offset) makes matrices too large", file: file,
      line: line)
    let size = shape[rank - 1] + Swift.abs(offset)
    return accumulated(into: shape.dropLast() + [size, size]) { $0.diagonal(offset) }
  }
}

extension Tensor {
  /// The diagonal of each matrix (the last two axes) as the last axis of a view; copies nothing.
  ///
  /// `[…, rows, columns]` gives `[…, n]`. Offset 1 is the diagonal above the main one, −1 the one below; an offset outside
  /// the matrix gives an empty axis. Traps for fewer than two axes.
  public func diagonal(offset: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 2, "diagonal: shape \(shape) has fewer than two axes", file: file, line: line)
    return viewed("diagonal") { $0.diagonal(offset) }
  }
}

extension Layout {
  fileprivate func diagonal(_ diagonal: Int) -> Layout {
    let (rows, columns) = (shape[rank - 2], shape[rank - 1])
    let (down, right) = (strides[rank - 2], strides[rank - 1])
    let (above, below) = (min(max(diagonal, 0), columns), min(max(diagonal, -rows), 0))
    let count = min(rows + below, columns - above)
    let start = count == 0 ? 0 : above * right - below * down
    return Layout(
      shape: shape.dropLast(2) + [count], strides: strides.dropLast(2) + [down + right], offset: offset + start)
  }
}
