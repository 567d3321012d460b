import CKernels

extension NDArray {
  /// The same values in row-major order and in full, copied only where they are not.
  @inline(__always)
  func contiguous() -> NDArray { isBFloat16 ? widened().contiguous() : layout.isContiguous ? self : copied() }

  /// The same values in row-major order, stored as they are; copied only where they are not in that order.
  @inline(__always)
  func rowMajor() -> NDArray { layout.isContiguous ? self : copiedAsStored() }

  /// The same values in row-major order and in full, in memory of their own.
  func copied() -> NDArray { isBFloat16 ? widened() : copiedAsStored() }

  private func copiedAsStored() -> NDArray {
    let layout = Layout(contiguous: shape)
    let result = NDArray(
      storage: isBFloat16 ? Storage.makeBFloat16(count: layout.count) : Storage.make(count: layout.count),
      layout: layout)
    if count > 0 { copy(into: result, layout) }
    return result
  }

  /// Copies the elements to a part of an array that is stored as this one is: a layout of the same shape and any strides.
  func copy(into target: NDArray, _ layout: Layout) {
    let loop = StridedLoop(shape: shape, strides: [self.layout.strides, layout.strides])
    let rowCount = count / max(loop.shape[0], 1)
    let size = bytesPerElement
    require(target.bytesPerElement == size, "copy: stored in other ways")
    let (from, to) = (address(), target.storage.address + layout.offset * size)
    parallel(loop.shape[0], grain: elementGrain / max(rowCount, 1) + 1) { part in
      var shape = loop.shape
      shape[0] = part.count
      ck_copy(
        size, shape.count, shape, from + part.lowerBound * loop.strides[0][0] * size, loop.strides[0],
        to + part.lowerBound * loop.strides[1][0] * size, loop.strides[1])
    }
  }
}
