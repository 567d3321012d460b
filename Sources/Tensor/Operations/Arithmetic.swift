extension Tensor where Scalar: TensorScalar {
  /// The sum, element by element, with NumPy's broadcasting; traps where the shapes do not fit.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func + (a: Tensor, b: Tensor) -> Tensor { added(a, b) }

  /// The difference, element by element, with NumPy's broadcasting; traps where the shapes do not fit.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    binary(.subtract, a, b, "-").recorded("subtract", (a, { g in g }), (b, { g in -g }))
  }

  /// The product, element by element, with NumPy's broadcasting; traps where the shapes do not fit.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    binary(.multiply, a, b, "*").recorded("multiply", a, b, usingOther: { g, b in g * b }, { g, a in g * a })
  }

  /// The quotient, element by element, with NumPy's broadcasting; traps where the shapes do not fit.
  ///
  /// By 0 it is ±∞, with infinite gradients for both; 0 by 0 is NaN, with gradient ∞ above and NaN below.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    binary(.divide, a, b, "/").recorded("divide", (a, { g in g / b }), (b, { g in -(g * a) / (b * b) }))
  }

  /// The negative of every element.
  public static prefix func - (a: Tensor) -> Tensor {
    unary(.negate, a).recorded("negate", (a, { g in -g }))
  }

  /// Adds a number to every element.
  public static func + (a: Tensor, b: Scalar) -> Tensor { a + Tensor(b) }
  /// Adds every element to a number.
  public static func + (a: Scalar, b: Tensor) -> Tensor { Tensor(a) + b }
  /// Subtracts a number from every element.
  public static func - (a: Tensor, b: Scalar) -> Tensor { a - Tensor(b) }
  /// Subtracts every element from a number.
  public static func - (a: Scalar, b: Tensor) -> Tensor { Tensor(a) - b }
  /// Multiplies every element by a number.
  public static func * (a: Tensor, b: Scalar) -> Tensor { a * Tensor(b) }
  /// Multiplies a number by every element.
  public static func * (a: Scalar, b: Tensor) -> Tensor { Tensor(a) * b }
  /// Divides every element by a number.
  public static func / (a: Tensor, b: Scalar) -> Tensor { a / Tensor(b) }
  /// Divides a number by every element.
  public static func / (a: Scalar, b: Tensor) -> Tensor { Tensor(a) / b }

  /// Adds in place of the old value; traps where the shapes do not fit.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Subtracts in place of the old value; traps where the shapes do not fit.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Multiplies in place of the old value; traps where the shapes do not fit.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Divides in place of the old value; traps where the shapes do not fit.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
  /// Adds a number in place of the old value.
  public static func += (a: inout Tensor, b: Scalar) { a = a + b }
  /// Subtracts a number in place of the old value.
  public static func -= (a: inout Tensor, b: Scalar) { a = a - b }
  /// Multiplies by a number in place of the old value.
  public static func *= (a: inout Tensor, b: Scalar) { a = a * b }
  /// Divides by a number in place of the old value.
  public static func /= (a: inout Tensor, b: Scalar) { a = a / b }

  /// Every element, but not less than `range.lowerBound` and not more than `range.upperBound`; NaN stays NaN.
  ///
  /// The gradient passes where the element lies strictly within the range; at the bounds it is 0, as in PyTorch 2.15. It
  /// passes at NaN, too, where PyTorch's is 0.
  public func clamped(to range: ClosedRange<Scalar>) -> Tensor {
    clamped(to: range.lowerBound...).clamped(to: ...range.upperBound)
  }

  /// Every element, but not less than `range.lowerBound`; NaN stays NaN.
  ///
  /// The gradient passes where the element is greater than the bound; at the bound it is 0, as in PyTorch 2.15. It passes
  /// at NaN, too, where PyTorch's is 0.
  public func clamped(to range: PartialRangeFrom<Scalar>) -> Tensor {
    let bound = Tensor(range.lowerBound)
    return Tensor.where(self .<= bound, bound, self)
  }

  /// Every element, but not more than `range.upperBound`; NaN stays NaN.
  ///
  /// The gradient passes where the element is smaller than the bound; at the bound it is 0, as in PyTorch 2.15. It passes
  /// at NaN, too, where PyTorch's is 0.
  public func clamped(to range: PartialRangeThrough<Scalar>) -> Tensor {
    let bound = Tensor(range.upperBound)
    return Tensor.where(self .>= bound, bound, self)
  }

  /// Every element, but not less than `lower` and not more than `upper`, element by element, broadcasting.
  ///
  /// Where an element lies strictly between its bounds the gradient is its own, elsewhere that of the bound; where the bounds cross,
  /// the upper one wins. For one bound there are `maximum` and `minimum`. Traps where the shapes do not fit.
  public func clamped(
    between lower: Tensor, and upper: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireBroadcast("clamped", shape, lower.shape, file, line)
    let raised = Tensor.where(self .<= lower, lower, self)
    requireBroadcast("clamped", raised.shape, upper.shape, file, line)
    return Tensor.where(raised .>= upper, upper, raised)
  }

  /// Every element raised to a constant power.
  ///
  /// The gradient of `x⁰` is 0 everywhere; that of `x^p` at 0 is what `p·x^(p−1)` gives there, as in PyTorch: 0 for p
  /// above 1, 1 for p = 1, ∞ between 0 and 1, −∞ below 0. Powers of ±1/2 are the roots, also at −0 (−0 and −∞) and −∞ (NaN
  /// both, where PyTorch's power of −1/2 is NaN with gradient −0), so that `x^0.5` is `sqrt(x)`.
  public func raised(to power: Scalar) -> Tensor {
    if power == 2 { return self * self }
    let value =
      switch power {
      case 0.5: unary(.sqrt, self)
      case -0.5: unary(.rsqrt, self)
      default: binary(.power, self, Tensor(power), "raised")
      }
    return value.recorded(
      "power", (self, { g in power == 0 ? .zeros(g.shape) : g * self.raised(to: power - 1) * power }))
  }
}

