extension Tensor where Scalar: TensorScalar {
  /// The windows of channels-last images, side by side: `[batch, height, width, channels]` to
  /// `[batch, outHeight, outWidth, size, size, channels]`.
  ///
  /// `outHeight = (height + 2·padding − dilation·(size − 1) − 1) / stride + 1`; padding holds zeros. A view where there is none. PyTorch's
  /// `unfold`, which puts channels, rows and columns of a window into one axis in this order. Traps where windows do not fit.
  public func unfolded(
    _ size: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let windows = requireWindows("unfolded", size, stride, padding, dilation, file, line)
    let padded = padding == 0 ? self : [1, 2].reduce(self) { $0.padded(along: $1, before: padding, after: padding) }
    return padded.viewed("windows") { $0.windows(windows, size, stride: stride, dilation: dilation) }
  }

  /// Images from their windows, whose elements are added where they overlap: the adjoint of `unfolded`, PyTorch's `fold`.
  ///
  /// `[batch, outHeight, outWidth, size, size, channels]` gives `[batch, height, width, channels]`. Traps unless such images have such
  /// windows.
  public func folded(
    height: Int, width: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank == 6 && shape[3] == shape[4],
      "folded: \(shape) are no windows [batch, outHeight, outWidth, size, size, channels]", file: file, line: line)
    let size = shape[3]
    requireShape("folded", [shape[0], height, width, shape[5]], stride: MemoryLayout<Scalar>.stride, file, line)
    let images = Tensor(0).expanded(to: [shape[0], height, width, shape[5]])
    let windows = images.requireWindows("folded", size, stride, padding, dilation, file, line)
    require(
      windows == Array(shape[1...2]),
      "folded: images of \(height) × \(width) have \(windows) windows, not \(shape[1...2])",
      file: file, line: line)
    let target = [shape[0], height + 2 * padding, width + 2 * padding, shape[5]]
    return accumulated(into: target) { $0.windows(windows, size, stride: stride, dilation: dilation) }
      .sliced(along: 1, padding..<padding + height).sliced(along: 2, padding..<padding + width)
  }

  /// The number of windows down and across; traps where there are none.
  private func requireWindows(
    _ name: StaticString, _ size: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ file: StaticString,
    _ line: UInt
  ) -> [Int] {
    let amounts = 1...1 << 30
    require(
      rank == 4 && amounts.contains(size) && stride >= 1 && amounts.contains(dilation) && amounts.contains(padding + 1)
        && Swift.min(shape[1], shape[2]) + 2 * padding > dilation * (size - 1),
      "\(name): windows of \(size) with padding \(padding) and dilation \(dilation) do not fit images \(shape) "
        + "[batch, height, width, channels]", file: file, line: line)
    return shape[1...2].map { ($0 + 2 * padding - dilation * (size - 1) - 1) / stride + 1 }
  }

  /// Channels as pixels: `[batch, height, width, channels·factor²]` to `[batch, height·factor, width·factor, channels]`.
  ///
  /// As PyTorch's `pixel_shuffle`: of the channels that make one, the first `factor` are the upper row. Traps where the channels do
  /// not divide.
  public func pixelShuffled(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 4 && (1...1 << 30).contains(factor) && shape[3] % (factor * factor) == 0,
      "pixelShuffled: images \(shape) [batch, height, width, channels] have no channels for \(factor) × \(factor) pixels",
      file: file, line: line)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3] / (factor * factor))
    return reshaped([batch, height, width, channels, factor, factor]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped([batch, height * factor, width * factor, channels])
  }

  /// Pixels as channels: `[batch, height·factor, width·factor, channels]` to `[batch, height, width, channels·factor²]`.
  ///
  /// The inverse of `pixelShuffled`, PyTorch's `pixel_unshuffle`. Traps where the images do not divide.
  public func pixelUnshuffled(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    require(
      rank == 4 && (1...1 << 30).contains(factor) && shape[1] % factor == 0 && shape[2] % factor == 0,
      "pixelUnshuffled: images \(shape) [batch, height, width, channels] do not divide into \(factor) × \(factor) pixels",
      file: file, line: line)
    let (batch, height, width, channels) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    return reshaped([batch, height, factor, width, factor, channels]).permuted([0, 1, 3, 5, 2, 4])
      .reshaped([batch, height, width, channels * factor * factor])
  }
}

extension Layout {
  /// Square windows of the second and third of four axes: `[batch, down, across, size, size, channels]`; they may overlap.
  func windows(_ counts: [Int], _ size: Int, stride: Int, dilation: Int = 1) -> Layout {
    let s = strides
    return Layout(
      shape: [shape[0], counts[0], counts[1], size, size, shape[3]],
      strides: [s[0], s[1] &* stride, s[2] &* stride, s[1] * dilation, s[2] * dilation, s[3]], offset: offset)
  }
}
