import Tensor

// The functions of the same names, without state, to stand between other layers. A new one is a function in `Tensor` first.

/// `max(x, 0)`, element by element.
public struct ReLU<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { relu(input) }
}

/// Every element, but not less than 0 and not more than 6.
public struct ReLU6<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input.clamped(to: 0...6) }
}

/// `x` where it is positive and `slope · x` elsewhere; see `leakyRelu`.
public struct LeakyReLU<Scalar: TensorScalar>: Layer {
  private let slope: Scalar

  /// Makes the layer.
  public init(slope: Scalar = 0.01) { self.slope = slope }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { leakyRelu(input, slope: slope) }
}

/// `x` where it is positive and `alpha · (exp(x) − 1)` elsewhere; see `elu`.
public struct ELU<Scalar: TensorScalar>: Layer {
  private let alpha: Scalar

  /// Makes the layer.
  public init(alpha: Scalar = 1) { self.alpha = alpha }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { elu(input, alpha: alpha) }
}

/// `ELU` scaled so that layers keep mean 0 and variance 1 (Klambauer et al., 2017).
public struct SELU<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    elu(input, alpha: 1.6732632423543772) * 1.0507009873554805
  }
}

/// `x` where it is positive and `alpha · (exp(x / alpha) − 1)` elsewhere: smooth for every `alpha` (Barron, 2017).
public struct CELU<Scalar: TensorScalar>: Layer {
  private let alpha: Scalar

  /// Makes the layer.
  public init(alpha: Scalar = 1) { self.alpha = alpha }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { elu(input / alpha) * alpha }
}

/// `x · Φ(x)` with the normal distribution function Φ, or its approximation by `tanh`; see `gelu`.
public struct GELU<Scalar: TensorScalar>: Layer {
  private let approximate: Bool

  /// Makes the layer.
  public init(approximate: Bool = false) { self.approximate = approximate }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { gelu(input, approximate: approximate) }
}

/// `x · sigmoid(x)`, element by element; see `silu`.
public struct SiLU<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { silu(input) }
}

/// `x · tanh(softplus(x))`, element by element; see `mish`.
public struct Mish<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { mish(input) }
}

/// `1 / (1 + exp(−x))`, element by element.
public struct Sigmoid<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { sigmoid(input) }
}

/// The logarithm of `sigmoid`, which does not underflow.
public struct LogSigmoid<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { -softplus(-input) }
}

/// The hyperbolic tangent of every element.
public struct Tanh<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { tanh(input) }
}

/// `log(1 + exp(beta · x)) / beta` without overflow; exact, where PyTorch's is `x` beyond a threshold.
public struct Softplus<Scalar: TensorScalar>: Layer {
  private let beta: Scalar

  /// Makes the layer.
  public init(beta: Scalar = 1) { self.beta = beta }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    beta == 1 ? softplus(input) : softplus(input * beta) / beta
  }
}

/// `x / (1 + |x|)`, element by element.
public struct Softsign<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { softsign(input) }
}

/// Every element, but not less than −1 and not more than 1; see `hardTanh`.
public struct HardTanh<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { hardTanh(input) }
}

/// `x/6 + 1/2` between 0 and 1; see `hardSigmoid`.
public struct HardSigmoid<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { hardSigmoid(input) }
}

/// `x · hardSigmoid(x)`, element by element; see `hardSwish`.
public struct HardSwish<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { hardSwish(input) }
}

/// `exp(x) / Σ exp(x)` along an axis, the last unless given.
public struct Softmax<Scalar: TensorScalar>: Layer {
  private let axis: Int

  /// Makes the layer.
  public init(along axis: Int = -1) { self.axis = axis }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input.softmax(along: axis) }
}

/// The logarithm of `Softmax`, without overflow.
public struct LogSoftmax<Scalar: TensorScalar>: Layer {
  private let axis: Int

  /// Makes the layer.
  public init(along axis: Int = -1) { self.axis = axis }

  /// The function of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input.logSoftmax(along: axis) }
}

/// The first half of the last axis times the sigmoid of the second: `[…, 2 · n]` gives `[…, n]` (Dauphin et al., 2017).
public struct GLU<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The gated half; traps where the last axis has no halves.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let halves = input.split(along: -1, into: 2)
    return halves[0] * sigmoid(halves[1])
  }
}

/// `LeakyReLU` with a learned slope, one for all or one for each channel (the last axis) (He et al., 2015).
public final class PReLU<Scalar: TensorScalar>: Layer {
  /// The slopes, `[1]` or `[channels]`, at first 0.25.
  public let weight: Parameter<Scalar>

  /// Makes the layer, with a slope for each of so many channels.
  public init(_ channels: Int = 1, slope: Scalar = 0.25) { weight = Parameter(.full([channels], slope)) }

  /// The function of the input; traps unless it has as many channels as there are slopes.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    if weight.shape != [1] { weight.requireEnd(weight.shape, of: input, "PReLU") }
    return Tensor.where(input .> 0, input, input * weight.value)
  }
}
