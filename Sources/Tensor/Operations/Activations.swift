/// `x` where it is positive and `slope · x` elsewhere; its gradient at 0 is `slope`, as in PyTorch.
public func leakyRelu<Scalar: TensorScalar>(_ x: Tensor<Scalar>, slope: Scalar = 0.01) -> Tensor<Scalar> {
  Tensor.where(x .> Tensor(0), x, x * slope)
}

/// `x` where it is positive and `alpha · (exp(x) − 1)` elsewhere (Clevert et al., 2016); its gradient at 0 is `alpha`.
public func elu<Scalar: TensorScalar>(_ x: Tensor<Scalar>, alpha: Scalar = 1) -> Tensor<Scalar> {
  let isPositive = x .> Tensor(0)
  return Tensor.where(isPositive, x, expm1(x.replacing(with: 0, where: isPositive)) * alpha)
}

/// `x · Φ(x)` with the normal distribution function Φ (Hendrycks and Gimpel, 2016), in `Float` off by less than 2⁻²² · |x|.
///
/// Approximated, it is `x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`, off by at most 5·10⁻⁴. NaN at −∞, and with
/// gradient NaN at both infinities, as in PyTorch.
public func gelu<Scalar: TensorScalar>(_ x: Tensor<Scalar>, approximate: Bool = false) -> Tensor<Scalar> {
  if approximate {
    return x * (tanh((x + x * x * x * 0.044715) * (2 / Scalar.pi).squareRoot()) + 1) * 0.5
  }
  return unary(.gelu, x).recorded(
    "gelu",
    (
      x,
      { g in
        guard Recording.isOn else { return binary(.geluPullback, g, x, "gelu") }
        let density = exp(x * x * -0.5) * (0.5 / Scalar.pi).squareRoot()
        return g * ((erf(x * Scalar(0.5).squareRoot()) + 1) * 0.5 + x * density)
      }
    ))
}

/// `x · sigmoid(x)` of every element (Elfwing et al., 2018).
///
/// NaN at −∞, and with gradient NaN at both infinities, as in PyTorch.
public func silu<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * sigmoid(x) }

/// Every element, but not less than −1 and not more than 1; at these bounds the gradient is 0, as in PyTorch.
///
/// At NaN the gradient passes, where PyTorch's is 0.
public func hardTanh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.clamped(to: -1...1) }

/// `x/6 + 1/2` between 0 and 1 (Courbariaux et al., 2015); at ±3 the gradient is 0, as in PyTorch.
///
/// At NaN the gradient is 1/6, where PyTorch's is 0.
public func hardSigmoid<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  (x + 3).clamped(to: 0...6) / 6
}

/// `x · hardSigmoid(x)` (Howard et al., 2019); the gradient is 0 from −∞ to −3 and 1 from 3 to ∞, as in PyTorch.
///
/// NaN at −∞, as in PyTorch.
public func hardSwish<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  let (isOff, isLinear) = (x .<= Tensor(-3), x .>= Tensor(3))
  let middle = x.replacing(with: 0, where: isOff .| isLinear)
  return Tensor.where(isLinear, x, Tensor.where(isOff, x.detached * 0, middle * (middle + 3) / 6))
}

/// `x / (1 + |x|)` of every element; NaN at ±∞, as in PyTorch.
public func softsign<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x / (abs(x) + 1) }

/// `x · tanh(softplus(x))` of every element (Misra, 2019); NaN at −∞, as in PyTorch.
public func mish<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * tanh(softplus(x)) }
