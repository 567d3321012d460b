import Tensor

/// Compares the gradients of a module, such as a layer or a loss with parameters of its own, with finite differences: those of
/// all its trainable parameters and of its inputs, up to an order.
///
/// `body` applies the module; its result may have any shape. Otherwise as `gradientCheck(at:)` for tensors: `GradientCheckError` names the
/// parameter, by its dotted name, or the input, by its number. Running statistics and memories are left as they were. What draws random numbers, as
/// dropout does, has to be in evaluation. Traps for a parameter of which some rows take part.
///
/// ```swift
/// try gradientCheck(of: loss, at: embeddings) { loss($0, labels: labels) }
/// ```
public func gradientCheck(
  of module: some Module<Double>, at inputs: [Tensor<Double>], orders: Int = 2, step: Double = 1e-3,
  tolerance: Double = 1e-6, seed: UInt64 = 0, file: StaticString = #fileID, line: UInt = #line,
  _ body: @escaping ([Tensor<Double>]) -> Tensor<Double>
) throws {
  let parameters = module.parameters.filter { $0.parameter.isTrainable }
  if let sparse = parameters.first(where: { $0.parameter.activeRows != nil }) {
    trap("gradientCheck: some rows of '\(sparse.name)' take part; activate(rows: nil) first", file: file, line: line)
  }
  let others = module.state.map(\.parameter).filter { $0.role != .weight }
  let before = others.map(\.value)
  defer { for (other, value) in zip(others, before) { other.update(value) } }
  do {
    let values = parameters.map { $0.parameter.value.detached }
    try gradientCheck(
      at: inputs + values, orders: orders, step: step, tolerance: tolerance, seed: seed, file: file, line: line
    ) { arguments in
      Parameter.substituting(Array(arguments.dropFirst(inputs.count)), for: parameters.map(\.parameter)) {
        body(Array(arguments.prefix(inputs.count)))
      }
    }
  } catch let error as GradientCheckError {
    throw error.argument < inputs.count
      ? error.named("input \(error.argument)") : error.named("'\(parameters[error.argument - inputs.count].name)'")
  }
}

/// Compares the gradients of a module with finite differences: those of its trainable parameters and of one input, up to second order.
public func gradientCheck(
  of module: some Module<Double>, at input: Tensor<Double>, orders: Int = 2, step: Double = 1e-3,
  tolerance: Double = 1e-6, seed: UInt64 = 0, file: StaticString = #fileID, line: UInt = #line,
  _ body: @escaping (Tensor<Double>) -> Tensor<Double>
) throws {
  try gradientCheck(
    of: module, at: [input], orders: orders, step: step, tolerance: tolerance, seed: seed, file: file, line: line
  ) { body($0[0]) }
}

/// Compares the gradients of a layer with finite differences: those of its trainable parameters and of its input.
public func gradientCheck(
  of layer: some Layer<Double>, at input: Tensor<Double>, orders: Int = 2, step: Double = 1e-3,
  tolerance: Double = 1e-6, seed: UInt64 = 0, file: StaticString = #fileID, line: UInt = #line
) throws {
  try gradientCheck(
    of: layer, at: input, orders: orders, step: step, tolerance: tolerance, seed: seed, file: file, line: line
  ) { layer($0) }
}
