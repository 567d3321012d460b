/// The value of `body` at some tensors and its gradient with respect to each of them.
///
/// Gradients of gradients work: where `body` or its arguments depend on other tracked tensors (a model's parameters, say),
/// the gradient is itself recorded and holds on to the graph. In a loop that steps along such a gradient, take its
/// `detached`, or the graphs of all steps stay in memory. Traps unless the result has one element, and for an argument that
/// the result does not depend on, because it was cut off on the way (`detached`, `withoutRecording`, a gradient that
/// `backward()` returned) or is not used: with `allowsUnused` its gradient is zeros.
///
/// ```swift
/// let (value, gradient) = valueWithGradient(at: x) { ($0 * $0).sum() }
/// let (loss, (dx, dy)) = valueWithGradient(at: x, y) { x, y in (x * y).sum() }
/// ```
public func valueWithGradient<Result: TensorScalar, each Scalar: TensorScalar>(
  at arguments: repeat Tensor<each Scalar>, allowsUnused: Bool = false,
  of body: (repeat Tensor<each Scalar>) throws -> Tensor<Result>, file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, gradient: (repeat Tensor<each Scalar>)) {
  let leaves = (repeat (each arguments).leaf())
  var wanted: [Node] = []
  func want(_ node: Node) { wanted.append(node) }
  repeat want((each leaves).node!)
  let result = try differentiating(wanted) { try body(repeat each leaves) }
  let (value, gradients) = differentiate(consume result, wanted: wanted, file, line)
  func arrived<S: TensorScalar>(_ leaf: Tensor<S>) -> Tensor<S> {
    gradients.arrived(at: leaf, "gradient", allowsUnused, file, line)
  }
  return (value, (repeat arrived(each leaves)))
}

/// The gradient of `body` at some tensors, with respect to each of them.
///
/// See `valueWithGradient(at:allowsUnused:of:)`. Traps unless the result has one element and depends on every argument.
public func gradient<Result: TensorScalar, each Scalar: TensorScalar>(
  at arguments: repeat Tensor<each Scalar>, allowsUnused: Bool = false,
  of body: (repeat Tensor<each Scalar>) throws -> Tensor<Result>, file: StaticString = #fileID, line: UInt = #line
) rethrows -> (repeat Tensor<each Scalar>) {
  try valueWithGradient(
    at: repeat each arguments, allowsUnused: allowsUnused, of: body, file: file, line: line
  ).gradient
}

/// The value of `body` at a list of tensors and its gradient with respect to each of them.
///
/// See `valueWithGradient(at:allowsUnused:of:)`; this one is for lists whose length is known only at run time. Traps unless
/// the result has one element and depends on every argument.
public func valueWithGradient<Scalar: TensorScalar>(
  at arguments: [Tensor<Scalar>], allowsUnused: Bool = false, of body: ([Tensor<Scalar>]) throws -> Tensor<Scalar>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Scalar>, gradient: [Tensor<Scalar>]) {
  let leaves = arguments.map { $0.leaf() }
  let nodes = leaves.map { $0.node! }
  let result = try differentiating(nodes) { try body(leaves) }
  let (value, gradients) = differentiate(consume result, wanted: nodes, file, line)
  return (value, leaves.map { gradients.arrived(at: $0, "gradient", allowsUnused, file, line) })
}

/// Runs a function that is to be differentiated at these places, with recording on.
func differentiating<Result>(_ places: [Node], _ body: () throws -> Result) rethrows -> Result {
  for place in places { place.isOpenArgument = true }
  defer { for place in places { place.isOpenArgument = false } }
  return try Recording.with(true, body)
}

private func differentiate<Result: TensorScalar>(
  _ result: consuming Tensor<Result>, wanted: [Node], _ file: StaticString, _ line: UInt
) -> (Tensor<Result>, Gradients) {
  require(
    result.count == 1, "gradient: the function's result has shape \(result.shape); reduce it to one number first",
    file: file, line: line)
  guard let node = result.node else { return (result, Gradients([:])) }
  let pass = BackwardPass(root: consume node, wanted: wanted)
  let isNested = Recording.isOn && pass.reachesOtherLeaves
  let value = isNested ? result : result.detached
  _ = consume result
  return (value, pass.run(seed: Tensor<Result>.ones(value.shape), recording: isNested))
}
