import CKernels

// Element by element on what is stored as bfloat16: computed in `Float`, block by block in cache.
extension Engine {
  /// A function of every element, stored as bfloat16.
  @inline(never)
  static func narrowUnary<Scalar>(_ function: UnaryFunction, _ x: NDArray<Scalar>) -> NDArray<Scalar> {
    let source = x.rowMajor()
    let result = NDArray<Scalar>(uninitializedBFloat16: source.shape)
    let (x, y) = (source.halves, result.halves)
    parallel(source.count, grain: elementGrain) { part in
      ck_bf16_unary(function, part.count, x + part.lowerBound, y + part.lowerBound)
    }
    withExtendedLifetime(source) {}
    return result
  }

  /// A function of two elements of which one at least is stored as bfloat16; nil where the result is full.
  @inline(never)
  static func narrowBinary<Scalar>(
    _ function: BinaryFunction, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, _ name: StaticString
  ) -> NDArray<Scalar>? {
    guard storesBFloat16, let shape = broadcastShape(a.shape, b.shape) else { return nil }
    let count = Layout.count(of: shape)
    guard let left = RepeatedOperand(a, in: shape), let right = RepeatedOperand(b, in: shape) else {
      return binary(function, a.widened(), b.widened(), name).narrowed()
    }
    let result = NDArray<Scalar>(uninitializedBFloat16: shape)
    let y = result.halves
    parallel(count, grain: elementGrain) { part in
      ck_bf16_binary(
        function, part.lowerBound, part.count, left.array.element, left.array.address(), left.array.count,
        right.array.element, right.array.address(), right.array.count, y)
    }
    return result
  }

  /// Adds an array in place where either is stored as bfloat16; false, and nothing done, where that is not possible.
  @inline(never)
  static func narrowAdd<Scalar>(_ x: NDArray<Scalar>, to y: inout NDArray<Scalar>) -> Bool {
    guard x.isBFloat16 || !y.isBFloat16, x.layout.isContiguous, y.layout.isContiguous, y.isUnshared else {
      return false
    }
    let (source, target) = (x, y)
    parallel(x.count, grain: elementGrain) { part in
      ck_bf16_accumulate(
        part.count, source.element, source.address(part.lowerBound), target.element, target.address(part.lowerBound))
    }
    return true
  }
}

/// An operand whose elements follow one another and repeat: it has the last axes of a shape, or a single element.
private struct RepeatedOperand<Scalar: TensorElement> {
  let array: NDArray<Scalar>

  init?(_ array: NDArray<Scalar>, in shape: [Int]) {
    let sizes = array.shape.drop { $0 == 1 }
    guard array.count > 0, array.layout.isContiguous, array.count == 1 || shape.suffix(sizes.count) == sizes else {
      return nil
    }
    self.array = array
  }
}
