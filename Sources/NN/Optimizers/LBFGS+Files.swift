import Tensor
import TensorFiles

extension LBFGS {
  /// Adds the optimizer's state to a set of tensors: the steps taken, and what the last iterations have found, all parameters as one
  /// vector.
  public func save(into file: inout Safetensors, prefix: String = "optimizer.") {
    file.set(Tensor([stepCount]), for: prefix + "step")
    guard let memory else { return }
    file.set(memory.gradient, for: prefix + "gradient")
    file.set(memory.direction, for: prefix + "direction")
    file.set(Tensor<Double>([memory.length, memory.scale]), for: prefix + "length_scale")
    guard !memory.changes.isEmpty else { return }
    file.set(Tensor.stacked(memory.changes), for: prefix + "changes")
    file.set(Tensor.stacked(memory.gradientChanges), for: prefix + "gradient_changes")
  }

  /// Takes the optimizer's state from a set of tensors, strictly.
  ///
  /// Throws `StateError` or `TensorFileError` and then changes nothing.
  public func load(_ file: Safetensors, prefix: String = "optimizer.") throws {
    let steps = try NN.stepCount(in: file, prefix + "step")
    var names = [prefix + "step"]
    var loaded: Memory?
    let count = parameters.reduce(0) { $0 + ($1.parameter.isTrainable ? $1.parameter.value.count : 0) }
    var wanted: [(name: String, shape: [Int], assign: (Tensor<Scalar>, StaticString, UInt) -> Void)] = []
    if ["gradient", "direction", "length_scale"].contains(where: { file.contains(prefix + $0) }) {
      let numbers: Tensor<Double> = try file.tensor(prefix + "length_scale")
      guard numbers.shape == [2] else {
        throw StateError(
          source: file.source, missing: [], unexpected: [],
          misshapen: ["\(prefix)length_scale (expected [2], found \(numbers.shape))"])
      }
      names.append(prefix + "length_scale")
      loaded = Memory(
        gradient: Tensor(0), direction: Tensor(0), length: numbers.scalars[0], scale: numbers.scalars[1])
      wanted.append((prefix + "gradient", [count], { tensor, _, _ in loaded!.gradient = tensor }))
      wanted.append((prefix + "direction", [count], { tensor, _, _ in loaded!.direction = tensor }))
      if file.contains(prefix + "changes") {
        let rows = (try file.tensor(prefix + "changes", as: Scalar.self)).shape.first ?? 0
        wanted.append(
          (prefix + "changes", [rows, count], { tensor, _, _ in loaded!.changes = (0..<rows).map { tensor[$0] } }))
        wanted.append(
          (
            prefix + "gradient_changes", [rows, count],
            { tensor, _, _ in loaded!.gradientChanges = (0..<rows).map { tensor[$0] } }
          ))
      }
    }
    try NN.load(wanted, from: file, prefix: prefix, alsoKnown: names)
    (memory, stepCount) = (loaded, steps)
  }
}
