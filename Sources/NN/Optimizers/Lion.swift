import Tensor

/// Lion (Chen et al., 2023): the sign of a mixture of gradient and momentum, with decoupled weight decay.
///
/// Its learning rate is 3 to 10 times smaller than AdamW's, and its weight decay as many times larger.
public final class Lion<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-4,
    beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(beta1: beta1, beta2: beta2, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    let beta1: Double
    let beta2: Double
    package let weightDecay: Double

    package var stateNames: StateNames { ["momentum": \.self] }

    package var isElementwise: Bool { true }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Tensor<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let direction = sign(state * Scalar(beta1) + gradient * Scalar(1 - beta1))
      state = state * Scalar(beta2) + gradient * Scalar(1 - beta2)
      return value * (1 - step.learningRate * step.weightDecay) - direction * step.learningRate
    }
  }
}
