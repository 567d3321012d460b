extension Tensor where Scalar: TensorScalar {
  /// The greatest elements in windows along one, two or three axes of channels-last images, with a size, a stride and a padding for each.
  ///
  /// Windows of one size along both axes of images are those of `maxPooled(_:stride:padding:)`; others are taken axis by axis, where equal elements
  /// share the gradient along each in turn. Traps where windows, strides and paddings do not fit.
  public func maxPooled(
    windows size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    pooled("maxPooled", size, stride ?? size, padding, file, line) { x, size, stride, padding in
      x.rank == 4
        ? x.maxPooled(size, stride: stride, padding: padding, file: file, line: line)
        : x.maxPooled1d(size, stride: stride, padding: padding, file: file, line: line)
    }
  }

  /// The means of windows along one, two or three axes of channels-last images, with a size, a stride and a padding for each; padding counts as zeros.
  ///
  /// Traps where windows, strides and paddings do not fit.
  public func averagePooled(
    windows size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    pooled("averagePooled", size, stride ?? size, padding, file, line) { x, size, stride, padding in
      x.rank == 4
        ? x.averagePooled(size, stride: stride, padding: padding, file: file, line: line)
        : x.averagePooled1d(size, stride: stride, padding: padding, file: file, line: line)
    }
  }

  /// `pool` of images with one number for both axes, or of sequences for one axis after another.
  private func pooled(
    _ name: StaticString, _ size: any AxisSizes, _ stride: any AxisSizes, _ padding: any AxisSizes,
    _ file: StaticString, _ line: UInt, _ pool: (_ x: Tensor, _ size: Int, _ stride: Int, _ padding: Int) -> Tensor
  ) -> Tensor {
    let axes = rank - 2
    guard (1...3).contains(axes), let sizes = size.sizes(axes: axes), let strides = stride.sizes(axes: axes),
      let paddings = padding.sizes(axes: axes)
    else {
      trap(
        "\(name): windows of \(size) with stride \(stride) and padding \(padding) do not fit \(shape) [batch, ..., channels]",
        file: file, line: line)
    }
    if axes == 2 && [sizes, strides, paddings].allSatisfy({ $0[0] == $0[1] }) {
      return pool(self, sizes[0], strides[0], paddings[0])
    }
    return (1...axes).reduce(self) { x, axis in
      let (before, after) = (x.shape[..<axis].reduce(1, *), x.shape[(axis + 1)...].reduce(1, *))
      let sequences = x.reshaped([before, x.shape[axis], after])
      let pooled = pool(sequences, sizes[axis - 1], strides[axis - 1], paddings[axis - 1])
      var target = x.shape
      target[axis] = pooled.shape[1]
      return pooled.reshaped(target)
    }
  }
}
