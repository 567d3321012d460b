import Foundation
import Tensor

/// Adam (Kingma and Ba, 2015), as PyTorch defines it: weight decay is added to the gradient.
public class Adam<Scalar: TensorScalar>: Optimizer<Scalar> {
  private let beta1: Scalar
  private let beta2: Scalar
  private let epsilon: Scalar

  /// Makes the optimizer.
  public init(
    groups: [ParameterGroup<Scalar>], beta1: Scalar = 0.9, beta2: Scalar = 0.999, epsilon: Scalar = 1e-8,
    weightDecay: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
    super.init(groups: groups, weightDecay: weightDecay, file: file, line: line)
  }

  /// `mean` and `variance`: the moving averages of the gradient and its square.
  public override var slotNames: [String] { ["mean", "variance"] }

  /// One step.
  public override func updated(
    _ value: Tensor<Scalar>, _ gradient: Tensor<Scalar>, slots: inout [Tensor<Scalar>], learningRate: Scalar,
    weightDecay: Scalar, step: Int
  ) -> Tensor<Scalar> {
    let gradient = weightDecay == 0 ? gradient : gradient + value * weightDecay
    return value - adaptiveStep(gradient, &slots, step) * learningRate
  }

  /// The bias-corrected mean over the root of the bias-corrected variance.
  fileprivate func adaptiveStep(_ gradient: Tensor<Scalar>, _ slots: inout [Tensor<Scalar>], _ step: Int)
    -> Tensor<Scalar>
  {
    slots[0] = slots[0] * beta1 + gradient * (1 - beta1)
    slots[1] = slots[1] * beta2 + gradient * gradient * (1 - beta2)
    let correction1 = Scalar(1 - pow(Double(beta1), Double(step)))
    let correction2 = Scalar(1 - pow(Double(beta2), Double(step)))
    return slots[0] / correction1 / (sqrt(slots[1] / correction2) + epsilon)
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), as PyTorch defines it.
public final class AdamW<Scalar: TensorScalar>: Adam<Scalar> {
  /// Makes the optimizer.
  public override init(
    groups: [ParameterGroup<Scalar>], beta1: Scalar = 0.9, beta2: Scalar = 0.999, epsilon: Scalar = 1e-8,
    weightDecay: Double = 1e-2, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      groups: groups, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, file: file, line: line)
  }

  /// One step.
  public override func updated(
    _ value: Tensor<Scalar>, _ gradient: Tensor<Scalar>, slots: inout [Tensor<Scalar>], learningRate: Scalar,
    weightDecay: Scalar, step: Int
  ) -> Tensor<Scalar> {
    value * (1 - learningRate * weightDecay) - adaptiveStep(gradient, &slots, step) * learningRate
  }
}
