import Foundation
import Tensor

/// Adam (Kingma and Ba, 2015), as PyTorch defines it: weight decay is added to the gradient.
public struct Adam: OptimizerRule {
  /// How fast the averages of the gradient and of its square forget, and what keeps the step finite.
  public var moments: AdamMoments
  /// What the weights are multiplied by and added to the gradient.
  public var weightDecay: Double

  /// Makes the rule.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
    moments = AdamMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.weightDecay = weightDecay
  }

  /// `mean` and `variance`: the moving averages of the gradient and its square.
  public var stateNames: [String] { AdamMoments.stateNames }

  /// Each element by itself.
  public var isElementwise: Bool { true }

  /// One step.
  public func updated<Scalar: TensorScalar>(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
    weightDecay: Scalar
  ) -> Tensor<Scalar> {
    let gradient = weightDecay == 0 ? gradient : gradient + value * weightDecay
    return value - moments.direction(of: gradient, &state) * learningRate
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch defines it.
public struct AdamW: OptimizerRule {
  /// How fast the averages of the gradient and of its square forget, and what keeps the step finite.
  public var moments: AdamMoments
  /// What a learning rate of 1 would take away from the weights, as a share of them.
  public var weightDecay: Double

  /// Makes the rule.
  public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 1e-2) {
    moments = AdamMoments(beta1: beta1, beta2: beta2, epsilon: epsilon)
    self.weightDecay = weightDecay
  }

  /// `mean` and `variance`: the moving averages of the gradient and its square.
  public var stateNames: [String] { AdamMoments.stateNames }

  /// Each element by itself.
  public var isElementwise: Bool { true }

  /// One step.
  public func updated<Scalar: TensorScalar>(
    _ value: Tensor<Scalar>, by gradient: Tensor<Scalar>, state: inout OptimizerState<Scalar>, learningRate: Scalar,
    weightDecay: Scalar
  ) -> Tensor<Scalar> {
    value * (1 - learningRate * weightDecay) - moments.direction(of: gradient, &state) * learningRate
  }
}

/// The moving averages that Adam and AdamW share.
public struct AdamMoments: Sendable {
  /// How much of the gradient's average a step keeps.
  public var beta1: Double
  /// How much of the average of its square a step keeps.
  public var beta2: Double
  /// Added to the root that the step is divided by.
  public var epsilon: Double

  static let stateNames = ["mean", "variance"]

  /// The bias-corrected mean over the root of the bias-corrected variance.
  func direction<Scalar: TensorScalar>(of gradient: Tensor<Scalar>, _ state: inout OptimizerState<Scalar>)
    -> Tensor<Scalar>
  {
    let (beta1, beta2) = (Scalar(beta1), Scalar(beta2))
    let mean = state["mean"] * beta1 + gradient * (1 - beta1)
    let variance = state["variance"] * beta2 + gradient * gradient * (1 - beta2)
    (state["mean"], state["variance"]) = (mean, variance)
    let correction1 = Scalar(1 - pow(Double(beta1), Double(state.step)))
    let correction2 = Scalar(1 - pow(Double(beta2), Double(state.step)))
    return mean / correction1 / (sqrt(variance / correction2) + Scalar(epsilon))
  }
}
