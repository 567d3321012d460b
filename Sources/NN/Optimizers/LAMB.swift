import Tensor

/// LAMB (You et al., 2020): AdamW's step, decay included, as long as the learning rate's share of the parameter.
///
/// `x = x − rate · ‖x‖ / ‖u‖ · u` with `u = m̂ / (√v̂ + ε) + weightDecay · x`; where one of the norms is 0 their quotient is 1. Of rows that
/// take part, the norms are theirs.
public final class LAMB<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-3,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6, weightDecay: Double = 1e-2,
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

    package var isElementwise: Bool { false }

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Moments<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let update = moments.direction(of: gradient, &state, step) + value * step.weightDecay
      return value - update * (step.learningRate * quotient(value.norm().item, update.norm().item))
    }
  }
}

/// The quotient of two norms, 1 where one of them is 0.
func quotient<Scalar: TensorScalar>(_ a: Scalar, _ b: Scalar) -> Scalar { a > 0 && b > 0 ? a / b : 1 }
