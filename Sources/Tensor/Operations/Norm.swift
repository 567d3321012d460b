extension Tensor where Scalar: TensorScalar {
  /// The norm of order `order` over some axes, or over all: `(Σ |x|ᵖ)^(1/p)`.
  ///
  /// Order 1 is the sum of the magnitudes, 2 the Euclidean norm, ∞ the greatest and −∞ the smallest magnitude (these
  /// two trap over no elements), 0 the number of elements that are not 0. The gradient of a positive order is 0 for
  /// elements that are 0, so that it is 0 where the norm is; equal magnitudes share that of order ±∞; that of order 0
  /// is 0. All of it as in PyTorch. `keepsAxes` leaves the axes in the shape with size one. Traps for an axis that does
  /// not exist.
  public func norm(
    _ order: Scalar = 2, along axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    reducing("norm", axes, keepsAxes, file, line) { axes in
      switch order {
      case 0: (self .!= Tensor(0)).cast(to: Scalar.self).summed(over: axes)
      case 1: abs(self).summed(over: axes)
      case 2: (self * self).summed(over: axes).flatAtZero { sqrt($0) }
      case .infinity: abs(self).greatest(over: axes, "norm", file, line)
      case -.infinity: abs(self).smallest(over: axes, "norm", file, line)
      case ..<0: abs(self).raised(to: order).summed(over: axes).raised(to: 1 / order)
      default:
        abs(self).flatAtZero { $0.raised(to: order) }.summed(over: axes).flatAtZero { $0.raised(to: 1 / order) }
      }
    }
  }

  /// The norm over some axes, written one by one; traps for an axis that does not exist.
  public func norm(
    _ order: Scalar = 2, along axis: Int, _ others: Int..., keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    norm(order, along: [axis] + others, keepsAxes: keepsAxes, file: file, line: line)
  }
}
