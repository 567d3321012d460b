import Tensor
import TensorFiles

/// Parameters that do not fit the file they were to be loaded from; nothing has been changed.
public struct StateError: Error, CustomStringConvertible {
  /// The file.
  public let source: String
  /// Names that the module has and the file lacks.
  public let missing: [String]
  /// Names that the file has and the module lacks.
  public let unexpected: [String]
  /// Names whose shapes differ, or that are stored in a type that the scalars do not hold exactly, with both.
  public let misshapen: [String]
  /// Names of tensors that hold a NaN or an infinity.
  public let notFinite: [String]

  package init(
    source: String, missing: [String] = [], unexpected: [String] = [], misshapen: [String] = [],
    notFinite: [String] = []
  ) {
    (self.source, self.missing, self.unexpected) = (source, missing, unexpected)
    (self.misshapen, self.notFinite) = (misshapen, notFinite)
  }

  /// One line that names the keys, of each kind the first eight.
  public var description: String {
    func part(_ title: String, _ names: [String]) -> String? {
      let rest = names.count > 8 ? " and \(names.count - 8) more" : ""
      return names.isEmpty ? nil : "\(title) \(names.prefix(8).joined(separator: ", "))\(rest)"
    }
    let parts = [
      part("missing", missing), part("unexpected", unexpected), part("misshapen", misshapen),
      part("NaN or infinity in", notFinite),
    ]
    return "\(source) does not fit: " + parts.compactMap(\.self).joined(separator: "; ")
  }
}

extension Module {
  /// Every parameter, statistics included, under its name.
  public func tensors(prefix: String = "") -> Safetensors {
    var file = Safetensors()
    save(into: &file, prefix: prefix)
    return file
  }

  /// Adds every parameter, statistics included, to a set of tensors.
  public func save(into file: inout Safetensors, prefix: String) {
    for named in state { file.set(named.parameter.wholeValue, for: prefix + named.name) }
  }

  /// Adds what the module learned to a set of tensors.
  public func save(into file: inout Safetensors) { save(into: &file, prefix: "") }

  /// Takes every parameter from a set of tensors, strictly: each name under the prefix is used, each parameter found.
  ///
  /// What the scalars hold exactly is converted, such as `Float` in a model of `Double`, or half precision; a model of `Float` does not take
  /// `Double`. For a file with other names see `Safetensors.renamed`.
  ///
  /// The counters that PyTorch keeps beside running statistics, `num_batches_tracked`, are passed over: no layer uses them. Other things in the
  /// same file, such as an optimiser's state, take a prefix for both.
  ///
  /// Throws `StateError` that lists every missing, unexpected or misshapen name, or those with a NaN or an infinity, and then
  /// changes nothing.
  public func load(_ file: Safetensors, prefix: String) throws {
    try loadParameters(file, prefix: prefix, alsoKnown: [])
  }

  /// Takes what the module learned from a set of tensors, strictly.
  ///
  /// Throws `StateError` that lists every missing, unexpected or misshapen name, or those with a NaN or an infinity, and then
  /// changes nothing.
  public func load(_ file: Safetensors) throws { try load(file, prefix: "") }

  /// The strict loading of parameters, for modules that save other tensors beside them, under the names `alsoKnown`.
  package func loadParameters(_ file: Safetensors, prefix: String, alsoKnown: [String]) throws {
    try NN.load(
      state.map { named in
        let parameter = named.parameter
        return (prefix + named.name, parameter.wholeShape, { parameter.update(parameter.own($0), file: $1, line: $2) })
      }, from: file, prefix: prefix,
      alsoKnown: alsoKnown)
  }
}

/// What PyTorch calls the counters that it keeps beside running statistics.
package func batchCounters(beside names: [String]) -> [String] {
  names.filter { $0.hasSuffix("running_mean") }.map { $0.dropLast("running_mean".count) + "num_batches_tracked" }
}

/// Whether each number of one floating-point type is one of another; each type holds itself.
private func holds(_ type: ElementType, _ stored: ElementType) -> Bool {
  if type == stored { return true }
  switch type {
  case .float64: return [.float32, .float16, .bfloat16].contains(stored)
  case .float32: return [.float16, .bfloat16].contains(stored)
  default: return false
  }
}

/// Hands each slot its tensor, after checking that names and shapes fit, types hold what is stored, and all numbers are finite.
func load<Scalar: TensorScalar>(
  _ slots: [(name: String, shape: [Int], assign: (Tensor<Scalar>, StaticString, UInt) -> Void)],
  from file: Safetensors, prefix: String, alsoKnown: [String] = []
) throws {
  let expected = Set(slots.map(\.name) + alsoKnown + batchCounters(beside: slots.map(\.name)))
  let missing = slots.map(\.name).filter { !file.contains($0) }
  let unexpected = file.names.filter { $0.hasPrefix(prefix) && !expected.contains($0) }
  let misshapen = slots.compactMap { slot -> String? in
    guard let shape = file.shape(of: slot.name), let type = file.elementType(of: slot.name) else { return nil }
    if shape == slot.shape && holds(Scalar.elementType, type) { return nil }
    return "\(slot.name) (expected \(slot.shape) \(Scalar.elementType.rawValue), found \(shape) \(type.rawValue))"
  }
  guard missing.isEmpty, unexpected.isEmpty, misshapen.isEmpty else {
    throw StateError(source: file.source, missing: missing, unexpected: unexpected, misshapen: misshapen)
  }
  let notFinite = try slots.map(\.name).filter { try !isFinite(file.tensor($0, convertingTo: Scalar.self)) }
  guard notFinite.isEmpty else { throw StateError(source: file.source, notFinite: notFinite) }
  for slot in slots { slot.assign(try file.tensor(slot.name, convertingTo: Scalar.self), #fileID, #line) }
}

/// Whether no element is NaN or infinite.
package func isFinite<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) -> Bool {
  withoutRecording { tensor.isFinite.allTrue }
}
