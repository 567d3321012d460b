import CKernels

extension NDArray {
  /// The same values in row-major order, copied only where they are not.
  func contiguous() -> NDArray { layout.isContiguous ? self : copied() }

  /// The same values in row-major order, in memory of their own.
  func copied() -> NDArray {
    let result = NDArray(uninitialized: layout.shape)
    if count > 0 { copy(into: result.target, result.layout) }
    return result
  }

  /// Copies the elements to memory of the same shape and any strides.
  func copy(into target: UnsafeMutablePointer<Scalar>, _ layout: Layout) {
    let loop = StridedLoop(shape: shape, strides: [self.layout.strides, layout.strides])
    let rowCount = count / max(loop.shape[0], 1)
    let size = MemoryLayout<Scalar>.stride
    let from = pointer
    let to = target + layout.offset
    parallel(loop.shape[0], grain: elementGrain / max(rowCount, 1) + 1) { part in
      var shape = loop.shape
      shape[0] = part.count
      ck_copy(
        size, shape.count, shape, from + part.lowerBound * loop.strides[0][0], loop.strides[0],
        to + part.lowerBound * loop.strides[1][0], loop.strides[1])
    }
  }
}
