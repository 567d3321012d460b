import Foundation
import Tensor

/// Rectified Adam (Liu et al., 2020), as PyTorch defines it: the first steps, whose variance nothing is known of, are those of momentum.
///
/// Weight decay is added to the gradient, or decoupled as in `AdamW`.
public final class RAdam<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 1e-3,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    isDecoupled: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(
        moments: MomentOptions(beta1: beta1, beta2: beta2, epsilon: epsilon), weightDecay: weightDecay,
        isDecoupled: isDecoupled),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: MomentRule {
    package let moments: MomentOptions
    package let weightDecay: Double
    let isDecoupled: Bool

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Moments<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let value = isDecoupled ? value * (1 - step.learningRate * step.weightDecay) : value
      moments.move(&state, by: isDecoupled ? gradient : decayed(gradient, value, step))
      let mean = state.mean / step.biasCorrection(moments.beta1)
      let power = pow(moments.beta2, Double(step.count))
      let (limit, correction) = (2 / (1 - moments.beta2) - 1, 1 - power)
      let length = limit - 2 * Double(step.count) * power / correction
      guard length > 5 else { return value - mean * step.learningRate }
      let rectification = ((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)).squareRoot()
      let factor = step.learningRate * Scalar(rectification * correction.squareRoot())
      return value - mean * factor / (sqrt(state.variance) + Scalar(moments.epsilon))
    }
  }
}
