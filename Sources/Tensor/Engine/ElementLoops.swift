import CKernels

extension Tensor where Scalar: TensorScalar {
  /// Applies a unary kernel to every element; not recorded.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func mapped(_ kernel: ck_unary) -> Tensor {
    let source = contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = Tensor(uninitializedLike: source.layout)
    let (x, y) = (source.pointer, result.buffer.pointer)
    if count < elementGrain {
      Scalar._kernels.unary(kernel, count, x, y)
      return result
    }
    parallel(count, grain: elementGrain) { part in
      Scalar._kernels.unary(kernel, part.count, x + part.lowerBound, y + part.lowerBound)
    }
    return result
  }

  /// Combines two tensors element by element, broadcasting; not recorded.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func combined(_ kernel: ck_binary, _ name: StaticString, _ a: Tensor, _ b: Tensor) -> Tensor {
    if a.count < elementGrain, a.layout.isContiguous, b.layout.isContiguous,
      a.layout.shape == b.layout.shape || (b.layout.count == 1 && b.rank <= a.rank)
    {
      return combinedPlainly(kernel, a, b)
    }
    let (result, loop) = broadcastLoop(name, a, b, to: Scalar.self)
    let (x, y, z) = (a.pointer, b.pointer, result.buffer.pointer)
    forEachPart(of: loop, count: result.count) { shape, start, outputStart in
      Scalar._kernels.binary(
        kernel, shape.count, shape, x + start * loop.strides[0][0], loop.strides[0], y + start * loop.strides[1][0],
        loop.strides[1], z + outputStart)
    }
    return result
  }

  /// The common case of little work: contiguous operands of the same shape, or a number on the right.
  @inline(__always)
  private static func combinedPlainly(_ kernel: ck_binary, _ a: Tensor, _ b: Tensor) -> Tensor {
    let result = Tensor(uninitializedLike: a.layout)
    var (size, one, step) = (a.count, 1, b.count == 1 ? 0 : 1)
    Scalar._kernels.binary(kernel, 1, &size, a.pointer, &one, b.pointer, &step, result.buffer.pointer)
    return result
  }

  /// Adds a tensor of the same shape; in place where nobody else sees the memory and nothing is recorded.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func accumulate(_ other: Tensor) {
    guard node == nil, other.node == nil, layout.isContiguous, other.layout.isContiguous, isUnshared else {
      self = self + other
      return
    }
    let (x, y) = (other.pointer, buffer.pointer + layout.offset)
    var one = 1
    if count < elementGrain {
      var size = count
      Scalar._kernels.accumulate(1, &size, x, &one, y, &one)
      return
    }
    parallel(count, grain: elementGrain) { part in
      var size = part.count
      Scalar._kernels.accumulate(1, &size, x + part.lowerBound, &one, y + part.lowerBound, &one)
    }
  }

  /// `self + other · factor` of one shape in one pass: an optimizer's step; not recorded.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package func adding(_ other: Tensor, times factor: Scalar) -> Tensor {
    require(other.shape == shape, "adding: shapes \(shape) and \(other.shape) differ")
    let (a, b) = (contiguous(), other.contiguous())
    let result = Tensor(uninitialized: shape)
    let (x, y, z) = (a.pointer, b.pointer, result.buffer.pointer)
    parallel(count, grain: elementGrain) { part in
      Scalar._kernels.addScaled(part.count, factor, x + part.lowerBound, y + part.lowerBound, z + part.lowerBound)
    }
    return result
  }
}

extension Tensor {
  /// Compares two tensors element by element, broadcasting.
  static func compared(_ kernel: ck_compare, _ name: StaticString, _ a: Tensor, _ b: Tensor) -> Tensor<Bool> {
    let (result, loop) = broadcastLoop(name, a, b, to: Bool.self)
    let (x, y) = (a.pointer, b.pointer)
    result.buffer.pointer.withMemoryRebound(to: UInt8.self, capacity: Swift.max(result.count, 1)) { z in
      forEachPart(of: loop, count: result.count) { shape, start, outputStart in
        ck_compare(
          Scalar.elementType.element, kernel, shape.count, shape, x + start * loop.strides[0][0], loop.strides[0],
          y + start * loop.strides[1][0], loop.strides[1], z + outputStart)
      }
    }
    return result
  }

  /// Takes `a` where the mask is true and `b` elsewhere, broadcasting to a shape; not recorded.
  static func selected(_ mask: Tensor<Bool>, _ a: Tensor, _ b: Tensor, shape: [Int]) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let loop = StridedLoop(
      shape: shape,
      strides: [
        mask.layout.expanded(to: shape).strides, a.layout.expanded(to: shape).strides,
        b.layout.expanded(to: shape).strides,
      ])
    let (x, y, z) = (a.pointer, b.pointer, result.buffer.pointer)
    mask.pointer.withMemoryRebound(to: UInt8.self, capacity: Swift.max(mask.buffer.count, 1)) { m in
      forEachPart(of: loop, count: result.count) { shape, start, outputStart in
        ck_select(
          Scalar.elementType.element, shape.count, shape, m + start * loop.strides[0][0], loop.strides[0],
          x + start * loop.strides[1][0], loop.strides[1], y + start * loop.strides[2][0], loop.strides[2],
          z + outputStart)
      }
    }
    return result
  }

  /// Combines two tensors of integers or truths element by element, broadcasting; traps where a result does not fit.
  static func combinedExactly(_ kernel: ck_binary, _ name: StaticString, _ a: Tensor, _ b: Tensor) -> Tensor {
    let (result, loop) = broadcastLoop(name, a, b, to: Scalar.self)
    let (x, y, z) = (a.pointer, b.pointer, result.buffer.pointer)
    forEachPart(of: loop, count: result.count) { shape, start, outputStart in
      let overflows = ck_integer_binary(
        Scalar.elementType.element, kernel, shape.count, shape, x + start * loop.strides[0][0], loop.strides[0],
        y + start * loop.strides[1][0], loop.strides[1], z + outputStart)
      if overflows != 0 {
        trap("\(name): a result of \(a.shape) and \(b.shape) does not fit \(Scalar.self)", file: #fileID, line: #line)
      }
    }
    return result
  }
}

/// The uninitialised result of a broadcast operation on two tensors, and the loop over it.
private func broadcastLoop<Scalar, Result>(
  _ name: StaticString, _ a: Tensor<Scalar>, _ b: Tensor<Scalar>, to: Result.Type
) -> (Tensor<Result>, StridedLoop) {
  if a.shape == b.shape && a.layout.isContiguous && b.layout.isContiguous {
    return (
      Tensor<Result>(uninitializedLike: a.layout), StridedLoop(shape: [a.count], strides: [[1], [1]])
    )
  }
  guard let shape = broadcastShape(a.shape, b.shape) else {
    trap("\(name): \(a.shape) and \(b.shape) do not broadcast to one shape", file: #fileID, line: #line)
  }
  let loop = StridedLoop(
    shape: shape, strides: [a.layout.expanded(to: shape).strides, b.layout.expanded(to: shape).strides])
  return (Tensor<Result>(uninitialized: shape), loop)
}

/// Splits the first axis of a loop between the threads; `body` gets a part's shape, its start along that axis and in the output.
private func forEachPart(of loop: StridedLoop, count: Int, _ body: ([Int], Int, Int) -> Void) {
  guard count > 0 else { return }
  let rowCount = count / loop.shape[0]
  parallel(loop.shape[0], grain: elementGrain / rowCount + 1) { part in
    var shape = loop.shape
    shape[0] = part.count
    body(shape, part.lowerBound, part.lowerBound * rowCount)
  }
}
