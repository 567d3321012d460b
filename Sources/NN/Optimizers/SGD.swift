import Tensor

/// Stochastic gradient descent with momentum and weight decay, as PyTorch defines it.
///
/// `v = momentum · v + g`, `x = x − rate · v` (with Nesterov's momentum `x − rate · (g + momentum · v)`), where
/// `g` includes `weightDecay · x`.
public final class SGD<Scalar: TensorScalar>: Optimizer<Scalar> {
  private let momentum: Scalar
  private let isNesterov: Bool

  /// Makes the optimizer.
  public init(
    groups: [ParameterGroup<Scalar>], momentum: Scalar = 0, isNesterov: Bool = false, weightDecay: Double = 0
  ) {
    (self.momentum, self.isNesterov) = (momentum, isNesterov)
    super.init(groups: groups, weightDecay: weightDecay)
  }

  /// `momentum`, unless it is zero.
  public override var slotNames: [String] { momentum == 0 ? [] : ["momentum"] }

  /// One step.
  public override func updated(
    _ value: Tensor<Scalar>, _ gradient: Tensor<Scalar>, slots: inout [Tensor<Scalar>], learningRate: Scalar,
    weightDecay: Scalar, step: Int
  ) -> Tensor<Scalar> {
    let gradient = weightDecay == 0 ? gradient : gradient + value * weightDecay
    guard momentum != 0 else { return value.adding(gradient, times: -learningRate) }
    slots[0] = slots[0] * momentum + gradient
    return value - (isNesterov ? gradient + slots[0] * momentum : slots[0]) * learningRate
  }
}
