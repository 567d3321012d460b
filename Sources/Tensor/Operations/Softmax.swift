extension Tensor where Scalar: TensorScalar {
  /// `exp(x) / Σ exp(x)` along an axis.
  ///
  /// An element of −∞ gives 0 with gradient 0; NaN where all are −∞, as in PyTorch. Traps for an axis that does not exist.
  public func softmax(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "softmax", file, line)[0]
    return Tensor(Engine.softmax(array, along: axis, isLogarithm: false))
      .recorded("softmax", self, usingOutput: { g, y in y * (g - (g * y).sum(along: axis, keepsAxes: true)) })
  }

  /// `x − log Σ exp(x)` along an axis, computed from `x − max(x)`, so that large numbers lose no digits.
  ///
  /// An element of −∞ stays −∞ and takes no part in the others' gradients. Where all are −∞ the result is NaN, as in
  /// PyTorch. Traps for an axis that does not exist.
  public func logSoftmax(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "logSoftmax", file, line)[0]
    return Tensor(Engine.softmax(array, along: axis, isLogarithm: true))
      .recorded("logSoftmax", self, usingOutput: { g, y in g - exp(y) * g.sum(along: axis, keepsAxes: true) })
  }
}
