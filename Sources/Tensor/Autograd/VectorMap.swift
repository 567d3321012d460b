/// `body` of each slice along an axis, stacked along the first: what JAX and PyTorch call `vmap`, such as for a gradient of every sample.
///
/// The slices are taken one after another, so it costs what a loop costs; nearly every operation takes axes in front for a batch
/// and is faster called once. Differentiable. Traps for an axis that does not exist or is empty, and where results differ in shape.
///
/// ```swift
/// let slopes = vmap(over: points) { point in gradient(at: point) { sin($0).sum() } }     // the shape of points
/// ```
public func vmap<Element: TensorElement, Result: TensorElement>(
  over x: Tensor<Element>, along axis: Int = 0, file: StaticString = #fileID, line: UInt = #line,
  _ body: (Tensor<Element>) throws -> Tensor<Result>
) rethrows -> Tensor<Result> {
  let axis = x.checkedAxes([axis], "vmap", file, line)[0]
  require(x.shape[axis] > 0, "vmap: nothing along axis \(axis) of \(x.shape)", file: file, line: line)
  let results = try (0..<x.shape[axis]).map { try body(x.select(along: axis, $0)) }
  return Tensor.stacked(results, file: file, line: line)
}
