/// The value of a loss, as a constant, and the gradients of all leaves that it depends on: for gradients that are added up or
/// clipped before a step.
///
/// ```swift
/// var (value, gradients) = valueWithGradients { loss(model(images), labels: labels) }
/// gradients.clipNorm(of: model.parameters, to: 1)
/// optimizer.step(gradients)
/// ```
///
/// The graph is gone when this returns, and during the walk back whatever it has passed: nothing but the closure's result holds
/// it. Traps as `backward(allowsUntracked:)`, whose argument is asked for when the loss is known.
public func valueWithGradients<Scalar: TensorScalar>(
  allowsUntracked: @autoclosure () -> Bool = false, file: StaticString = #fileID, line: UInt = #line,
  of loss: () throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: Gradients) {
  let result = try loss()
  let value = result.detached
  return (value, (consume result).backward(allowsUntracked: allowsUntracked(), file: file, line: line))
}
