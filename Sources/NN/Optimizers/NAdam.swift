import Foundation
import Tensor

/// Adam with Nesterov's momentum (Dozat, 2016), as PyTorch defines it.
///
/// Weight decay is added to the gradient, or decoupled as in `AdamW`. The momentum grows over the first steps, the slower the smaller
/// `momentumDecay`.
public final class NAdam<Scalar: TensorScalar>: Optimizer<Scalar> {
  /// Makes the optimizer for named parameters, or for groups of them.
  public init(
    _ parameters: [some ParameterGroupConvertible<Scalar>], learningRate: Double = 2e-3,
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentumDecay: Double = 4e-3, isDecoupled: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      Rule(
        moments: MomentOptions(beta1: beta1, beta2: beta2, epsilon: epsilon), weightDecay: weightDecay,
        momentumDecay: momentumDecay, isDecoupled: isDecoupled),
      parameters, learningRate: learningRate, file: file, line: line)
  }

  package struct Rule: MomentRule {
    package let moments: MomentOptions
    package let weightDecay: Double
    let momentumDecay: Double
    let isDecoupled: Bool

    package func updated(
      _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout Moments<Scalar>, step: OptimizerStep<Scalar>
    ) -> Tensor<Scalar> {
      let value = isDecoupled ? value * (1 - step.learningRate * step.weightDecay) : value
      let gradient = isDecoupled ? gradient : decayed(gradient, value, step)
      moments.move(&state, by: gradient)
      let (momentum, next, product) = momenta(step.count)
      let own = Double(step.learningRate) * (1 - momentum) / (1 - product)
      let mean = Double(step.learningRate) * next / (1 - product * next)
      return value - (gradient * Scalar(own) + state.mean * Scalar(mean)) / moments.root(state, step)
    }

    /// The momentum of a step, that of the next, and the product of all so far.
    private func momenta(_ count: Int) -> (Double, Double, Double) {
      func momentum(_ count: Int) -> Double { moments.beta1 * (1 - 0.5 * pow(0.96, Double(count) * momentumDecay)) }
      var (product, step) = (1.0, 1)
      // From 1e-30 on it counts for nothing beside 1.
      while step <= count, product > 1e-30 {
        product *= momentum(step)
        step += 1
      }
      return (momentum(count), momentum(count + 1), product)
    }
  }
}
