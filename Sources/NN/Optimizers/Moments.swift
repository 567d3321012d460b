import Tensor

/// The moving averages of a parameter's gradient and of its square: what Adam and its relatives keep.
package struct Moments<Scalar: TensorScalar> {
  package var mean: Tensor<Scalar>
  package var variance: Tensor<Scalar>
}

/// How fast the averages of the gradient and of its square forget, and what keeps the step finite.
package struct MomentOptions: Sendable {
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  /// Moves the averages towards a gradient.
  func move<Scalar>(_ state: inout Moments<Scalar>, by gradient: Tensor<Scalar>) {
    let (beta1, beta2) = (Scalar(beta1), Scalar(beta2))
    state.mean = state.mean * beta1 + gradient * (1 - beta1)
    state.variance = state.variance * beta2 + gradient * gradient * (1 - beta2)
  }

  /// The bias-corrected mean over the root of the bias-corrected variance, both moved before.
  func direction<Scalar>(
    of gradient: Tensor<Scalar>, _ state: inout Moments<Scalar>, _ step: OptimizerStep<Scalar>
  ) -> Tensor<Scalar> {
    move(&state, by: gradient)
    return state.mean / step.biasCorrection(beta1) / root(state, step)
  }

  /// The root of the bias-corrected variance, a little more than 0.
  func root<Scalar>(_ state: Moments<Scalar>, _ step: OptimizerStep<Scalar>) -> Tensor<Scalar> {
    sqrt(state.variance / step.biasCorrection(beta2)) + Scalar(epsilon)
  }
}

/// A rule that keeps moments.
package protocol MomentRule: OptimizerRule where State == Moments<Scalar> {
  /// Its options.
  var moments: MomentOptions { get }
}

extension MomentRule {
  package func state(for value: Tensor<Scalar>) -> State {
    Moments(mean: .zeros(value.shape), variance: .zeros(value.shape))
  }

  package var stateNames: StateNames { ["mean": \.mean, "variance": \.variance] }

  package var isElementwise: Bool { true }
}
