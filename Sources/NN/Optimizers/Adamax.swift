import Tensor

/// Adamax (Kingma and Ba, 2015), as PyTorch defines it: Adam with the greatest gradient of late instead of the root of the variance.
///
/// Weight decay is added to the gradient.
public final class Adamax<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 2e-3,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    package struct State {
      var mean: Tensor<Scalar>
      var greatest: Tensor<Scalar>
    }

    let beta1: Double
    let beta2: Double
    let epsilon: Double
    package let weightDecay: Double

    package func state(for value: Tensor<Scalar>) -> State {
      State(mean: .zeros(value.shape), greatest: .zeros(value.shape))
    }

    package var stateNames: StateNames { ["mean": \.mean, "greatest": \.greatest] }

    package var isElementwise: Bool { true }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let gradient = decayed(gradient, value, step)
      let beta1 = Scalar(beta1)
      state.mean = state.mean * beta1 + gradient * (1 - beta1)
      state.greatest = maximum(state.greatest * Scalar(beta2), abs(gradient) + Scalar(epsilon))
      let learningRate = step.learningRate / step.biasCorrection(self.beta1)
      return value - state.mean / state.greatest * learningRate
    }
  }
}
