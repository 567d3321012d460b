import Tensor
import TensorFiles

extension Optimizer {
  /// Adds the optimizer's state to a set of tensors: the steps taken, and by group and parameter its steps and tensors.
  public func save(into file: inout Safetensors, prefix: String = "optimizer.") {
    file.set(Tensor([stepCount]), for: prefix + "step")
    for group in groups {
      for named in group.parameters {
        guard let state = states[ObjectIdentifier(named.parameter)] else { continue }
        let path = "\(prefix)\(group.name).\(named.name)"
        file.set(Tensor([state.step]), for: "\(path).step")
        for (name, tensor) in zip(state.names, state.tensors) {
          file.set(named.parameter.whole(tensor), for: "\(path).\(name)")
        }
      }
    }
  }

  /// Takes the optimizer's state from a set of tensors, strictly; parameters that were never changed have none.
  ///
  /// Throws `StateError` or `TensorFileError` and then changes nothing.
  public func load(_ file: Safetensors, prefix: String = "optimizer.") throws {
    let steps = try count(in: file, prefix + "step")
    var loaded: [ObjectIdentifier: OptimizerState<Scalar>] = [:]
    var wanted: [(name: String, shape: [Int], assign: (Tensor<Scalar>, StaticString, UInt) -> Void)] = []
    var counts = [prefix + "step"]
    for group in groups {
      for named in group.parameters {
        let path = "\(prefix)\(group.name).\(named.name)"
        guard (rule.stateNames + ["step"]).contains(where: { file.contains("\(path).\($0)") }) else { continue }
        let id = ObjectIdentifier(named.parameter)
        counts.append("\(path).step")
        var state = OptimizerState<Scalar>(names: rule.stateNames, shape: named.parameter.shape)
        state.step = try count(in: file, "\(path).step")
        loaded[id] = state
        for name in rule.stateNames {
          let parameter = named.parameter
          wanted.append(
            ("\(path).\(name)", parameter.wholeShape, { tensor, _, _ in loaded[id]![name] = parameter.own(tensor) }))
        }
      }
    }
    try NN.load(wanted, from: file, prefix: prefix, alsoKnown: counts)
    states = loaded
    stepCount = steps
  }

  private func count(in file: Safetensors, _ name: String) throws -> Int {
    let count: Tensor<Int> = try file.tensor(name)
    guard count.shape == [1] else {
      throw StateError(
        source: file.source, missing: [], unexpected: [], misshapen: ["\(name) (expected [1], found \(count.shape))"])
    }
    return try validCount(count.item, in: file, name)
  }
}

/// A number of steps that a file tells, from which counting can go on; throws `TensorFileError` for another.
func validCount(_ count: Int, in file: Safetensors, _ name: String) throws -> Int {
  guard (0...1 << 53).contains(count) else {
    throw TensorFileError.malformed(
      file: file.source, reason: "tensor '\(name)' holds \(count), which is no number of steps")
  }
  return count
}
