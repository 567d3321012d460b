/// The greatest integer that is not above the element; a constant with regard to gradients.
public func floor<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { unary(.floor, x) }

/// The smallest integer that is not below the element; a constant with regard to gradients.
public func ceil<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { unary(.ceil, x) }

/// The element without what stands after the point; a constant with regard to gradients.
public func trunc<Scalar: TensorScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { unary(.trunc, x) }

extension Tensor where Scalar: TensorScalar {
  /// Every element rounded to an integer; a constant with regard to gradients.
  ///
  /// Halves go to the even neighbour unless a rule says otherwise, as in PyTorch's `round`; those of Swift's own `rounded()` go away
  /// from 0.
  public func rounded(_ rule: FloatingPointRoundingRule = .toNearestOrEven) -> Tensor {
    switch rule {
    case .toNearestOrEven: unary(.roundToEven, self)
    case .toNearestOrAwayFromZero: unary(.roundAway, self)
    case .up: ceil(self)
    case .down: floor(self)
    case .towardZero: trunc(self)
    case .awayFromZero: Tensor.where(self .< Tensor(0), floor(self), ceil(self)).detached
    @unknown default: trap("rounded: no rule \(rule)", file: #fileID, line: #line)
    }
  }
}

/// What the division of `a` by `b`, rounded towards 0, leaves, element by element, broadcasting; it has the sign of `a`.
///
/// The remainder of C's `fmod`, of Swift's `truncatingRemainder(dividingBy:)` and `%`. The gradient for `b` is minus the quotient.
/// NaN for a divisor of 0. Traps where the shapes do not fit.
public func fmod<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("fmod", a.shape, b.shape, file, line)
  return binary(.fmod, a, b, "fmod").recorded("fmod", (a, { g in g }), (b, { g in -(g * trunc(a / b)) }))
}

/// What the division of `a` by `b`, rounded down, leaves, element by element, broadcasting; it has the sign of `b`.
///
/// The remainder of PyTorch and Python; C's function of this name rounds to the nearest. The gradient for `b` is minus the quotient.
/// NaN for a divisor of 0. Traps where the shapes do not fit.
public func remainder<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("remainder", a.shape, b.shape, file, line)
  return binary(.modulo, a, b, "remainder")
    .recorded("remainder", (a, { g in g }), (b, { g in -(g * floorDivide(a, b)) }))
}

/// The quotient rounded down, element by element, broadcasting; a constant with regard to gradients.
///
/// PyTorch's and Python's `//`, to which `remainder` belongs; `trunc(a / b)` is rounded towards 0. ±∞ or NaN for a divisor of 0.
/// Traps where the shapes do not fit.
public func floorDivide<Scalar: TensorScalar>(
  _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
) -> Tensor<Scalar> {
  requireBroadcast("floorDivide", a.shape, b.shape, file, line)
  return binary(.floorDivide, a, b, "floorDivide")
}
