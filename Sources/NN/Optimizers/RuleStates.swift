import Tensor
import TensorFiles

/// An optimizer's rule with what it keeps for each parameter: all that depends on the rule's type.
protocol AnyRuleStates<Scalar>: AnyObject {
  associatedtype Scalar: TensorScalar

  /// Whether a parameter may lie in shards.
  var isElementwise: Bool { get }

  /// Changes a parameter; a weight decay of nil is the rule's.
  func update(_ parameter: Parameter<Scalar>, by gradient: Tensor<Scalar>, learningRate: Scalar, weightDecay: Double?)

  /// Adds what is kept for a parameter to a set of tensors; nothing before its first step.
  func save(_ parameter: Parameter<Scalar>, into file: inout Safetensors, path: String)

  /// Takes what `save` adds for some parameters, with their paths, and forgets the others; throws and then changes nothing.
  func load(_ parameters: [(path: String, parameter: Parameter<Scalar>)], from file: Safetensors, prefix: String) throws
}

/// The states of one rule.
final class RuleStates<Rule: OptimizerRule>: AnyRuleStates {
  typealias Scalar = Rule.Scalar
  /// How often a parameter was changed, and the rule's state of it.
  private typealias Kept = (count: Int, state: Rule.State)

  private let rule: Rule
  private var kept: [ObjectIdentifier: Kept] = [:]

  init(_ rule: Rule) { self.rule = rule }

  var isElementwise: Bool { rule.isElementwise }

  private func initial(_ parameter: Parameter<Scalar>) -> Kept {
    let state = withoutRecording { rule.state(for: parameter.value.detached) }
    for (name, path) in rule.stateNames {
      let shape = state[keyPath: path].shape
      require(
        shape == parameter.shape,
        "\(Rule.self): the state '\(name)' of shape \(shape) does not have the shape \(parameter.shape) of its parameter"
      )
    }
    return (0, state)
  }

  func update(_ parameter: Parameter<Scalar>, by gradient: Tensor<Scalar>, learningRate: Scalar, weightDecay: Double?) {
    let id = ObjectIdentifier(parameter)
    var (count, state) = kept.removeValue(forKey: id) ?? initial(parameter)
    count += 1
    let step = OptimizerStep(
      count: count, learningRate: learningRate, weightDecay: Scalar(weightDecay ?? rule.weightDecay))
    if let rows = parameter.activeRows {
      for part in parts(of: rows.count, width: gradient.count / max(rows.count, 1)) {
        let (rows, gradient) = (rows[part], gradient[part])
        var active = state
        for (_, path) in rule.stateNames { active[keyPath: path] = state[keyPath: path].take(rows) }
        let value = rule.updated(parameter.constant(rows: rows), by: gradient, state: &active, step: step)
        parameter.update(rows: rows, value)
        for (_, path) in rule.stateNames { state[keyPath: path].replaceRows(rows, with: active[keyPath: path]) }
      }
    } else {
      parameter.update(rule.updated(parameter.value.detached, by: gradient, state: &state, step: step))
    }
    kept[id] = (count, state)
  }

  /// Some rows at a time, so that what a rule makes of them stays in the cache; all of them where it needs to see them together.
  private func parts(of rows: Int, width: Int) -> [Range<Int>] {
    guard rule.isElementwise else { return [0..<rows] }
    let most = max(1, 8 * elementGrain / max(width, 1))
    return stride(from: 0, to: rows, by: most).map { $0..<min($0 + most, rows) }
  }

  func save(_ parameter: Parameter<Scalar>, into file: inout Safetensors, path: String) {
    guard let (count, state) = kept[ObjectIdentifier(parameter)] else { return }
    file.set(Tensor([count]), for: "\(path).step")
    for (name, place) in rule.stateNames {
      file.set(parameter.whole(state[keyPath: place]), for: "\(path).\(name)")
    }
  }

  func load(_ parameters: [(path: String, parameter: Parameter<Scalar>)], from file: Safetensors, prefix: String) throws
  {
    var loaded: [ObjectIdentifier: Kept] = [:]
    var wanted: [(name: String, shape: [Int], assign: (Tensor<Scalar>, StaticString, UInt) -> Void)] = []
    var counts = ["\(prefix)step"]
    for (path, parameter) in parameters {
      guard (rule.stateNames.map(\.key) + ["step"]).contains(where: { file.contains("\(path).\($0)") }) else {
        continue
      }
      let id = ObjectIdentifier(parameter)
      counts.append("\(path).step")
      loaded[id] = initial(parameter)
      loaded[id]!.count = try stepCount(in: file, "\(path).step")
      for (name, place) in rule.stateNames {
        wanted.append(
          (
            "\(path).\(name)", parameter.wholeShape,
            { tensor, _, _ in loaded[id]!.state[keyPath: place] = parameter.own(tensor) }
          ))
      }
    }
    try NN.load(wanted, from: file, prefix: prefix, alsoKnown: counts)
    kept = loaded
  }
}
