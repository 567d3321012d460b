import Tensor

/// Adagrad (Duchi et al., 2011), as PyTorch defines it: the gradient over the root of the sum of all its squares.
///
/// `learningRateDecay` divides the learning rate by 1 + `learningRateDecay` times the steps before. Weight decay is added to the gradient.
public final class Adagrad<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-2,
    learningRateDecay: Double = 0, initialSum: Double = 0, epsilon: Double = 1e-10, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(learningRateDecay: learningRateDecay, initialSum: initialSum, epsilon: epsilon, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    let learningRateDecay: Double
    let initialSum: Double
    let epsilon: Double
    package let weightDecay: Double

    package func state(for value: Tensor<Scalar>) -> Tensor<Scalar> { .full(value.shape, Scalar(initialSum)) }

    package var stateNames: StateNames { ["sum": \.self] }

    package var isElementwise: Bool { true }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Tensor<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let gradient = decayed(gradient, value, step)
      state = state + gradient * gradient
      let learningRate = step.learningRate / Scalar(1 + Double(step.count - 1) * learningRateDecay)
      return value - gradient / (sqrt(state) + Scalar(epsilon)) * learningRate
    }
  }
}
