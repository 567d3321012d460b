extension Tensor where Scalar: TensorScalar {
  /// `log Σ exp(x)` over some axes, or over all, without overflow.
  ///
  /// Where all elements are −∞, or there are none, it is −∞ with gradient 0. PyTorch's gradient there is NaN, which one
  /// row masked as a whole would spread to every parameter. An element of ∞ gives ∞ with gradient NaN, as in PyTorch.
  /// `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func logSumExp(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("logSumExp", axes, keepsAxes, file, line) { axes in
      axes.sorted(by: >).reduce(self) { $0.logSumExp($1, scale: 1, excluding: nil) }
    }
  }

  /// `log Σ exp(x)` over some axes, written one by one; traps for an axis that does not exist.
  public func logSumExp(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    logSumExp(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// `log Σ exp(scale · x)` along an axis, without overflow; `index` names an element of each row that does not count.
  ///
  /// With an index the tensor is a matrix, `[rows, columns]`, and the index `[rows]`: the sum runs over the other columns
  /// of each row (axis 1) or, in each column, over the rows whose element it is not (axis 0). So a loss compares samples
  /// with all classes but their own and makes no mask. −∞ over nothing, with gradient 0. Traps where the shapes do not fit, and for a column that does not exist.
  public func logSumExp(
    along axis: Int, scale: Scalar, excluding index: Tensor<Int>? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let index { requireIndex(index, "logSumExp", file, line) }
    return logSumExp(along: axis, scale: scale, excludingIfAny: index, file: file, line: line)
  }

  /// The same, where the number of columns as an index leaves nothing of a row out.
  package func logSumExp(
    along axis: Int, scale: Scalar, excludingIfAny index: Tensor<Int>?, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let index {
      require(
        rank == 2, "logSumExp: shape \(shape) is no matrix of which to leave elements out", file: file, line: line)
      requireIndex(index, "logSumExp", allowsNone: true, file, line)
    }
    return reducing("logSumExp", [axis], false, file, line) {
      logSumExp($0[0], scale: scale, excluding: index)
    }
  }

  /// Fused, forward and backward: the composed form makes six trips through memory instead of one, and another for a mask.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func logSumExp(_ axis: Int, scale: Scalar, excluding index: Tensor<Int>?) -> Tensor {
    let (source, excluded) = (array.contiguous(), index?.array)
    return Tensor(Engine.logSumExp(source, along: axis, scale: scale, excluding: excluded)).recorded(
      "logSumExp", self,
      usingOutput: { g, y in
        guard Recording.isOn else {
          return Tensor(
            Engine.logSumExpPullback(g.array, y.array, source, along: axis, scale: scale, excluding: excluded))
        }
        let logits = self * scale - y.replacing(with: 0, where: y.detached .== Tensor(-.infinity))
        // What is left out is so before `exp`: it may be greater than the rest by any amount.
        return g * exp(index.map(logits.leavingOut) ?? logits) * scale
      })
  }

  /// −∞ where the index names a column of a row.
  private func leavingOut(_ index: Tensor<Int>) -> Tensor {
    replacing(with: -.infinity, where: index.unsqueezed(1) .== Tensor<Int>(Array(0..<shape[1])))
  }

  /// `log Σ exp(x)` over the elements of each segment: `[elements]`, of which `segments` names each one's, gives `[count]`.
  ///
  /// Without overflow; −∞ for an empty segment. Traps where the shapes do not fit, and for a segment that does not exist.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func segmentedLogSumExp(
    _ segments: Tensor<Int>, count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank == 1 && segments.shape == shape,
      "segmentedLogSumExp: \(shape) and segments \(segments.shape) are not two vectors of one length", file: file,
      line: line)
    if let segment = segments.firstOutside(count) {
      trap("segmentedLogSumExp: no segment \(segment) of \(count)", file: file, line: line)
    }
    let (values, shifts) = Engine.segmentedLogSumExp(array, segments: segments.array, count: count)
    return Tensor(values).recorded(
      "segmentedLogSumExp",
      (
        self,
        { g in
          let powers = exp(self - Tensor(shifts).take(segments))
          let sums = powers.scatteredRows(segments, into: [count])
          return powers / sums.replacing(with: 1, where: sums.detached .== Tensor(0)).take(segments) * g.take(segments)
        }
      ))
  }
}
