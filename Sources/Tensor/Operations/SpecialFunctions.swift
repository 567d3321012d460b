/// The logarithm to base 2 of every element, exact for powers of 2; −∞ at 0, where its gradient is ∞, and NaN below.
public func log2<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.log2, x).recorded("log2", (x, { g in g / (x * 0.6931471805599453) }))
}

/// The logarithm to base 10 of every element; −∞ at 0, where its gradient is ∞, and NaN below.
public func log10<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.log10, x).recorded("log10", (x, { g in g / (x * 2.302585092994046) }))
}

/// 2 to the power of every element, exact for integers.
public func exp2<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.exp2, x).recorded("exp2", x, usingOutput: { g, y in g * y * 0.6931471805599453 })
}

/// Every element times itself; for other powers there is `raised(to:)`.
public func square<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * x }

/// The cube root of every element, negative ones included; its gradient at 0 is ∞.
public func cbrt<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.cbrt, x).recorded("cbrt", x, usingOutput: { g, y in g / (y * y * 3) })
}

/// `1 − erf(x)` of every element, exact for large x too.
public func erfc<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.erfc, x).recorded("erfc", (x, { g in -(g * exp(-(x * x)) * (2 / Scalar.pi.squareRoot())) }))
}

/// The natural logarithm of |Γ| of every element; ∞ at 0, −1, −2, ….
public func lgamma<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
  unary(.logGamma, x).recorded("lgamma", (x, { g in g * digamma(x) }))
}

/// The derivative of `lgamma` at every element; −∞ at 0 (∞ at −0) and NaN at −1, −2, ….
public func digamma<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { polygamma(0, x) }

/// The derivative of a given order of `digamma` at every element; infinite at 0, −1, −2, … for orders above 0.
///
/// Computed in double precision. Traps for a negative order.
public func polygamma<Scalar: TensorScalar>(
  _ order: Int, _ x: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  require(order >= 0, "polygamma: \(order) is no order of derivative", file: file, line: line)
  return binary(.polygamma, Tensor(Scalar(order)), x, "polygamma")
    .recorded("polygamma", (x, { g in g * polygamma(order + 1, x) }))
}

/// `log(x / (1 − x))`, of which `sigmoid` is the inverse: ∓∞ at 0 and 1, where the gradient is ∞, and NaN outside.
///
/// With a bound, elements are first moved into `bound...1 − bound`: PyTorch's `eps`.
public func logit<Scalar: TensorScalar>(_ x: Tensor<Scalar>, bound: Scalar? = nil) -> Tensor<Scalar> {
  let x = bound.map { x.clamped(to: $0...Swift.max($0, 1 - $0)) } ?? x
  return log(x) - log1p(-x)
}
