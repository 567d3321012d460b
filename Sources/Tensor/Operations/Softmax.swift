import CKernels

extension Tensor where Scalar: TensorScalar {
  /// `exp(x) / Σ exp(x)` along an axis.
  ///
  /// An element of −∞ gives 0 with gradient 0; NaN where all are −∞, as in PyTorch. Traps for an axis that does not exist.
  public func softmax(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "softmax", file, line)[0]
    return exponentiallyNormalized(axis, isLogarithm: false)
      .recorded("softmax", self, usingOutput: { g, y in y * (g - (g * y).sum(along: axis, keepsAxes: true)) })
  }

  /// `x − log Σ exp(x)` along an axis, computed from `x − max(x)`, so that large numbers lose no digits.
  ///
  /// An element of −∞ stays −∞ and takes no part in the others' gradients. Where all are −∞ the result is NaN, as in
  /// PyTorch. Traps for an axis that does not exist.
  public func logSoftmax(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "logSoftmax", file, line)[0]
    return exponentiallyNormalized(axis, isLogarithm: true)
      .recorded("logSoftmax", self, usingOutput: { g, y in g - exp(y) * g.sum(along: axis, keepsAxes: true) })
  }

  /// Softmax or its logarithm, row by row or in strips of columns; not recorded.
  private func exponentiallyNormalized(_ axis: Int, isLogarithm: Bool) -> Tensor {
    let source = contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = Tensor(uninitialized: shape)
    guard count > 0 else { return result }
    let (outer, size, inner) = source.layout.around(axis)
    let (x, y) = (source.pointer, result.buffer.pointer)
    if inner == 1 {
      parallel(outer, grain: softmaxGrain / size + 1) { part in
        let start = part.lowerBound * size
        Scalar._kernels.softmaxRows(part.count, size, isLogarithm, x + start, y + start)
      }
      return result
    }
    let width = Int(CK_SOFTMAX_WIDTH)
    let strips = (inner + width - 1) / width
    parallel(outer * strips, grain: softmaxGrain / (size * width) + 1) { part in
      for strip in part {
        let column = strip % strips * width
        let start = strip / strips * size * inner + column
        let columns = Swift.min(width, inner - column)
        Scalar._kernels.softmaxColumns(size, columns, inner, isLogarithm, x + start, y + start)
      }
    }
    return result
  }
}

/// The least number of elements worth a thread: an exponential takes longer than a load.
private let softmaxGrain = elementGrain / 8
