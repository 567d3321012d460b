/// The tangent of every element, in radians.
public func tan<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.tan, x).recorded("tan", x, usingOutput: { g, y in g * (y * y + 1) })
}

/// The angle, −π/2 to π/2, whose sine every element is; its gradient at ±1 is ∞, and outside both are NaN.
public func asin<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.asin, x).recorded("asin", (x, { g in g * rsqrt(1 - x * x) }))
}

/// The angle, 0 to π, whose cosine every element is; its gradient at ±1 is −∞, and outside both are NaN.
public func acos<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.acos, x).recorded("acos", (x, { g in -(g * rsqrt(1 - x * x)) }))
}

/// The angle, −π/2 to π/2, whose tangent every element is; `atan2` is for two coordinates.
public func atan<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { atan2(x, Tensor(1)) }

/// The hyperbolic sine of every element.
public func sinh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.sinh, x).recorded("sinh", (x, { g in g * cosh(x) }))
}

/// The hyperbolic cosine of every element.
public func cosh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.cosh, x).recorded("cosh", (x, { g in g * sinh(x) }))
}

/// The number whose hyperbolic sine every element is.
public func asinh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.asinh, x).recorded("asinh", (x, { g in g * rsqrt(x * x + 1) }))
}

/// The number, not negative, whose hyperbolic cosine every element is; its gradient at 1 is ∞, and it is NaN below.
public func acosh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.acosh, x).recorded("acosh", (x, { g in g * rsqrt(x * x - 1) }))
}

/// The number whose hyperbolic tangent every element is: ±∞ at ±1, where the gradient is ∞, and NaN outside.
public func atanh<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { (log1p(x) - log1p(-x)) * 0.5 }
