import Tensor
import TensorFiles

extension Optimizer {
  /// Adds the optimizer's state to a set of tensors: the steps taken, and by group and parameter its steps and tensors.
  public func save(into file: inout Safetensors, prefix: String = "optimizer.") {
    file.set(Tensor([stepCount]), for: prefix + "step")
    for group in groups {
      for named in group.parameters {
        states.save(named.parameter, into: &file, path: "\(prefix)\(group.name).\(named.name)")
      }
    }
  }

  /// Takes the optimizer's state from a set of tensors, strictly; parameters that were never changed have none.
  ///
  /// Throws `StateError` or `TensorFileError` and then changes nothing.
  public func load(_ file: Safetensors, prefix: String = "optimizer.") throws {
    let steps = try NN.stepCount(in: file, prefix + "step")
    let parameters = groups.flatMap { group in
      group.parameters.map { ("\(prefix)\(group.name).\($0.name)", $0.parameter) }
    }
    try states.load(parameters, from: file, prefix: prefix)
    stepCount = steps
  }
}

/// A number of steps in a file; throws where it is none.
func stepCount(in file: Safetensors, _ name: String) throws -> Int {
  let count: Tensor<Int> = try file.tensor(name)
  guard count.shape == [1] else {
    throw StateError(
      source: file.source, missing: [], unexpected: [], misshapen: ["\(name) (expected [1], found \(count.shape))"])
  }
  return try validCount(count.item, in: file, name)
}

/// A number of steps that a file tells, from which counting can go on; throws `TensorFileError` for another.
func validCount(_ count: Int, in file: Safetensors, _ name: String) throws -> Int {
  guard (0...1 << 53).contains(count) else {
    throw TensorFileError.malformed(
      file: file.source, reason: "tensor '\(name)' holds \(count), which is no number of steps")
  }
  return count
}
