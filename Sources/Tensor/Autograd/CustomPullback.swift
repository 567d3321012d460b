/// A function of one tensor with a pullback of its own.
///
/// `body` computes the value, which is not recorded, and returns it with the pullback: from the gradient of the value to
/// that of the input, in the input's shape (or a shape that broadcasting gave it, which is summed back). For gradients of
/// higher order the pullback must compute from the input that `body` got, with differentiable operations; whatever `body`
/// computed before is a constant in it. `gradientCheck` finds mistakes in either. Traps for a gradient of a wrong shape.
///
/// ```swift
/// /// The identity, with a gradient of at most 1 in each element.
/// func clipped(_ x: Tensor<Float>) -> Tensor<Float> {
///   withPullback("clipped", at: x) { x in (x, { g in g.clamped(to: -1...1) }) }
/// }
/// ```
public func withPullback<Scalar: TensorScalar>(
  _ name: StaticString = "custom", at input: Tensor<Scalar>,
  of body: (Tensor<Scalar>) throws -> (value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> Tensor<Scalar>),
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> Tensor<Scalar> {
  let (value, pullback) = try withoutRecording { try body(input) }
  return value.detached.recorded(name, (input, checked(pullback, name, input.shape, file, line)))
}

/// A function of two tensors with a pullback of its own, which returns a gradient for each.
///
/// See `withPullback(_:at:of:)` for one tensor. Traps for a gradient of a wrong shape.
public func withPullback<Scalar: TensorScalar>(
  _ name: StaticString = "custom", at first: Tensor<Scalar>, _ second: Tensor<Scalar>,
  of body: (Tensor<Scalar>, Tensor<Scalar>) throws -> (
    value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> (Tensor<Scalar>, Tensor<Scalar>)
  ), file: StaticString = #fileID, line: UInt = #line
) rethrows -> Tensor<Scalar> {
  try withPullback(
    name, at: [first, second],
    of: { inputs in
      let (value, pullback) = try body(inputs[0], inputs[1])
      return (
        value,
        { gradient in
          let (a, b) = pullback(gradient)
          return [a, b]
        }
      )
    }, file: file, line: line)
}

/// A function of a list of tensors with a pullback of its own, which returns a gradient for each.
///
/// See `withPullback(_:at:of:)` for one tensor. Traps for gradients of a wrong shape or number.
public func withPullback<Scalar: TensorScalar>(
  _ name: StaticString = "custom", at inputs: [Tensor<Scalar>],
  of body: ([Tensor<Scalar>]) throws -> (value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> [Tensor<Scalar>]),
  file: StaticString = #fileID, line: UInt = #line
) rethrows -> Tensor<Scalar> {
  let (value, pullback) = try withoutRecording { try body(inputs) }
  return value.detached.recorded(
    name, inputs,
    jointly: { gradient in
      let gradients = pullback(gradient)
      require(
        gradients.count == inputs.count,
        "\(name): the pullback returned \(gradients.count) gradients for \(inputs.count) inputs", file: file, line: line
      )
      return zip(gradients, inputs).map { gradient, input in
        checked({ $0 }, name, input.shape, file, line)(gradient)
      }
    })
}

/// A pullback whose result must fit the input's shape.
private func checked<Scalar>(
  _ pullback: @escaping (Tensor<Scalar>) -> Tensor<Scalar>, _ name: StaticString, _ shape: [Int],
  _ file: StaticString, _ line: UInt
) -> (Tensor<Scalar>) -> Tensor<Scalar> {
  { gradient in
    let result = pullback(gradient)
    require(
      result.shape == shape || broadcastShape(shape, result.shape) == result.shape,
      "\(name): the pullback returned shape \(result.shape) for an input of shape \(shape)", file: file, line: line)
    return result
  }
}
