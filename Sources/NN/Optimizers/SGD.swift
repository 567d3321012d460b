import Tensor

/// Stochastic gradient descent with momentum and weight decay, as PyTorch defines it.
///
/// `v = momentum · v + g`, `x = x − rate · v` (with Nesterov's momentum `x − rate · (g + momentum · v)`), where
/// `g` includes `weightDecay · x`.
public final class SGD<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-3,
    momentum: Double = 0, isNesterov: Bool = false, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(momentum: momentum, isNesterov: isNesterov, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    let momentum: Double
    let isNesterov: Bool
    package let weightDecay: Double

    /// Nothing is kept where there is no momentum.
    package func state(for value: Tensor<Scalar>) -> Tensor<Scalar> { momentum == 0 ? Tensor(0) : .zeros(value.shape) }

    package var stateNames: StateNames { momentum == 0 ? [:] : ["momentum": \.self] }

    package var isElementwise: Bool { true }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Tensor<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let gradient = decayed(gradient, value, step)
      let momentum = Scalar(momentum)
      guard momentum != 0 else { return value.adding(gradient, times: -step.learningRate) }
      state = state * momentum + gradient
      return value - (isNesterov ? gradient + state * momentum : state) * step.learningRate
    }
  }
}

/// The gradient with the weight decay that belongs to it: `g + weightDecay · x`.
func decayed<Scalar>(_ gradient: Tensor<Scalar>, _ value: Tensor<Scalar>, _ step: OptimizerStep<Scalar>) -> Tensor<
  Scalar
> {
  step.weightDecay == 0 ? gradient : gradient + value * step.weightDecay
}
