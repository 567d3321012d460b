extension Tensor {
  /// The positions along an axis in the order of the elements there: a stable order, equal elements stay as they are.
  ///
  /// NaN counts as the greatest, as in PyTorch; `false` is before `true`. Traps for an axis that does not exist.
  public func argsorted(
    along axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    let axis = normalized([axis], "argsorted", file, line)[0]
    return best(shape[axis], along: axis, descending)
  }

  /// The first `k` positions of the order along an axis.
  private func best(_ k: Int, along axis: Int, _ descending: Bool) -> Tensor<Int> {
    Tensor<Int>(Engine.argsort(array, along: axis, picks: k, isDescending: descending))
  }

  /// The elements along an axis in ascending or descending order; gradients go back to where they came from.
  ///
  /// Equal elements stay in their order; NaN counts as the greatest, as in PyTorch. Traps for an axis that does not exist.
  public func sorted(
    along axis: Int = -1, descending: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = normalized([axis], "sorted", file, line)[0]
    return takeElements(argsorted(along: axis, descending: descending), along: axis)
  }

  /// The `k` greatest (or smallest) elements along an axis, the best first, and their positions.
  ///
  /// Of equal elements the first come first; NaN counts as the greatest, as in PyTorch. Gradients go back to where the
  /// elements came from. Traps where the axis has fewer elements.
  public func topK(
    _ k: Int, along axis: Int = -1, smallest: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    let axis = normalized([axis], "topK", file, line)[0]
    require(
      (0...shape[axis]).contains(k), "topK: \(k) elements along axis \(axis) of \(shape)", file: file, line: line)
    let indices = best(k, along: axis, !smallest)
    return (takeElements(indices, along: axis), indices)
  }

  /// The distinct elements in ascending order, which of them each element is (in this tensor's shape), and how often
  /// each occurs; constants with regard to gradients.
  ///
  /// NaNs differ from each other and come last, as in PyTorch.
  public func unique() -> (values: Tensor, inverse: Tensor<Int>, counts: Tensor<Int>) {
    let elements = detached.flattened()
    let (first, counts, inverse) = Engine.unique(array, order: elements.argsorted().array)
    return (elements.take(Tensor<Int>(first)), Tensor<Int>(inverse), Tensor<Int>(counts))
  }
}
