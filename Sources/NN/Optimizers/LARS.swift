import Tensor

/// LARS (You et al., 2017): momentum whose steps have lengths in proportion to their parameters.
///
/// `v = momentum · v + rate · r · (g + weightDecay · x)`, `x = x − v` with `r = trust · ‖x‖ / (‖g‖ + weightDecay · ‖x‖)`; where a norm is 0,
/// `r` is 1. Of rows that take part, the norms are theirs.
public final class LARS<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-1,
    momentum: Double = 0.9, trust: Double = 1e-3, weightDecay: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(momentum: momentum, trust: trust, weightDecay: weightDecay),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: OptimizerRule {
    let momentum: Double
    let trust: Double
    package let weightDecay: Double

    package var stateNames: StateNames { ["momentum": \.self] }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Tensor<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let (length, slope) = (value.norm().item, gradient.norm().item)
      let ratio = length > 0 && slope > 0 ? Scalar(trust) * length / (slope + step.weightDecay * length) : 1
      state = state * Scalar(momentum) + decayed(gradient, value, step) * (step.learningRate * ratio)
      return value - state
    }
  }
}
