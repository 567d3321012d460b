import CKernels

// Element by element. Operands broadcast like NumPy's.
extension Engine {
  /// A function of every element.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func unary<Scalar>(_ function: UnaryFunction, _ x: NDArray<Scalar>) -> NDArray<Scalar> {
    if x.isBFloat16, storesBFloat16 { return narrowUnary(function, x) }
    let source = x.contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = NDArray<Scalar>(uninitializedLike: source.layout)
    let (x, y) = (source.pointer, result.target)
    if source.count < elementGrain {
      ck_unary(Scalar.element, function, source.count, x, y)
      return result
    }
    parallel(source.count, grain: elementGrain) { part in
      ck_unary(Scalar.element, function, part.count, x + part.lowerBound, y + part.lowerBound)
    }
    return result
  }

  /// A function of two elements; traps, naming the operation, where shapes do not broadcast an integer does not fit,
  /// or it is divided by 0.
  ///
  /// Integers and truths have `add`, `subtract`, `multiply`, `divide`, `fmod`, `modulo`, `floorDivide`, `maximum` and `minimum`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func binary<Scalar>(
    _ function: BinaryFunction, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, _ name: StaticString
  ) -> NDArray<Scalar> {
    if a.isBFloat16 || b.isBFloat16 {
      return narrowBinary(function, a, b, name) ?? binary(function, a.widened(), b.widened(), name)
    }
    if a.count < elementGrain, a.layout.isContiguous, b.layout.isContiguous,
      a.layout.shape == b.layout.shape || (b.layout.count == 1 && b.rank <= a.rank)
    {
      let result = NDArray<Scalar>(uninitializedLike: a.layout)
      var (size, one, step) = (a.count, 1, b.count == 1 ? 0 : 1)
      let mistakes = ck_binary(
        Scalar.element, function, 1, &size, a.pointer, &one, b.pointer, &step, result.target)
      if mistakes != 0 { trapMistake(mistakes, name, a, b) }
      return result
    }
    let (result, loop) = broadcastLoop(name, a, b, to: Scalar.self)
    let (x, y, z) = (a.pointer, b.pointer, result.target)
    loop.forEachPart(count: result.count) { shape, start, outputStart in
      let mistakes = ck_binary(
        Scalar.element, function, shape.count, shape, x + start * loop.strides[0][0], loop.strides[0],
        y + start * loop.strides[1][0], loop.strides[1], z + outputStart)
      if mistakes != 0 { trapMistake(mistakes, name, a, b) }
    }
    return result
  }

  @inline(never)
  private static func trapMistake<Scalar>(
    _ mistakes: Int32, _ name: StaticString, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>
  ) -> Never {
    let what = mistakes & 2 != 0 ? "divides by 0" : "does not fit \(Scalar.self)"
    trap("\(name): a result of \(a.shape) and \(b.shape) \(what)", file: #fileID, line: #line)
  }

  /// Adds an array of the same shape in place; false, and nothing done, where somebody else sees the memory or either is not
  /// in row-major order.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func add<Scalar>(_ x: NDArray<Scalar>, to y: inout NDArray<Scalar>) -> Bool {
    if x.isBFloat16 || y.isBFloat16 { return narrowAdd(x, to: &y) }
    guard x.layout.isContiguous, y.layout.isContiguous, y.isUnshared else { return false }
    let (source, target) = (x.pointer, y.target)
    var one = 1
    if x.count < elementGrain {
      var size = x.count
      ck_accumulate(Scalar.element, 1, &size, source, &one, target, &one)
      return true
    }
    parallel(x.count, grain: elementGrain) { part in
      var size = part.count
      ck_accumulate(Scalar.element, 1, &size, source + part.lowerBound, &one, target + part.lowerBound, &one)
    }
    return true
  }

  /// `a + factor · b` for two arrays of one shape.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func addScaled<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, factor: Scalar
  ) -> NDArray<Scalar> {
    let (a, b) = (a.contiguous(), b.contiguous())
    defer { withExtendedLifetime((a, b)) {} }
    let result = NDArray<Scalar>(uninitialized: a.shape)
    let (x, y, z) = (a.pointer, b.pointer, result.target)
    parallel(a.count, grain: elementGrain) { part in
      ck_add_scaled(
        Scalar.element, part.count, Double(factor), x + part.lowerBound, y + part.lowerBound, z + part.lowerBound)
    }
    return result
  }

  /// Whether each pair of elements compares so; traps, naming the operation, where shapes do not broadcast.
  static func compare<Scalar>(
    _ comparison: Comparison, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, _ name: StaticString
  ) -> NDArray<Bool> {
    if let a = a.halvesAsFloats, let b = b.halvesAsFloats { return compare(comparison, a, b, name) }
    let (a, b) = (a.widened(), b.widened())
    defer { withExtendedLifetime((a, b)) {} }
    let (result, loop) = broadcastLoop(name, a, b, to: Bool.self)
    let (x, y, z) = (a.pointer, b.pointer, result.target)
    loop.forEachPart(count: result.count) { shape, start, outputStart in
      ck_compare(
        Scalar.element, comparison, shape.count, shape, x + start * loop.strides[0][0], loop.strides[0],
        y + start * loop.strides[1][0], loop.strides[1], z + outputStart)
    }
    return result
  }

  /// `a` where the mask is true and `b` elsewhere, all three broadcast to a shape.
  static func select<Scalar>(
    _ mask: NDArray<Bool>, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, shape: [Int]
  ) -> NDArray<Scalar> {
    if storesBFloat16, a.isBFloat16 || b.isBFloat16 {
      return select(mask, a.widened(), b.widened(), shape: shape).narrowed()
    }
    let (a, b) = (a.widened(), b.widened())
    defer { withExtendedLifetime((a, b)) {} }
    let result = NDArray<Scalar>(uninitialized: shape)
    let loop = StridedLoop(
      shape: shape,
      strides: [
        mask.layout.expanded(to: shape).strides, a.layout.expanded(to: shape).strides,
        b.layout.expanded(to: shape).strides,
      ])
    let (m, x, y, z) = (mask.pointer, a.pointer, b.pointer, result.target)
    loop.forEachPart(count: result.count) { shape, start, outputStart in
      ck_select(
        Scalar.element, shape.count, shape, m + start * loop.strides[0][0], loop.strides[0],
        x + start * loop.strides[1][0], loop.strides[1], y + start * loop.strides[2][0], loop.strides[2],
        z + outputStart)
    }
    return result
  }

  /// The uninitialised result of a broadcast operation on two arrays, and the loop over it.
  private static func broadcastLoop<Scalar, Result>(
    _ name: StaticString, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, to: Result.Type
  ) -> (NDArray<Result>, StridedLoop) {
    if a.shape == b.shape && a.layout.isContiguous && b.layout.isContiguous {
      return (
        NDArray<Result>(uninitializedLike: a.layout), StridedLoop(shape: [a.count], strides: [[1], [1]])
      )
    }
    guard let shape = broadcastShape(a.shape, b.shape) else {
      trap("\(name): \(a.shape) and \(b.shape) do not broadcast to one shape", file: #fileID, line: #line)
    }
    let loop = StridedLoop(
      shape: shape, strides: [a.layout.expanded(to: shape).strides, b.layout.expanded(to: shape).strides])
    return (NDArray<Result>(uninitialized: shape), loop)
  }
}

extension StridedLoop {
  /// Splits the first axis between the threads; `body` gets a part's shape, its start along that axis and in the output.
  fileprivate func forEachPart(count: Int, _ body: ([Int], Int, Int) -> Void) {
    guard count > 0 else { return }
    let rowCount = count / shape[0]
    parallel(shape[0], grain: elementGrain / rowCount + 1) { part in
      var shape = shape
      shape[0] = part.count
      body(shape, part.lowerBound, part.lowerBound * rowCount)
    }
  }
}
