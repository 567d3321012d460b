import NN

/// What moves the weights.
enum OptimizerKind: NamedChoice, Sendable {
  case adamW, adam
  /// Stochastic gradient descent with Nesterov's momentum of 0.9.
  case sgd
  /// One of the program that calls this one.
  case own(NamedOptimizer)

  static let allCases: [OptimizerKind] = [.adamW, .adam, .sgd]

  var rawValue: String {
    switch self {
    case .adamW: "adamw"
    case .adam: "adam"
    case .sgd: "sgd"
    case .own(let part): part.name
    }
  }

  static func unknown(_ name: String) -> OptimizerKind { .own(NamedOptimizer(unknown: name)) }

  /// Makes it for groups of parameters, each with its learning rate.
  func makeOptimizer(_ groups: [ParameterGroup<Float>], weightDecay: Double) -> Optimizer<Float> {
    switch self {
    case .adamW: AdamW(groups, weightDecay: weightDecay)
    case .adam: Adam(groups, weightDecay: weightDecay)
    case .sgd: SGD(groups, momentum: 0.9, isNesterov: true, weightDecay: weightDecay)
    case .own(let part): part.make!(groups, weightDecay)
    }
  }
}
