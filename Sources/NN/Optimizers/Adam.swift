import Tensor

/// Adam (Kingma and Ba, 2015), as PyTorch defines it: weight decay is added to the gradient.
public final class Adam<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-3,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(
        moments: MomentOptions(beta1: beta1, beta2: beta2, epsilon: epsilon), weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: MomentRule {
    package let moments: MomentOptions
    package let weightDecay: Double

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Moments<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let gradient = decayed(gradient, value, step)
      return value - moments.direction(of: gradient, &state, step) * step.learningRate
    }
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch defines it: a learning rate of 1 would take the share
/// `weightDecay` from the weights.
public final class AdamW<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-3,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 1e-2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(
        moments: MomentOptions(beta1: beta1, beta2: beta2, epsilon: epsilon), weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: MomentRule {
    package let moments: MomentOptions
    package let weightDecay: Double

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Moments<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      value * (1 - step.learningRate * step.weightDecay)
        - moments.direction(of: gradient, &state, step) * step.learningRate
    }
  }
}
