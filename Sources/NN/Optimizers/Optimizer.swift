import Tensor
import TensorFiles

/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup<Scalar: TensorScalar> {
  /// What messages and saved state call it.
  public var name: String
  /// The parameters, named.
  public let parameters: [NamedParameter<Scalar>]
  /// The learning rate before the schedule's factor.
  public var learningRate: Double
  /// The weight decay; nil takes the optimizer's.
  public var weightDecay: Double?

  /// Makes a group; without a name it is called by its position.
  public init(
    _ parameters: [NamedParameter<Scalar>], learningRate: Double, weightDecay: Double? = nil, name: String = ""
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.name = name
  }
}

/// What all optimizers share: groups of parameters, a learning-rate factor, state by name.
///
/// A subclass overrides `slotNames` and `updated`.
open class Optimizer<Scalar: TensorScalar> {
  /// The groups; learning rates may be changed between steps.
  public var groups: [ParameterGroup<Scalar>]
  /// Multiplies every group's learning rate; set it from a `Schedule`.
  public var learningRateFactor = 1.0
  /// The number of steps taken.
  public private(set) var stepCount = 0
  private let weightDecay: Double
  private var states: [ObjectIdentifier: ParameterState<Scalar>] = [:]

  /// Makes an optimizer for groups of parameters.
  ///
  /// Traps where a parameter is in two groups, or where two have the same group's and parameter's name, because the saved
  /// state of one would overwrite the other's.
  public init(
    groups: [ParameterGroup<Scalar>], weightDecay: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.groups = groups.enumerated().map { index, group in
      var group = group
      if group.name.isEmpty { group.name = "\(index)" }
      return group
    }
    self.weightDecay = weightDecay
    var seen: Set<ObjectIdentifier> = []
    var names: Set<String> = []
    for group in self.groups {
      for named in group.parameters {
        require(
          seen.insert(ObjectIdentifier(named.parameter)).inserted,
          "Optimizer: parameter '\(named.name)' of group '\(group.name)' is in two groups", file: file, line: line)
        require(
          names.insert("\(group.name).\(named.name)").inserted,
          "Optimizer: two parameters are called '\(group.name).\(named.name)'", file: file, line: line)
      }
    }
  }

  /// The names of the tensors kept for each parameter, such as `momentum`.
  open var slotNames: [String] { [] }

  /// The new value of a parameter.
  ///
  /// `slots` has one tensor for each of `slotNames`, zeros at first; `step` counts the parameter's own steps from 1.
  open func updated(
    _ value: Tensor<Scalar>, _ gradient: Tensor<Scalar>, slots: inout [Tensor<Scalar>], learningRate: Scalar,
    weightDecay: Scalar, step: Int
  ) -> Tensor<Scalar> {
    trap("Optimizer: override updated(_:_:slots:learningRate:weightDecay:step:)", file: #fileID, line: #line)
  }

  /// Changes every parameter that a gradient has arrived at; frozen ones and those without a gradient stay as they are.
  ///
  /// Traps where a gradient has arrived at a parameter that is in no group, because it would be dropped silently: put it
  /// in a group, freeze it, or pass `ignoresOthers`.
  public func step(
    _ gradients: Gradients, ignoresOthers: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    if !ignoresOthers { requireOwnership(of: gradients, file, line) }
    stepCount += 1
    withoutRecording {
      for group in groups {
        for named in group.parameters where named.parameter.isTrainable {
          guard let gradient = named.parameter.gradient(in: gradients) else { continue }
          var state =
            states[ObjectIdentifier(named.parameter)]
            ?? ParameterState(slots: slotNames.map { _ in .zeros(named.parameter.shape) })
          state.step += 1
          named.parameter.update(
            updated(
              named.parameter.value.detached, gradient, slots: &state.slots,
              learningRate: Scalar(group.learningRate * learningRateFactor),
              weightDecay: Scalar(group.weightDecay ?? weightDecay), step: state.step))
          states[ObjectIdentifier(named.parameter)] = state
        }
      }
    }
  }

  private func requireOwnership(of gradients: Gradients, _ file: StaticString, _ line: UInt) {
    let own = groups.flatMap(\.parameters)
    let strangers = gradients.parameterLeaves.filter { leaf in !own.contains { $0.parameter.isLeaf(leaf) } }
    require(
      strangers.isEmpty,
      "Optimizer: gradients have arrived at \(strangers.count) parameter(s) that are in no group; add them to one, "
        + "freeze them, or pass ignoresOthers: true", file: file, line: line)
  }
}

/// What an optimizer keeps for a parameter: its slots, and how often it has been changed.
private struct ParameterState<Scalar: TensorScalar> {
  var slots: [Tensor<Scalar>]
  var step = 0
}

extension Optimizer {
  /// Adds the optimizer's state to a set of tensors: the steps taken, and by group and parameter its steps and slots.
  public func save(into file: inout Safetensors, prefix: String = "optimizer.") {
    file.set(Tensor([stepCount]), for: prefix + "step")
    for group in groups {
      for named in group.parameters {
        guard let state = states[ObjectIdentifier(named.parameter)] else { continue }
        let path = "\(prefix)\(group.name).\(named.name)"
        file.set(Tensor([state.step]), for: "\(path).step")
        for (name, tensor) in zip(slotNames, state.slots) { file.set(tensor, for: "\(path).\(name)") }
      }
    }
  }

  /// Takes the optimizer's state from a set of tensors, strictly; parameters that were never changed have none.
  ///
  /// Throws `StateError` or `TensorFileError` and then changes nothing.
  public func load(_ file: Safetensors, prefix: String = "optimizer.") throws {
    let steps = try count(in: file, prefix + "step")
    var loaded: [ObjectIdentifier: ParameterState<Scalar>] = [:]
    var wanted: [(name: String, shape: [Int], assign: (Tensor<Scalar>, StaticString, UInt) -> Void)] = []
    var counts = [prefix + "step"]
    for group in groups {
      for named in group.parameters {
        let path = "\(prefix)\(group.name).\(named.name)"
        guard (slotNames + ["step"]).contains(where: { file.contains("\(path).\($0)") }) else { continue }
        let id = ObjectIdentifier(named.parameter)
        counts.append("\(path).step")
        loaded[id] = ParameterState(slots: [], step: try count(in: file, "\(path).step"))
        for name in slotNames {
          wanted.append(
            ("\(path).\(name)", named.parameter.shape, { tensor, _, _ in loaded[id]!.slots.append(tensor) }))
        }
      }
    }
    try NN.load(wanted, from: file, prefix: prefix, alsoKnown: counts)
    states = loaded
    stepCount = steps
  }

  private func count(in file: Safetensors, _ name: String) throws -> Int {
    let count: Labels = try file.tensor(name)
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
