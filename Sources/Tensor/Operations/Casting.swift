import CKernels

extension Tensor {
  /// The same numbers in another scalar type; gradients flow between `Float` and `Double`.
  ///
  /// To `UInt8`: rounded to the nearest and clamped to 0...255. To `Int`: rounded towards zero; traps where a number
  /// does not fit. To `Bool`: whether the number is not 0. From `Bool`: 0 or 1.
  public func cast<Target: TensorElement>(
    to: Target.Type, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Target> {
    if let same = self as? Tensor<Target> { return same }
    let source = contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = Tensor<Target>(uninitializedLike: source.layout)
    let (x, y) = (UnsafeRawPointer(source.pointer), UnsafeMutableRawPointer(result.buffer.pointer))
    parallel(count, grain: elementGrain) { part in
      convert(
        part.count, x + part.lowerBound * MemoryLayout<Scalar>.stride, Scalar.elementType,
        y + part.lowerBound * MemoryLayout<Target>.stride, Target.elementType, file, line)
    }
    var output = result
    if let node, Recording.isOn, let castNode = castNode(node, from: Scalar.self, to: Target.self) {
      output = Tensor<Target>(buffer: result.buffer, layout: result.layout, node: castNode)
    }
    if Recording.mode.contains(.isObserved) { TapeObserver.saw("cast", [self], output) }
    return output
  }
}

private func castNode<From, To>(_ node: Node, from: From.Type, to: To.Type) -> Node? {
  if From.self == Float.self, To.self == Double.self { return Cast<Float, Double>(node) }
  if From.self == Double.self, To.self == Float.self { return Cast<Double, Float>(node) }
  return nil
}

private func integers<Scalar: TensorScalar>(
  _ n: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Int>, _ file: StaticString, _ line: UInt
) {
  for i in 0..<n {
    guard let integer = Int(exactly: x[i].rounded(.towardZero)) else {
      trap("cast: \(x[i]) is no Int", file: file, line: line)
    }
    y[i] = integer
  }
}

private func convert(
  _ n: Int, _ x: UnsafeRawPointer, _ from: ElementType, _ y: UnsafeMutableRawPointer, _ to: ElementType,
  _ file: StaticString, _ line: UInt
) {
  func input<T>(_: T.Type) -> UnsafePointer<T> { x.assumingMemoryBound(to: T.self) }
  func output<T>(_: T.Type) -> UnsafeMutablePointer<T> { y.assumingMemoryBound(to: T.self) }
  switch (from, to) {
  case (.float32, .float64): ck_f64_from_f32(n, input(Float.self), output(Double.self))
  case (.float64, .float32): ck_f32_from_f64(n, input(Double.self), output(Float.self))
  case (.uint8, .float32), (.bool, .float32): ck_from_bytes_f32(n, input(UInt8.self), output(Float.self))
  case (.uint8, .float64), (.bool, .float64): ck_from_bytes_f64(n, input(UInt8.self), output(Double.self))
  case (.int64, .float32): ck_from_integers_f32(n, input(Int.self), output(Float.self))
  case (.int64, .float64): ck_from_integers_f64(n, input(Int.self), output(Double.self))
  case (.float32, .uint8): ck_to_bytes_f32(n, input(Float.self), output(UInt8.self))
  case (.float64, .uint8): ck_to_bytes_f64(n, input(Double.self), output(UInt8.self))
  case (.float32, .int64): integers(n, input(Float.self), output(Int.self), file, line)
  case (.float64, .int64): integers(n, input(Double.self), output(Int.self), file, line)
  case (.uint8, .int64), (.bool, .int64): for i in 0..<n { output(Int.self)[i] = Int(input(UInt8.self)[i]) }
  case (.int64, .uint8): for i in 0..<n { output(UInt8.self)[i] = UInt8(clamping: input(Int.self)[i]) }
  case (.float32, .bool): for i in 0..<n { output(Bool.self)[i] = input(Float.self)[i] != 0 }
  case (.float64, .bool): for i in 0..<n { output(Bool.self)[i] = input(Double.self)[i] != 0 }
  case (.int64, .bool): for i in 0..<n { output(Bool.self)[i] = input(Int.self)[i] != 0 }
  case (.uint8, .bool): for i in 0..<n { output(Bool.self)[i] = input(UInt8.self)[i] != 0 }
  case (.bool, .uint8): for i in 0..<n { output(UInt8.self)[i] = input(UInt8.self)[i] }
  case (.float32, .float32), (.float64, .float64), (.int64, .int64), (.uint8, .uint8), (.bool, .bool):
    break  // `cast` returns the tensor itself.
  }
}
