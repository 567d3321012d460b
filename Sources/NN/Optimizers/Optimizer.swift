import Tensor

/// Changes parameters by their gradients: a rule, groups of parameters, a learning-rate factor, state by name.
///
/// ```swift
/// let optimizer = Optimizer(AdamW(), groups: [.init(model.parameters, learningRate: 1e-3)])
/// for batch in batches {
///   optimizer.step { loss(model(batch.images), labels: batch.labels) }
/// }
/// ```
public final class Optimizer<Scalar: TensorScalar> {
  /// How a parameter is changed.
  public let rule: any OptimizerRule
  /// The groups, each with a name.
  public private(set) var groups: [ParameterGroup<Scalar>]
  /// Multiplies every group's learning rate; set it from a `Schedule`.
  public var learningRateFactor = 1.0
  /// The number of steps taken.
  public internal(set) var stepCount = 0
  /// What is kept for each parameter that was changed.
  var states: [ObjectIdentifier: OptimizerState<Scalar>] = [:]
  /// The places in the graph of all parameters, but for those of whose rows some take part, which change.
  private let leaves: Set<ObjectIdentifier>

  /// Makes an optimizer for groups of parameters.
  ///
  /// Traps where a parameter is in two groups, or where two have the same group's and parameter's name, because the saved
  /// state of one would overwrite the other's.
  public init(
    _ rule: some OptimizerRule, groups: [ParameterGroup<Scalar>], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.rule = rule
    self.groups = groups.enumerated().map { index, group in
      var group = group
      if group.name.isEmpty { group.name = "\(index)" }
      return group
    }
    var seen: Set<ObjectIdentifier> = []
    var names: Set<String> = []
    for group in self.groups {
      for named in group.parameters {
        require(
          seen.insert(named.parameter.leafIdentity).inserted,
          "Optimizer: parameter '\(named.name)' of group '\(group.name)' is in two groups", file: file, line: line)
        require(
          names.insert("\(group.name).\(named.name)").inserted,
          "Optimizer: two parameters are called '\(group.name).\(named.name)'", file: file, line: line)
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
  /// `step(_:ignoresOthers:)`.
  @discardableResult
  public func step(
    ignoresOthers: Bool = false, file: StaticString = #fileID, line: UInt = #line, _ loss: () throws -> Tensor<Scalar>
  ) rethrows -> Tensor<Scalar> {
    let (value, gradients) = try valueWithGradients(file: file, line: line, of: loss)
    step(gradients, ignoresOthers: ignoresOthers, file: file, line: line)
    return value
  }

  /// Changes every parameter that a gradient has arrived at; frozen ones and those without a gradient stay as they are.
  ///
  /// Traps where a gradient has arrived at a parameter that is in no group, because it would be dropped silently: put it
  /// in a group, freeze it, or pass `ignoresOthers`.
  public func step(
    _ gradients: Gradients, ignoresOthers: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    let strangers = strangerCount(gradients)
    require(
      ignoresOthers || strangers == 0,
      "Optimizer: gradients have arrived at \(strangers) parameter(s) that are in no group; add them to one, "
        + "freeze them, or pass ignoresOthers: true", file: file, line: line)
    stepCount += 1
    withoutRecording {
      for group in groups {
        for named in group.parameters where named.parameter.isTrainable {
          guard let gradient = named.parameter.gradient(in: gradients) else { continue }
          let id = ObjectIdentifier(named.parameter)
          var state =
            states.removeValue(forKey: id) ?? OptimizerState(names: rule.stateNames, shape: named.parameter.shape)
          state.step += 1
          let rates = (
            learningRate: Scalar(group.learningRate * learningRateFactor),
            weightDecay: Scalar(group.weightDecay ?? rule.weightDecay)
          )
          if let rows = named.parameter.activeRows {
            for part in parts(of: rows.count, width: gradient.count / max(rows.count, 1)) {
              let (rows, gradient) = (rows[part], gradient[part])
              var active = state.rows(rows)
              let value = rule.updated(
                named.parameter.constant(rows: rows), by: gradient, state: &active, learningRate: rates.learningRate,
                weightDecay: rates.weightDecay)
              named.parameter.update(rows: rows, value)
              state.replace(rows, by: active)
            }
          } else {
            named.parameter.update(
              rule.updated(
                named.parameter.value.detached, by: gradient, state: &state, learningRate: rates.learningRate,
                weightDecay: rates.weightDecay))
          }
          states[id] = state
        }
      }
    }
  }

  /// Some rows at a time, so that what a rule makes of them stays in the cache; all of them where it needs to see them together.
  private func parts(of rows: Int, width: Int) -> [Range<Int>] {
    guard rule.isElementwise else { return [0..<rows] }
    let most = max(1, 8 * elementGrain / max(width, 1))
    return stride(from: 0, to: rows, by: most).map { $0..<min($0 + most, rows) }
  }
}
