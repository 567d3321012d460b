/// The value of `body` at a tensor and its pullback there, which can be called as often as one likes: the vector-Jacobian product.
///
/// The pullback takes a tensor of the value's shape and returns one of `point`'s shape: the gradient of
/// `(value * cotangent).sum()`. It is recorded where `body` or the cotangent depends on other tracked tensors. It traps for
/// a cotangent of another shape, and where the value does not depend on `point` (then the gradient is zeros if it
/// `allowsUnused`), and names the line where it was made.
///
/// ```swift
/// let (y, pull) = vjp(at: x) { exp($0) }
/// let dx = pull(.ones(y.shape))                                   // exp(x)
/// ```
public func vjp<Scalar: TensorScalar, Result: TensorScalar>(
  at point: Tensor<Scalar>, allowsUnused: Bool = false, of body: (Tensor<Scalar>) throws -> Tensor<Result>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, pullback: (Tensor<Result>) -> Tensor<Scalar>) {
  let (value, pull) = try vjp(
    at: [point], allowsUnused: allowsUnused, of: { try body($0[0]) }, file: file, line: line)
  return (value, { pull($0)[0] })
}

/// The value of `body` at a list of tensors and its pullback there, which returns one gradient for each of them.
///
/// See `vjp(at:allowsUnused:of:)` for one tensor. The pullback traps for a cotangent of another shape than the value's,
/// and for an argument that the value does not depend on.
public func vjp<Scalar: TensorScalar, Result: TensorScalar>(
  at arguments: [Tensor<Scalar>], allowsUnused: Bool = false, of body: ([Tensor<Scalar>]) throws -> Tensor<Result>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, pullback: (Tensor<Result>) -> [Tensor<Scalar>]) {
  try pullback("vjp", at: arguments, allowsUnused, body, file, line)
}

/// `vjp` for an operation of this name.
private func pullback<Scalar: TensorScalar, Result: TensorScalar>(
  _ name: StaticString, at arguments: [Tensor<Scalar>], _ allowsUnused: Bool,
  _ body: ([Tensor<Scalar>]) throws -> Tensor<Result>, _ file: StaticString, _ line: UInt
) rethrows -> (value: Tensor<Result>, pullback: (Tensor<Result>) -> [Tensor<Scalar>]) {
  let leaves = arguments.map { $0.leaf() }
  let nodes = leaves.map { $0.node! }
  let result = try differentiating(nodes) { try body(leaves) }
  let pull = { (cotangent: Tensor<Result>) -> [Tensor<Scalar>] in
    require(
      cotangent.shape == result.shape,
      "\(name): a cotangent of shape \(cotangent.shape) for a result of shape \(result.shape)", file: file, line: line)
    var gradients = Gradients([:])
    if let node = result.node {
      let pass = BackwardPass(root: node, wanted: nodes)
      let isNested = Recording.isOn && (pass.reachesOtherLeaves || cotangent.isTracked)
      gradients = pass.run(seed: cotangent, recording: isNested)
    }
    return leaves.map { gradients.arrived(at: $0, name, allowsUnused, file, line) }
  }
  let dependsOnMore = result.node.map {
    Recording.isOn && BackwardPass(root: $0, wanted: nodes).reachesOtherLeaves
  }
  return (dependsOnMore ?? false ? result : result.detached, pull)
}

