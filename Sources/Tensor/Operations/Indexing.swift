import CKernels

extension Tensor {
  /// Whole rows (along the first axis), in the order of `rows`, which may repeat: shape `rows.shape + shape[1...]`.
  ///
  /// Traps for a row that does not exist.
  public func take(_ rows: Labels, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(rank >= 1, "take: a single number has no rows", file: file, line: line)
    let result = taking(rows.contiguous(), file, line)
    if let input = self as? Tensor<Float>, let output = result as? Tensor<Float> {
      return output.recordedTake(of: input, rows) as! Tensor
    }
    if let input = self as? Tensor<Double>, let output = result as? Tensor<Double> {
      return output.recordedTake(of: input, rows) as! Tensor
    }
    return result
  }

  private func taking(_ rows: Labels, _ file: StaticString, _ line: UInt) -> Tensor {
    let available = shape[0]
    rows.withUnsafeScalars { indices in
      for row in indices where row < 0 || row >= available {
        trap("take: no row \(row) in shape \(shape)", file: file, line: line)
      }
    }
    let source = contiguous()
    let result = Tensor(uninitialized: rows.shape + shape.dropFirst())
    let bytes = shape.dropFirst().reduce(1, *) * MemoryLayout<Scalar>.stride
    ck_take_rows(rows.count, bytes, rows.pointer, source.pointer, result.buffer.pointer)
    return result
  }
}

extension Tensor where Scalar: TensorScalar {
  fileprivate func recordedTake(of input: Tensor, _ rows: Labels) -> Tensor {
    recorded("take", (input, { g in g.scatteredRows(rows, into: input.shape) }))
  }

  /// Zeros of shape `target` with each row of this tensor added to the row that `rows` names: the adjoint of `take`.
  ///
  /// Shape: `rows.shape + target[1...]` becomes `target`. Traps for a row that does not exist.
  public func scatteredRows(
    _ rows: Labels, into target: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      !target.isEmpty && shape == rows.shape + target.dropFirst(),
      "scatteredRows: \(shape) at rows \(rows.shape) does not fit into \(target)", file: file, line: line)
    let indices = rows.contiguous()
    indices.withUnsafeScalars { all in
      for row in all where row < 0 || row >= target[0] {
        trap("scatteredRows: no row \(row) in \(target)", file: file, line: line)
      }
    }
    let source = contiguous()
    let result = Tensor(filled: 0, shape: target)
    Scalar._kernels.scatterAddRows(
      rows.count, target.dropFirst().reduce(1, *), indices.pointer, source.pointer, result.buffer.pointer)
    return result.recorded("scatterRows", (self, { g in g.take(rows) }))
  }

  /// One element of each row: `result[i] = self[i, index[i]]`, shape `[rows]` from `[rows, columns]`.
  ///
  /// Traps for a column that does not exist.
  public func gather(_ index: Labels, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    reshaped([count]).take(flatPositions(index, "gather", file, line))
  }

  /// The same matrix with one element of each row replaced: `self[i, index[i]]` becomes `value`.
  ///
  /// Shape `[rows, columns]`; what was there gets no gradient. Traps for a column that does not exist.
  public func masked(_ index: Labels, by value: Scalar, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let positions = flatPositions(index, "masked", file, line)
    let mask = Tensor<Bool>(shape: shape) { elements in
      elements.initialize(repeating: false)
      positions.withUnsafeScalars { for position in $0 { elements[position] = true } }
    }
    return replacing(with: value, where: mask)
  }

  private func flatPositions(_ index: Labels, _ name: StaticString, _ file: StaticString, _ line: UInt) -> Labels {
    require(
      rank == 2 && index.shape == [shape[0]], "\(name): shape \(shape) needs one index a row, not \(index.shape)",
      file: file, line: line)
    let columns = shape[1]
    return Labels(
      index.scalars.enumerated().map { row, column in
        require((0..<columns).contains(column), "\(name): no column \(column) in \(shape)", file: file, line: line)
        return row * columns + column
      })
  }
}

extension Tensor where Scalar == Int {
  /// One row for each label with a 1 in the label's column, shape `[labels, classes]`.
  ///
  /// Traps for a label outside `0..<classes`.
  public func oneHot<Target: TensorScalar>(
    _ classes: Int, as: Target.Type, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Target> {
    Tensor<Target>(filled: 0, shape: [count, classes]).masked(reshaped([count]), by: 1, file: file, line: line)
  }
}
