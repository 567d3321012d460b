import Tensor

/// Changes parameters by their gradients: a rule, groups of parameters, a learning-rate factor, state by name.
///
/// ```swift
/// let optimizer = AdamW(model.parameters, learningRate: 1e-3)
/// for batch in batches {
///   optimizer.step { loss(model(batch.images), labels: batch.labels) }
/// }
/// ```
///
/// `SGD`, `AdamW` and the others are optimizers with a rule and its options; `Optimizer(_:_:learningRate:)` takes a rule of your own.
public class Optimizer<Scalar: TensorScalar> {
  /// The groups, each with a name and a learning rate.
  public private(set) var groups: [ParameterGroup<Scalar>]
  /// Multiplies every group's learning rate; set it from a `Schedule`.
  public var learningRateFactor = 1.0
  /// The number of steps taken.
  public internal(set) var stepCount = 0
  /// The rule, and what is kept for each parameter that was changed.
  let states: any AnyRuleStates<Scalar>
  /// The places in the graph of all parameters, but for those of whose rows some take part, which change.
  private let leaves: Set<ObjectIdentifier>

  /// Makes an optimizer of a rule for named parameters, or for groups of them.
  ///
  /// Traps where a group has no learning rate and none is given here, where a parameter is in two groups, where two have the same
  /// group's and parameter's name, because the saved state of one would overwrite the other's, and where each rank has some rows of
  /// a parameter that the rule has to see as a whole.
  public init<Member: ParameterGroupConvertible<Scalar>>(
    _ rule: some OptimizerRule<Scalar>, _ parameters: [Member], learningRate: Double? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    states = RuleStates(rule)
    groups = Member.groups(of: parameters).enumerated().map { index, group in
      var group = group
      if group.name.isEmpty { group.name = "\(index)" }
      group.learningRate = group.learningRate ?? learningRate
      require(
        group.learningRate != nil, "Optimizer: no learning rate is given for group '\(group.name)'", file: file,
        line: line)
      return group
    }
    var seen: Set<ObjectIdentifier> = []
    var names: Set<String> = []
    for group in groups {
      for named in group.parameters {
        require(
          seen.insert(named.parameter.leafIdentity).inserted,
          "Optimizer: parameter '\(named.name)' of group '\(group.name)' is in two groups", file: file, line: line)
        require(
          names.insert("\(group.name).\(named.name)").inserted,
          "Optimizer: two parameters are called '\(group.name).\(named.name)'", file: file, line: line)
        require(
          states.isElementwise || named.parameter.shard == nil,
          "Optimizer: the rule looks at a parameter as a whole, and of '\(named.name)' each rank has rows of its own; a rule that "
            + "does not has isElementwise", file: file, line: line)
      }
    }
    leaves = seen
  }

  /// How many parameters of other owners a gradient has arrived at.
  private func strangerCount(_ gradients: Gradients) -> Int {
    let others = gradients.parameterLeaves.map { ObjectIdentifier($0) }.filter { !leaves.contains($0) }
    guard !others.isEmpty else { return 0 }
    let now = Set(groups.lazy.flatMap(\.parameters).map(\.parameter.leafIdentity))
    return others.count { !now.contains($0) }
  }

  /// Gives a group another learning rate; traps where no group has the name.
  public func setLearningRate(
    _ learningRate: Double, ofGroup name: String, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let index = groups.firstIndex(where: { $0.name == name }) else {
      trap("Optimizer: no group is called '\(name)'", file: file, line: line)
    }
    groups[index].learningRate = learningRate
  }

  /// Makes a loss, walks back from it, and changes every parameter that a gradient has arrived at; returns the loss as a
  /// constant.
  ///
  /// The graph is gone when the parameters are changed, and during the walk back whatever it has passed. Otherwise as
  /// `step(_:ignoresOthers:allowsNoGradients:)`.
  @discardableResult
  public func step(
    ignoresOthers: Bool = false, allowsNoGradients: Bool = false, file: StaticString = #fileID, line: UInt = #line,
    _ loss: () throws -> Tensor<Scalar>
  ) rethrows -> Tensor<Scalar> {
    let (value, gradients) = try valueWithGradients(
      allowsUntracked: allowsNoGradients, file: file, line: line, of: loss)
    step(gradients, ignoresOthers: ignoresOthers, allowsNoGradients: allowsNoGradients, file: file, line: line)
    return value
  }

  /// Changes every parameter that a gradient has arrived at; frozen ones and those without a gradient stay as they are.
  ///
  /// Traps where a gradient has arrived at a parameter that is in no group, because it would be dropped silently: put it
  /// in a group, freeze it, or pass `ignoresOthers`. Traps where a gradient has arrived at none of the optimizer's parameters, because
  /// nothing would be learned, step after step, unless `allowsNoGradients`.
  public func step(
    _ gradients: Gradients, ignoresOthers: Bool = false, allowsNoGradients: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let strangers = strangerCount(gradients)
    require(
      ignoresOthers || strangers == 0,
      "Optimizer: gradients have arrived at \(strangers) parameter(s) that are in no group; add them to one, "
        + "freeze them, or pass ignoresOthers: true", file: file, line: line)
    var changed = 0
    withoutRecording {
      for group in groups {
        let learningRate = Scalar(group.learningRate! * learningRateFactor)
        for named in group.parameters where named.parameter.isTrainable {
          guard let gradient = named.parameter.gradient(in: gradients) else { continue }
          changed += 1
          states.update(
            named.parameter, by: gradient, learningRate: learningRate, weightDecay: group.weightDecay)
        }
      }
    }
    require(changed > 0 || allowsNoGradients, noGradients, file: file, line: line)
    stepCount += 1
  }

  /// Why a step would change nothing.
  private var noGradients: String {
    let parameters = groups.flatMap(\.parameters)
    let frozen = parameters.count { !$0.parameter.isTrainable }
    return
      "Optimizer: no gradient has arrived at any of the \(parameters.count) parameter(s), of which \(frozen) are frozen: the "
      + "loss does not depend on them, or not on what they are now; pass allowsNoGradients: true if nothing is to change"
  }
}
