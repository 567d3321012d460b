import Tensor

/// Adadelta (Zeiler, 2012), as PyTorch defines it: steps as long as those before, over the root of the average of the gradient's square.
///
/// Weight decay is added to the gradient.
public final class Adadelta<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1,
    decay: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(decay: decay, epsilon: epsilon, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    package struct State {
      var square: Tensor<Scalar>
      var squareStep: Tensor<Scalar>
    }

    let decay: Double
    let epsilon: Double
    package let weightDecay: Double

    package func state(for value: Tensor<Scalar>) -> State {
      State(square: .zeros(value.shape), squareStep: .zeros(value.shape))
    }

    package var stateNames: StateNames { ["square": \.square, "square_step": \.squareStep] }

    package var isElementwise: Bool { true }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let gradient = decayed(gradient, value, step)
      let (decay, epsilon) = (Scalar(decay), Scalar(epsilon))
      state.square = state.square * decay + gradient * gradient * (1 - decay)
      let change = sqrt(state.squareStep + epsilon) / sqrt(state.square + epsilon) * gradient
      state.squareStep = state.squareStep * decay + change * change * (1 - decay)
      return value - change * step.learningRate
    }
  }
}
