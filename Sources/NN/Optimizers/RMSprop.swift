import Tensor

/// RMSprop (Tieleman and Hinton, 2012), as PyTorch defines it: the gradient over the root of the average of its square.
///
/// Centred, the average of the gradient is taken off its square's first. Weight decay is added to the gradient.
public final class RMSprop<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-2,
    decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0, isCentered: Bool = false,
    weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(decay: decay, epsilon: epsilon, momentum: momentum, isCentered: isCentered, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    package struct State {
      var square: Tensor<Scalar>
      var mean: Tensor<Scalar>
      var momentum: Tensor<Scalar>
    }

    let decay: Double
    let epsilon: Double
    let momentum: Double
    let isCentered: Bool
    package let weightDecay: Double

    /// What the options do not ask for is one number, and not saved.
    package func state(for value: Tensor<Scalar>) -> State {
      let zeros = Tensor<Scalar>.zeros(value.shape)
      return State(square: zeros, mean: isCentered ? zeros : Tensor(0), momentum: momentum == 0 ? Tensor(0) : zeros)
    }

    package var stateNames: StateNames {
      switch (isCentered, momentum == 0) {
      case (false, true): ["square": \.square]
      case (true, true): ["square": \.square, "mean": \.mean]
      case (false, false): ["square": \.square, "momentum": \.momentum]
      case (true, false): ["square": \.square, "mean": \.mean, "momentum": \.momentum]
      }
    }

    package var isElementwise: Bool { true }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout State, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let gradient = decayed(gradient, value, step)
      let decay = Scalar(decay)
      state.square = state.square * decay + gradient * gradient * (1 - decay)
      var variance = state.square
      if isCentered {
        state.mean = state.mean * decay + gradient * (1 - decay)
        variance = variance - state.mean * state.mean
      }
      let direction = gradient / (sqrt(variance) + Scalar(epsilon))
      guard momentum != 0 else { return value - direction * step.learningRate }
      state.momentum = state.momentum * Scalar(momentum) + direction
      return value - state.momentum * step.learningRate
    }
  }
}
