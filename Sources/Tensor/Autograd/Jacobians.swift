/// The value of `body` at a tensor and its pullback there, which can be called as often as one likes.
///
/// The pullback takes a tensor of the value's shape and returns one of `point`'s shape: the gradient of
/// `(value * cotangent).sum()`. It is recorded where `body` or the cotangent depends on other tracked tensors. It traps for
/// a cotangent of another shape, and where the value does not depend on `point` (then the gradient is zeros if it
/// `allowsUnused`), and names the line where it was made.
///
/// ```swift
/// let (y, pull) = pullback(at: x) { exp($0) }
/// let dx = pull(.ones(y.shape))                                   // exp(x)
/// ```
public func pullback<Scalar: TensorScalar, Result: TensorScalar>(
  at point: Tensor<Scalar>, allowsUnused: Bool = false, of body: (Tensor<Scalar>) throws -> Tensor<Result>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, pullback: (Tensor<Result>) -> Tensor<Scalar>) {
  let (value, pull) = try pullback(
    at: [point], allowsUnused: allowsUnused, of: { try body($0[0]) }, file: file, line: line)
  return (value, { pull($0)[0] })
}

/// The value of `body` at a list of tensors and its pullback there, which returns one gradient for each of them.
///
/// See `pullback(at:allowsUnused:of:)` for one tensor. The pullback traps for a cotangent of another shape than the value's,
/// and for an argument that the value does not depend on.
public func pullback<Scalar: TensorScalar, Result: TensorScalar>(
  at arguments: [Tensor<Scalar>], allowsUnused: Bool = false, of body: ([Tensor<Scalar>]) throws -> Tensor<Result>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Result>, pullback: (Tensor<Result>) -> [Tensor<Scalar>]) {
  let leaves = arguments.map { $0.leaf() }
  let nodes = leaves.map { $0.node! }
  let result = try differentiating(nodes) { try body(leaves) }
  let pull = { (cotangent: Tensor<Result>) -> [Tensor<Scalar>] in
    require(
      cotangent.shape == result.shape,
      "pullback: a cotangent of shape \(cotangent.shape) for a result of shape \(result.shape)", file: file, line: line)
    var gradients = Gradients([:])
    if let node = result.node {
      let pass = BackwardPass(root: node, wanted: nodes)
      let isNested = Recording.isOn && (pass.reachesOtherLeaves || cotangent.isTracked)
      gradients = pass.run(seed: cotangent, recording: isNested)
    }
    return leaves.map { gradients.arrived(at: $0, "pullback", allowsUnused, file, line) }
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
  let (value, pull) = try pullback(at: point, allowsUnused: allowsUnused, of: body, file: file, line: line)
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

/// The value of `body` at a tensor and its derivative along a direction: the Jacobian times the direction.
///
/// The direction has `point`'s shape, the derivative the value's. Computed as the pullback of the pullback (reverse over
/// reverse), so it costs about two gradients, however large the result is. Traps for a direction of another shape, and where
/// the value does not depend on the tensor.
public func valueWithDerivative<Scalar: TensorScalar>(
  at point: Tensor<Scalar>, along direction: Tensor<Scalar>, of body: (Tensor<Scalar>) throws -> Tensor<Scalar>,
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> (value: Tensor<Scalar>, derivative: Tensor<Scalar>) {
  require(
    direction.shape == point.shape,
    "valueWithDerivative: a direction of shape \(direction.shape) at a point of shape \(point.shape)", file: file,
    line: line)
  let (value, pull) = try pullback(at: point, of: body, file: file, line: line)
  let derivative = gradient(at: Tensor<Scalar>.zeros(value.shape)) { (pull($0) * direction).sum() }
  return (value, derivative)
}
