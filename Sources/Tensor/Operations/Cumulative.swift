extension Tensor where Scalar: TensorScalar {
  /// Each element plus all before it along an axis; added up in double precision.
  ///
  /// Traps for an axis that does not exist.
  public func cumulativeSum(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = normalized([axis], "cumulativeSum", file, line)[0]
    return Tensor(Engine.cumulativeSum(array, along: axis)).recorded(
      "cumulativeSum", (self, { g in g.flipped(along: axis).cumulativeSum(along: axis).flipped(along: axis) }))
  }

  /// Each element times all before it along an axis; the gradient is right where elements are 0, too.
  ///
  /// Traps for an axis that does not exist.
  public func cumulativeProduct(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    scanned(along: normalized([axis], "cumulativeProduct", file, line)[0]) { $0 * $1 }
  }

  /// `log Σ exp(x)` over each element and all before it along an axis, without overflow.
  ///
  /// −∞ where all of them are −∞, with gradient 0 there, not NaN as in PyTorch: the same as `logSumExp`. Traps for
  /// an axis that does not exist.
  public func cumulativeLogSumExp(along axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    replacing(with: -.infinity, where: detached .== Tensor(-.infinity))
      .scanned(along: normalized([axis], "cumulativeLogSumExp", file, line)[0]) { logAddExp($0, $1) }
  }

  /// The product over some axes, or over all; the gradient is right where elements are 0, too.
  ///
  /// An empty product is 1. `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does not exist.
  public func product(
    along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    reducing("product", axes, keepsAxes, file, line) { $0.reduce(self) { $0.multipliedTogether(along: $1) } }
  }

  /// The product over some axes, written one by one; traps for an axis that does not exist.
  public func product(
    along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    product(along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }

  /// Multiplies the halves of an axis until one element is left: log₂ n steps, without a division in the gradient.
  private func multipliedTogether(along axis: Int) -> Tensor {
    var rest = self
    while rest.shape[axis] > 1 {
      let (size, half) = (rest.shape[axis], rest.shape[axis] / 2)
      let products = rest.sliced(along: axis, 0..<half) * rest.sliced(along: axis, half..<2 * half)
      let odd = rest.sliced(along: axis, 2 * half..<size)
      rest = size == 2 * half ? products : Tensor.concatenated([products, odd], along: axis)
    }
    guard rest.shape[axis] == 0 else { return rest }
    var one = shape
    one[axis] = 1
    return .ones(one)
  }

  /// Each element combined with all before it by an associative operation: 2 n combinations in 2 log₂ n steps.
  private func scanned(along axis: Int, _ combine: (Tensor, Tensor) -> Tensor) -> Tensor {
    let size = shape[axis]
    guard size > 1 else { return self }
    let (half, evenCount) = (size / 2, size - size / 2)
    let even = sliced(along: axis, 0..<size, by: 2)
    let pairs = combine(even.sliced(along: axis, 0..<half), sliced(along: axis, 1..<size, by: 2))
    let atOdd = pairs.scanned(along: axis, combine)
    let later = combine(atOdd.sliced(along: axis, 0..<evenCount - 1), even.sliced(along: axis, 1..<evenCount))
    let atEven = Tensor.concatenated([even.sliced(along: axis, 0..<1), later], along: axis)
    var interleaved = shape
    interleaved[axis] = 2 * half
    let result = Tensor.stacked([atEven.sliced(along: axis, 0..<half), atOdd], along: axis + 1).reshaped(interleaved)
    if size == 2 * half { return result }
    return .concatenated([result, atEven.sliced(along: axis, half..<evenCount)], along: axis)
  }
}

/// `log(exp(a) + exp(b))` element by element, broadcasting, without overflow; −∞ where both are −∞, with gradient 0.
///
/// PyTorch's gradient there is NaN, which one masked row would spread to every parameter. Traps where the shapes do not
/// fit.
public func logAddExp<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  guard let shape = broadcastShape(a.shape, b.shape) else {
    trap("logAddExp: \(a.shape) and \(b.shape) do not broadcast to one shape", file: file, line: line)
  }
  return Tensor.stacked([a.expanded(to: shape), b.expanded(to: shape)]).logSumExp(along: 0)
}
