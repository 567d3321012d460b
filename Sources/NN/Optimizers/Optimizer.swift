import Tensor

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
  private var slots: [ObjectIdentifier: [Tensor<Scalar>]] = [:]

  /// Makes an optimizer for groups of parameters.
  ///
  /// Traps where a parameter is in two groups.
  public init(groups: [ParameterGroup<Scalar>], weightDecay: Double = 0) {
    self.groups = groups.enumerated().map { index, group in
      var group = group
      if group.name.isEmpty { group.name = "\(index)" }
      return group
    }
    self.weightDecay = weightDecay
    var seen: Set<ObjectIdentifier> = []
    for group in self.groups {
      for named in group.parameters where !seen.insert(ObjectIdentifier(named.parameter)).inserted {
        fatalError("Optimizer: parameter '\(named.name)' of group '\(group.name)' is in two groups")
      }
    }
  }

  /// The names of the tensors kept for each parameter, such as `momentum`.
  open var slotNames: [String] { [] }

  /// The new value of a parameter.
  ///
  /// `slots` has one tensor for each of `slotNames`, zeros at first; `step` counts from 1.
  open func updated(
    _ value: Tensor<Scalar>, _ gradient: Tensor<Scalar>, slots: inout [Tensor<Scalar>], learningRate: Scalar,
    weightDecay: Scalar, step: Int
  ) -> Tensor<Scalar> {
    fatalError("Optimizer: override updated(_:_:slots:learningRate:weightDecay:step:)")
  }

  /// Changes every parameter that a gradient has arrived at; frozen ones and those without a gradient stay as they are.
  ///
  /// Traps where a gradient has arrived at a parameter that is in no group, because it would be dropped silently: put it
  /// in a group, freeze it, or pass `ignoresOthers`.
  public func step(_ gradients: Gradients, ignoresOthers: Bool = false) {
    if !ignoresOthers { requireOwnership(of: gradients) }
    stepCount += 1
    withoutRecording {
      for group in groups {
        for named in group.parameters where named.parameter.isTrainable {
          guard let gradient = named.parameter.gradient(in: gradients) else { continue }
          let id = ObjectIdentifier(named.parameter)
          let zeros = Tensor<Scalar>.zeros(named.parameter.shape)
          var state = slots[id] ?? Array(repeating: zeros, count: slotNames.count)
          named.parameter.update(
            updated(
              named.parameter.value.detached, gradient, slots: &state,
              learningRate: Scalar(group.learningRate * learningRateFactor),
              weightDecay: Scalar(group.weightDecay ?? weightDecay), step: stepCount))
          slots[id] = state
        }
      }
    }
  }

  private func requireOwnership(of gradients: Gradients) {
    let own = groups.flatMap(\.parameters)
    let strangers = gradients.parameterLeaves.filter { leaf in !own.contains { $0.parameter.isLeaf(leaf) } }
    if !strangers.isEmpty {
      fatalError(
        "Optimizer: gradients have arrived at \(strangers.count) parameter(s) that are in no group; add them to one, "
          + "freeze them, or pass ignoresOthers: true")
    }
  }
}

extension Optimizer {
  /// Adds the optimizer's state to a set of tensors, by group, parameter and slot.
  public func save(into file: inout Safetensors, prefix: String = "optimizer.") {
    file.set(Tensor([stepCount]), for: prefix + "step")
    for group in groups {
      for named in group.parameters {
        guard let state = slots[ObjectIdentifier(named.parameter)] else { continue }
        for (name, tensor) in zip(slotNames, state) {
          file.set(tensor, for: "\(prefix)\(group.name).\(named.name).\(name)")
        }
      }
    }
  }

  /// Takes the optimizer's state from a set of tensors, strictly; parameters that were never changed have none.
  ///
  /// Throws `StateError` or `SafetensorsError` and then changes nothing.
  public func load(_ file: Safetensors, prefix: String = "optimizer.") throws {
    let steps: Labels = try file.tensor(prefix + "step")
    var loaded: [ObjectIdentifier: [Tensor<Scalar>]] = [:]
    var wanted: [(name: String, shape: [Int], assign: (Tensor<Scalar>, StaticString, UInt) -> Void)] = []
    for group in groups {
      for named in group.parameters {
        let names = slotNames.map { "\(prefix)\(group.name).\(named.name).\($0)" }
        guard names.contains(where: file.contains) else { continue }
        let id = ObjectIdentifier(named.parameter)
        for name in names {
          wanted.append((name, named.parameter.shape, { tensor, _, _ in loaded[id, default: []].append(tensor) }))
        }
      }
    }
    try NN.load(wanted, from: file, prefix: prefix, alsoKnown: [prefix + "step"])
    slots = loaded
    stepCount = steps.item
  }
}
