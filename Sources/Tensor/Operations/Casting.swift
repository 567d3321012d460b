extension Tensor {
  /// The same numbers in another scalar type; gradients flow between `Float` and `Double`.
  ///
  /// To `UInt8`: rounded to the nearest and clamped to 0...255. To `Int`: rounded towards zero; traps where a number
  /// does not fit. To `Bool`: whether the number is not 0. From `Bool`: 0 or 1.
  public func cast<Target: TensorElement>(
    to: Target.Type, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Target> {
    if let same = self as? Tensor<Target> { return same }
    let (result, misfit) = Engine.cast(array, to: Target.self)
    if let misfit { trap("cast: \(flattened()[misfit].item) is no Int", file: file, line: line) }
    return Tensor<Target>(result).recorded("cast", [self]) { g, shares in
      shares.add(g.cast(to: Scalar.self), to: 0)
    }
  }
}
