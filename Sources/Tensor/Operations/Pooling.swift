extension Tensor where Scalar: TensorScalar {
  /// The greatest element in each window of channels-last images; equal ones share the gradient equally.
  ///
  /// `[batch, height, width, channels]` gives `[batch, outHeight, outWidth, channels]` with
  /// `outHeight = (height + 2·padding − size) / stride + 1`; the stride is the window's size unless given.
  public func maxPooled(
    _ size: Int, stride: Int? = nil, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    windows("maxPooled", size, stride ?? size, padding, filler: -.infinity, file, line).max(along: 3, 4)
  }

  /// The mean of each window of channels-last images; padding counts as zeros, as in PyTorch.
  ///
  /// Shapes as for `maxPooled(_:stride:padding:)`.
  public func averagePooled(
    _ size: Int, stride: Int? = nil, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    windows("averagePooled", size, stride ?? size, padding, filler: 0, file, line).mean(along: 3, 4)
  }

  /// Overlapping windows as a view, `[batch, outHeight, outWidth, size, size, channels]`.
  private func windows(
    _ name: StaticString, _ size: Int, _ stride: Int, _ padding: Int, filler: Scalar, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    require(
      rank == 4 && size >= 1 && stride >= 1 && padding >= 0 && 2 * padding <= size
        && shape[1] + 2 * padding >= size && shape[2] + 2 * padding >= size,
      "\(name): windows of \(size) with padding \(padding) do not fit images \(shape) [batch, height, width, channels]",
      file: file, line: line)
    let padded =
      padding == 0
      ? self
      : padded(along: 1, before: padding, after: padding, value: filler)
        .padded(along: 2, before: padding, after: padding, value: filler)
    let (batch, channels) = (shape[0], shape[3])
    let (rows, columns) = ((padded.shape[1] - size) / stride + 1, (padded.shape[2] - size) / stride + 1)
    return padded.viewed("windows") { layout in
      let s = layout.strides
      return Layout(
        shape: [batch, rows, columns, size, size, channels],
        strides: [s[0], s[1] * stride, s[2] * stride, s[1], s[2], s[3]], offset: layout.offset)
    }
  }
}