/// All first derivatives of `body` at a tensor: shape `result.shape + point.shape`.
///
/// One pullback for each element of the result. Can be differentiated again; see also `hessian(at:of:)`. Traps where the
/// result does not depend on the tensor, unless it `allowsUnused`: then they are zeros.
public func jacobian<Scalar: TensorScalar>(
  at point: Tensor<Scalar>, allowsUnused: Bool = false, of body: (Tensor<Scalar>) throws -> Tensor<Scalar>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> Tensor<Scalar> {
  let (value, pull) = try vjp(at: point, allowsUnused: allowsUnused, of: body, file: file, line: line)
  if value.count == 0 { return .zeros(value.shape + point.shape) }
  let unit = Tensor<Scalar>.eye(value.count)
  let rows = (0..<value.count).map { pull(unit[$0].reshaped(value.shape)) }
  return Tensor.stacked(rows).reshaped(value.shape + point.shape)
}

/// All second derivatives of a function to one number at a tensor: shape `point.shape + point.shape`.
///
/// The Jacobian of the gradient; zeros for a linear function. Traps unless the result has one element and depends on the
/// tensor.
public func hessian<Scalar: TensorScalar>(
  at point: Tensor<Scalar>, of body: (Tensor<Scalar>) -> Tensor<Scalar>, file: StaticString = #fileID,
  line: UInt = #line
) -> Tensor<Scalar> {
  jacobian(at: point, allowsUnused: true) { x in gradient(at: x, of: body, file: file, line: line) }
}

/// The value of `body` at a tensor and its derivative along a direction: the Jacobian-vector product.
///
/// The direction has `point`'s shape, the derivative the value's. There is no second set of rules for it: it is the pullback of
/// the pullback (reverse over reverse, which the operations' second order makes possible), so it costs about two gradients,
/// however large the result is, and holds what a gradient holds. Traps for a direction of another shape, and where the value
/// does not depend on the tensor, unless it `allowsUnused`: then the derivative is zeros.
///
/// ```swift
/// let (y, dy) = jvp(at: x, along: v) { sin($0) }                    // sin(x), cos(x) * v
/// ```
public func jvp<Scalar: TensorScalar, Result: TensorScalar>(
  at point: Tensor<Scalar>, along direction: Tensor<Scalar>, allowsUnused: Bool = false,
  of body: (Tensor<Scalar>) throws -> Tensor<Result>, file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, derivative: Tensor<Result>) {
  try jvp(
    at: [point], along: [direction], allowsUnused: allowsUnused, of: { try body($0[0]) }, file: file, line: line)
}

/// The value of `body` at a list of tensors and its derivative along a direction for each of them.
///
/// See `jvp(at:along:allowsUnused:of:)` for one tensor. Traps for directions of other shapes, and for an argument that the value
/// does not depend on.
public func jvp<Scalar: TensorScalar, Result: TensorScalar>(
  at arguments: [Tensor<Scalar>], along directions: [Tensor<Scalar>], allowsUnused: Bool = false,
  of body: ([Tensor<Scalar>]) throws -> Tensor<Result>, file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, derivative: Tensor<Result>) {
  requireDirections(directions, at: arguments, "jvp", file, line)
  let (value, pull) = try pullback("jvp", at: arguments, allowsUnused, body, file, line)
  // The pullback is linear in its cotangent, so its own pullback is the same anywhere: at zeros, too.
  let derivative = gradient(
    at: Tensor<Result>.zeros(value.shape), allowsUnused: allowsUnused, of: { sumOfProducts(pull($0), directions) },
    file: file, line: line)
  return (value, derivative)
}

/// The second derivatives of a function to one number times a direction: the Hessian-vector product, of `point`'s shape.
///
/// About two gradients, where the Hessian takes one an element. Zeros for a linear function. For many directions at one point
/// take the pullback of the gradient, which is recorded once: `vjp(at: x, allowsUnused: true) { gradient(at: $0, of: body) }`;
/// Hessians are symmetric. Traps for a direction of another shape, and unless the result has one element and depends on the
/// tensor.
public func hvp<Scalar: TensorScalar>(
  at point: Tensor<Scalar>, along direction: Tensor<Scalar>, of body: (Tensor<Scalar>) throws -> Tensor<Scalar>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> Tensor<Scalar> {
  try hvp(at: [point], along: [direction], of: { try body($0[0]) }, file: file, line: line)[0]
}

/// The second derivatives of a function of a list of tensors times a direction for each: one product for each tensor.
///
/// See `hvp(at:along:of:)` for one tensor. Traps for directions of other shapes, and for an argument that the result does not
/// depend on.
public func hvp<Scalar: TensorScalar>(
  at arguments: [Tensor<Scalar>], along directions: [Tensor<Scalar>],
  of body: ([Tensor<Scalar>]) throws -> Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) rethrows -> [Tensor<Scalar>] {
  requireDirections(directions, at: arguments, "hvp", file, line)
  return try valueWithGradient(at: arguments, allowsUnused: true) { arguments in
    sumOfProducts(try valueWithGradient(at: arguments, of: body, file: file, line: line).gradient, directions)
  }.gradient
}

private func sumOfProducts<Scalar: TensorScalar>(_ a: [Tensor<Scalar>], _ b: [Tensor<Scalar>]) -> Tensor<Scalar> {
  zip(a, b).reduce(Tensor(0)) { $0 + ($1.0 * $1.1).sum() }
}

private func requireDirections<Scalar: TensorScalar>(
  _ directions: [Tensor<Scalar>], at arguments: [Tensor<Scalar>], _ name: StaticString, _ file: StaticString,
  _ line: UInt
) {
  require(
    directions.map(\.shape) == arguments.map(\.shape),
    "\(name): directions of shapes \(directions.map(\.shape)) at tensors of shapes \(arguments.map(\.shape))",
    file: file,
    line: line)
}