/// The greater of two tensors, element by element, broadcasting; where they are equal, each gets half the gradient.
///
/// NaN wins; where there is one, both get the whole gradient, as in PyTorch. Traps where the shapes do not fit.
public func maximum<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("maximum", a.shape, b.shape, file, line)
  return binary(.maximum, a, b, "maximum")
    .recorded("maximum", (a, { g in g * Tensor.share(a, b) }), (b, { g in g * Tensor.share(b, a) }))
}

/// The smaller of two tensors, element by element, broadcasting; where they are equal, each gets half the gradient.
///
/// NaN wins; where there is one, both get the whole gradient, as in PyTorch. Traps where the shapes do not fit.
public func minimum<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("minimum", a.shape, b.shape, file, line)
  return binary(.minimum, a, b, "minimum")
    .recorded("minimum", (a, { g in g * Tensor.share(b, a) }), (b, { g in g * Tensor.share(a, b) }))
}

/// `base` to the power `exponent`, element by element, broadcasting.
///
/// At base 0 the gradient for the base is 0 where the exponent is 0 or above 1, 1 where it is 1, ∞ between 0 and 1 and −∞
/// below 0; that for the exponent is 0 where the exponent is not negative, and −∞ below. All as in PyTorch, and so is the
/// mixed second derivative at exponent 0: 0 where the base is differentiated first, the true `1 / base` where the exponent
/// is. A negative base gives NaN for an exponent that is no integer, and for an exponent that has a gradient. Traps where
/// the shapes do not fit.
public func pow<Scalar: TensorScalar>(
  _ base: Tensor<Scalar>, _ exponent: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("pow", base.shape, exponent.shape, file, line)
  return binary(.power, base, exponent, "pow")
    .recorded(
      "pow",
      (
        base,
        { g in
          Tensor.where(exponent .== Tensor(0), Tensor(0), g * exponent * pow(base, exponent - 1))
        }
      ),
      (
        exponent,
        { g in
          let isFlat = (base .== Tensor(0)) .& (exponent .>= Tensor(0))
          return Tensor.where(isFlat, Tensor(0), g * pow(base, exponent) * log(Tensor.where(isFlat, Tensor(1), base)))
        }
      ))
}

