import Tensor
import _TestSupport

/// What has a place on the tape without being an operation of numbers.
func tapeRecords<S: TensorScalar>(_: S.Type) -> OperationRecords<S> {
  OperationRecords<S> { records in
    records.freeSizes = anySize
    // Float has few digits for finite differences: the converted part is made small.
    records.add("cast", [sample([2, 3])]) {
      squared($0[0]) + $0[0].cast(to: Float.self).cast(to: S.self) * $0[0] * 1e-3
    }
    records.add("checkpointed", [sample([2, 3])]) { inputs in checkpointed { tanh(inputs[0]) * inputs[0].sum() } }
    records.add("checkpointed, of what it captures", [sample([2, 3]), sample([3], seed: 2)]) { inputs in
      let scale = exp(inputs[1])
      return checkpointed { inputs[0] * scale } * inputs[0]
    }

    records.addError("cast", "cast: nan is no Int") { Tensor<Double>([1, .nan]).cast(to: Int.self) }
  }
}

extension OperationTests {
  /// Misuses of what is no operation: differentiation, conversion, creation.
  static let misuses: [ErrorRecord] = OperationRecords<Double> { records in
    let pair = Tensor<Float>([1, 2])
    let notOne = "gradient: the function's result has shape [2]; reduce it to one number first"
    records.addError("gradient", notOne) { gradient(at: pair) { $0 * 2 } }
    records.addError("gradient", notOne) { gradient(at: pair, pair) { $0 * $1 } }
    records.addError("valueWithGradient", notOne) { valueWithGradient(at: pair) { $0 * 2 } }
    records.addError("valueWithGradient", notOne) { valueWithGradient(at: [pair]) { $0[0] * 2 } }
    records.addError("hessian", notOne) { hessian(at: pair) { $0 * 2 } }
    records.addError("vjp", "vjp: a cotangent of shape [1] for a result of shape [2]") {
      vjp(at: pair) { $0 * 2 }.pullback(Tensor([1]))
    }
    records.addError("vjp", "vjp: a cotangent of shape [1] for a result of shape [2]") {
      vjp(at: [pair]) { $0[0] * 2 }.pullback(Tensor([1]))
    }
    records.addError(
      "jvp", "jvp: directions of shapes [[3]] at tensors of shapes [[2]]"
    ) { jvp(at: pair, along: Tensor([1, 2, 3])) { $0 * 2 } }
    records.addError("hvp", "hvp: directions of shapes [[3]] at tensors of shapes [[2]]") {
      hvp(at: pair, along: Tensor([1, 2, 3])) { $0.sum() }
    }
    records.addError("hvp", notOne) { hvp(at: pair, along: pair) { $0 * 2 } }
    let untracked = "Gradients: a tensor of shape [2] is not tracked; use .tracked()"
    records.addError("Gradients", untracked) { pair.tracked().sum().backward()[pair] }
    records.addError("Gradients", untracked) { pair.tracked().sum().backward()[ifPresent: pair] as Any }
    let absent = "Gradients: none has arrived at this tensor of shape [2]"
    records.addError("Gradients", absent) { pair.tracked().sum().backward()[pair.tracked()] }
    let constant = "backward: the result, of shape [], was computed from no tracked tensor"
    records.addError("backward", constant) { pair.sum().backward() }
    records.addError("backward", constant) { withoutRecording { pair.tracked().sum() }.backward() }
    records.addError("backward", constant) {
      let leaf = pair.tracked()
      let slope = (leaf * leaf).sum().backward()[leaf]
      return (slope * slope).sum().backward()
    }
    let unused = "the function's result does not depend on an argument of shape [2]; pass allowsUnused: true"
    records.addError("gradient", "gradient: \(unused)") {
      let leaf = pair.tracked()
      let slope = (leaf * leaf).sum().backward()[leaf]
      return gradient(at: leaf) { _ in slope.sum() }
    }
    records.addError("gradient", "gradient: \(unused)") { gradient(at: Tensor<Float>(1), pair) { x, _ in x * x } }
    records.addError("gradient", "gradient: \(unused)") { gradient(at: pair) { ($0.detached * 2).sum() } }
    records.addError("valueWithGradient", "gradient: \(unused)") { valueWithGradient(at: [pair]) { _ in Tensor(1) } }
    records.addError("vjp", "vjp: \(unused)") { vjp(at: pair) { $0.detached }.pullback(pair) }
    records.addError("jacobian", "vjp: \(unused)") { jacobian(at: pair) { $0.detached } }
    records.addError("hessian", "gradient: \(unused)") { hessian(at: pair) { _ in Tensor(1) } }
    records.addError("jvp", "jvp: \(unused)") {
      jvp(at: pair, along: pair) { $0.detached }
    }
    records.addError("Gradients", "Gradients: [1] is no gradient for a tensor of shape [2]") {
      let leaf = pair.tracked()
      var gradients = leaf.sum().backward()
      gradients.set(Tensor([1]), for: leaf)
      return gradients
    }
    records.addError("item", "item: a tensor of shape [2] has 2 elements, not one", namesCaller: false) { pair.item }

    let negative = "shape [2, -1] has a negative size or more elements than Int can count"
    records.addError("zeros", "zeros: \(negative)") { Tensor<Float>.zeros([2, -1]) }
    records.addError("ones", "ones: \(negative)") { Tensor<Float>.ones([2, -1]) }
    records.addError("full", "full: \(negative)") { Tensor<Bool>.full([2, -1], true) }
    records.addError("bernoulli", "bernoulli: \(negative)") {
      var generator = RandomGenerator(seed: 1)
      return Tensor<Bool>.bernoulli([2, -1], probability: 0.5, using: &generator)
    }
    records.addError("uniform", "uniform: \(negative)") {
      var generator = RandomGenerator(seed: 1)
      return Tensor<Float>.uniform([2, -1], using: &generator)
    }
    records.addError("normal", "normal: shape [\(Int.max / 4)] takes more bytes than Int can count") {
      var generator = RandomGenerator(seed: 1)
      return Tensor<Float>.normal([Int.max / 4], using: &generator)
    }
    records.addError("truncatedNormal", "truncatedNormal: \(negative)") {
      var generator = RandomGenerator(seed: 1)
      return Tensor<Float>.truncatedNormal([2, -1], using: &generator)
    }
    records.addError("eye", "eye: shape [-1, -1] has a negative size") { Tensor<Float>.eye(-1) }
    records.addError("range", "range: shape [-1] has a negative size") { Labels.range(-1) }
    records.addError("permutation", "permutation: -1 is not a number of elements") {
      var generator = RandomGenerator(seed: 1)
      return Labels.permutation(-1, using: &generator)
    }
    records.addError("Tensor", "Tensor: \(negative)") { Tensor<Float>([1], shape: [2, -1]) }
    records.addError("Tensor", "Tensor: \(negative)") { Tensor<Float>(shape: [2, -1]) { _ in } }
  }.errors
}
