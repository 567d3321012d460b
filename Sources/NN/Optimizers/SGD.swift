import Tensor

/// Stochastic gradient descent with momentum and weight decay, as PyTorch defines it.
///
/// `v = momentum · v + g`, `x = x − rate · v` (with Nesterov's momentum `x − rate · (g + momentum · v)`), where
/// `g` includes `weightDecay · x`.
public struct SGD: OptimizerRule {
  /// How much of the direction so far a step keeps.
  public var momentum: Double
  /// Whether the momentum is Nesterov's.
  public var isNesterov: Bool
  /// What the weights are multiplied by and added to the gradient.
  public var weightDecay: Double

  /// Makes the rule.
  public init(momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0) {
    (self.momentum, self.isNesterov, self.weightDecay) = (momentum, isNesterov, weightDecay)
  }

  /// `momentum`, unless it is zero.
  public var stateNames: [String] { momentum == 0 ? [] : ["momentum"] }

  /// Each element by itself.
  public var isElementwise: Bool { true }

  /// One step.
  public func updated<Scalar: TensorScalar>(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
    weightDecay: Scalar
  ) -> Tensor<Scalar> {
    let gradient = weightDecay == 0 ? gradient : gradient + value * weightDecay
    let momentum = Scalar(momentum)
    guard momentum != 0 else { return value.adding(gradient, times: -learningRate) }
    let direction = state["momentum"] * momentum + gradient
    state["momentum"] = direction
    return value - (isNesterov ? gradient + direction * momentum : direction) * learningRate
  }
}