/// The angle of the point `(x, y)` with the x-axis in radians, −π to π, element by element, broadcasting.
///
/// At the origin the value is 0 (π for x = −0) and both gradients are 0, as in PyTorch. Traps where the shapes do not fit.
public func atan2<Scalar: TensorScalar>(
  _ y: Tensor<Scalar>, _ x: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("atan2", y.shape, x.shape, file, line)
  func squaredRadius() -> Tensor<Scalar> {
    let squares = x * x + y * y
    return squares.replacing(with: 1, where: squares.detached .== Tensor(0))
  }
  return binary(.atan2, y, x, "atan2")
    .recorded("atan2", (y, { g in g * x / squaredRadius() }), (x, { g in -(g * y) / squaredRadius() }))
}

/// `√(a² + b²)` without overflow, element by element, broadcasting; its gradient at the origin is NaN, as in PyTorch.
///
/// Traps where the shapes do not fit.
public func hypot<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("hypot", a.shape, b.shape, file, line)
  return binary(.hypot, a, b, "hypot")
    .recorded("hypot", (a, { g in g * (a / hypot(a, b)) }), (b, { g in g * (b / hypot(a, b)) }))
}

/// `a` where the weight is 0, `b` where it is 1, and linearly between and beyond, element by element, broadcasting.
///
/// Traps where the shapes do not fit.
public func lerp<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, weight: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  guard let shape = broadcastShape(a.shape, b.shape), broadcastShape(shape, weight.shape) != nil else {
    trap(
      "lerp: \(a.shape), \(b.shape) and weights \(weight.shape) do not broadcast to one shape", file: file, line: line)
  }
  return a * (1 - weight) + b * weight
}

/// `a` at weight 0, `b` at weight 1, and linearly between and beyond, element by element, broadcasting.
///
/// Traps where the shapes do not fit.
public func lerp<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, weight: Scalar, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  lerp(a, b, weight: Tensor(weight), file: file, line: line)
}

extension Tensor where Scalar: TensorScalar {
  /// 0 where `b` wins, 1/2 where they are equal, 1 elsewhere: a constant.
  fileprivate static func share(_ a: Tensor, _ b: Tensor) -> Tensor {
    withoutRecording { 1 - ((b .> a).cast(to: Scalar.self) + (b .>= a).cast(to: Scalar.self)) * 0.5 }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// `self + other · factor` of one shape in one pass: an optimizer's step; not recorded.
  package func adding(_ other: Tensor, times factor: Scalar) -> Tensor {
    require(other.shape == shape, "adding: shapes \(shape) and \(other.shape) differ")
    return Tensor(Engine.addScaled(array, other.array, factor: factor))
  }
}

extension Tensor {
  /// `+`, for any element type: what the engine adds gradients up with.
  @inline(__always)
  static func added(_ a: Tensor, _ b: Tensor) -> Tensor {
    binary(.add, a, b, "+").recorded("add", (a, { g in g }), (b, { g in g }))
  }
}

/// A function of two elements, broadcasting; not recorded; traps where the shapes do not fit, or an integer.
@inline(__always)
func binary<Scalar>(
  _ function: BinaryFunction, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, _ name: StaticString
) -> Tensor<Scalar> {
  Tensor(Engine.binary(function, a.array, b.array, name))
}

/// The greater of every element and a number; as `maximum` of two tensors.
public func maximum<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Scalar) -> Tensor<Scalar> { maximum(a, Tensor(b)) }

/// The smaller of every element and a number; as `minimum` of two tensors.
public func minimum<Scalar: TensorScalar>(_ a: Tensor<Scalar>, _ b: Scalar) -> Tensor<Scalar> { minimum(a, Tensor(b)) }
