/// `e` to the power of every element.
public func exp<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.exp, x).recorded("exp", x, usingOutput: { g, y in g * y })
}

/// The natural logarithm of every element; −∞ at 0, where its gradient is ∞, and NaN below.
public func log<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.log, x).recorded("log", (x, { g in g / x }))
}

/// `log(1 + x)`, exact for small x too; −∞ at −1, where its gradient is ∞, and NaN below.
public func log1p<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.log1p, x).recorded("log1p", (x, { g in g / (x + 1) }))
}

/// `exp(x) − 1`, exact for small x too.
public func expm1<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.expm1, x).recorded("expm1", x, usingOutput: { g, y in g * (y + 1) })
}

/// The square root of every element; its gradient at 0 is ∞, as in PyTorch.
public func sqrt<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.sqrt, x).recorded("sqrt", x, usingOutput: { g, y in g * 0.5 / y })
}

/// One over the square root of every element; at 0 it is ∞ and its gradient −∞, as in PyTorch.
public func rsqrt<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.rsqrt, x).recorded("rsqrt", x, usingOutput: { g, y in g * y * y * y * -0.5 })
}

/// One over every element; ±∞ at 0, where its gradient is −∞.
public func reciprocal<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.reciprocal, x).recorded("reciprocal", x, usingOutput: { g, y in -(g * y * y) })
}

/// The absolute value of every element; its gradient at 0 is 0, and NaN at NaN, where PyTorch's is 0.
public func abs<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.abs, x).recorded("abs", (x, { g in g * sign(x) }))
}

/// −1, 0 or 1, and NaN at NaN, where PyTorch has 0; a constant with regard to gradients.
public func sign<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { unary(.sign, x) }

/// The hyperbolic tangent of every element.
public func tanh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.tanh, x).recorded("tanh", x, usingOutput: { g, y in g * (1 - y * y) })
}

/// The logistic function `1 / (1 + exp(−x))` of every element.
public func sigmoid<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.sigmoid, x).recorded("sigmoid", x, usingOutput: { g, y in g * y * (1 - y) })
}

/// The sine of every element, in radians.
public func sin<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.sin, x).recorded("sin", (x, { g in g * cos(x) }))
}

/// The cosine of every element, in radians.
public func cos<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.cos, x).recorded("cos", (x, { g in -(g * sin(x)) }))
}

/// The error function `2/√π ∫₀ˣ exp(−t²) dt` of every element.
public func erf<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.erf, x).recorded("erf", (x, { g in g * exp(-(x * x)) * (2 / Scalar.pi.squareRoot()) }))
}

/// Every element, but not less than 0; its gradient is 0 at 0 and passes at NaN, as in PyTorch.
public func relu<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.relu, x).recorded("relu", x, usingOutput: { g, y in gate(g, by: y) })
}

/// `log(1 + exp(x))` of every element, without overflow.
public func softplus<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.softplus, x).recorded("softplus", (x, { g in g * sigmoid(x) }))
}

/// `x` where `control` is positive or NaN and 0 elsewhere; constant with regard to `control`.
func gate<Scalar: TensorScalar>(_ x: Tensor<Scalar>, by control: Tensor<Scalar>) -> Tensor<Scalar> {
  let control = control.detached
  return binary(.gate, x, control, "gate").recorded("gate", (x, { g in gate(g, by: control) }))
}

/// A function of every element; not recorded.
func unary<Scalar: TensorScalar>(_ function: UnaryFunction, _ x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor(Engine.unary(function, x.array))
}
