extension Tensor {
  /// The same numbers in another element type; gradients flow between `Float` and `Double`.
  ///
  /// To `UInt8`: rounded to the nearest and clamped to 0...255. To `Int` and `Int32`: rounded towards zero; traps where a
  /// number does not fit. To `Float16` and `BFloat16`: rounded to the nearest, ties to even, ±∞ where it is too large; traps
  /// for a tensor that is tracked, whose gradient would be lost: write `x.detached.cast(…)`. To `Bool`: whether the number
  /// is not 0. From `Bool`: 0 or 1.
  public func cast<Target: TensorElement>(
    to: Target.Type, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Target> {
    if let same = self as? Tensor<Target> { return same }
    require(
      !(Target.elementType.isHalf && isTracked),
      "cast: a tensor of \(Target.self) has no gradient, and this one is tracked; write x.detached.cast(to: \(Target.self).self)",
      file: file, line: line)
    let (result, misfit) = fittingCast(to: Target.self)
    if let misfit { trap("cast: \(misfit) is no \(Target.self)", file: file, line: line) }
    return result.recorded("cast", [self]) { g, shares in
      shares.add(g.cast(to: Scalar.self), to: 0)
    }
  }

  /// The same for a constant, with a number that does not fit in place of the trap.
  package func fittingCast<Target: TensorElement>(to: Target.Type) -> (result: Tensor<Target>, misfit: Scalar?) {
    if let same = Tensor(array) as? Tensor<Target> { return (same, nil) }
    let (result, misfit) = Engine.cast(array, to: Target.self)
    return (Tensor<Target>(result), misfit.map { Tensor(array).flattened()[$0].item })
  }
}
