extension Tensor where Scalar: TensorScalar {
  /// The norm of order `order` over some axes: `(Σ |x|ᵖ)^(1/p)`.
  ///
  /// Order 1 is the sum of the magnitudes, 2 the Euclidean norm, ∞ the greatest and −∞ the smallest magnitude (these
  /// two trap over no elements), 0 the number of elements that are not 0. The gradient of a positive order is 0 for
  /// elements that are 0, so that it is 0 where the norm is; equal magnitudes share that of order ±∞; that of order 0
  /// is 0. All of it as in PyTorch. `keepsAxes` leaves the axes in the shape with size one.
  public func norm(
    _ order: Scalar = 2, along axes: Int..., keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    norm(order, axes: normalized(axes, "norm", file, line), keepsAxes, file, line)
  }

  /// The norm of order `order` of all elements, shape `[]`.
  ///
  /// See `norm(_:along:keepsAxes:)`.
  public func norm(_ order: Scalar = 2, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    norm(order, axes: Array(0..<rank), false, file, line)
  }

  private func norm(
    _ order: Scalar, axes: [Int], _ keepsAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    switch order {
    case 0: return (self .!= Tensor(0)).cast(to: Scalar.self).sum(axes: axes, keepsAxes: keepsAxes)
    case 1: return abs(self).sum(axes: axes, keepsAxes: keepsAxes)
    case 2: return (self * self).sum(axes: axes, keepsAxes: keepsAxes).flatAtZero { sqrt($0) }
    case .infinity: return abs(self).max(axes: axes, keepsAxes, file, line)
    case -.infinity: return abs(self).min(axes: axes, keepsAxes, file, line)
    case ..<0: return abs(self).raised(to: order).sum(axes: axes, keepsAxes: keepsAxes).raised(to: 1 / order)
    default:
      let powers = abs(self).flatAtZero { $0.raised(to: order) }
      return powers.sum(axes: axes, keepsAxes: keepsAxes).flatAtZero { $0.raised(to: 1 / order) }
    }
  }
}
