extension Tensor where Scalar: TensorScalar {
  /// The greatest element in each window of channels-last images; equal ones share the gradient equally.
  ///
  /// `[batch, height, width, channels]` gives `[batch, outHeight, outWidth, channels]` with
  /// `outHeight = (height + 2·padding − size) / stride + 1`; the stride is the window's size unless given. Traps where
  /// windows, stride and padding do not fit the images.
  public func maxPooled(
    _ size: Int, stride: Int? = nil, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireWindows("maxPooled", size, stride ?? size, padding, file, line)
    let pooling = Pooling2D(input: shape, size: size, stride: stride ?? size, padding: padding)
    let images = array.rowMajor()
    let maxima = Engine.maxPool(images, pooling)
    return Tensor(maxima).recorded("maxPool", (self, { g in g.sharedOut(images, maxima, pooling) }))
  }

  /// The mean of each window of channels-last images; padding counts as zeros, as in PyTorch.
  ///
  /// Shapes and traps as for `maxPooled(_:stride:padding:)`.
  public func averagePooled(
    _ size: Int, stride: Int? = nil, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    windows("averagePooled", size, stride ?? size, padding, filler: 0, file, line).mean(along: 3, 4)
  }

  /// The greatest element in each window of channels-last sequences; equal ones share the gradient equally.
  ///
  /// `[batch, length, channels]` gives `[batch, outLength, channels]`; otherwise, with its traps, as
  /// `maxPooled(_:stride:padding:)`.
  public func maxPooled1d(
    _ size: Int, stride: Int? = nil, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    windows1d("maxPooled1d", size, stride ?? size, padding, filler: -.infinity, file, line).max(along: 2)
  }

  /// The mean of each window of channels-last sequences; padding counts as zeros, as in PyTorch.
  ///
  /// `[batch, length, channels]` gives `[batch, outLength, channels]`; otherwise, with its traps, as
  /// `maxPooled(_:stride:padding:)`.
  public func averagePooled1d(
    _ size: Int, stride: Int? = nil, padding: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    windows1d("averagePooled1d", size, stride ?? size, padding, filler: 0, file, line).mean(along: 2)
  }

  /// The greatest elements of channels-last images in a given number of windows; equal ones share the gradient equally.
  ///
  /// `[batch, inHeight, inWidth, channels]` gives `[batch, height, width, channels]`. Window `i` goes from
  /// `⌊i·inHeight / height⌋` to before `⌈(i + 1)·inHeight / height⌉`, as in PyTorch: windows overlap where the sizes do not
  /// divide. Made of one step a window, so it is for few. Traps where a size is less than 1.
  public func adaptiveMaxPooled(
    height: Int, width: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptivelyPooled("adaptiveMaxPooled", height, width, file, line) { $0.max(along: 1, 2) }
  }

  /// The means of channels-last images in a given number of windows.
  ///
  /// Shapes, windows and traps as for `adaptiveMaxPooled(height:width:)`.
  public func adaptiveAveragePooled(
    height: Int, width: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptivelyPooled("adaptiveAveragePooled", height, width, file, line) { $0.mean(along: 1, 2) }
  }

  private func adaptivelyPooled(
    _ name: StaticString, _ height: Int, _ width: Int, _ file: StaticString, _ line: UInt,
    _ pool: (Tensor) -> Tensor
  ) -> Tensor {
    require(
      rank == 4 && height >= 1 && width >= 1 && shape[1] >= 1 && shape[2] >= 1,
      "\(name): images \(shape) [batch, height, width, channels] have no \(height) × \(width) windows", file: file,
      line: line)
    _ = byteCount(of: Layout.count(of: [shape[0], height, width, shape[3]]), Scalar.self)
    func window(_ index: Int, of parts: Int, along axis: Int) -> Range<Int> {
      index * shape[axis] / parts..<((index + 1) * shape[axis] + parts - 1) / parts
    }
    let pooled = (0..<height).flatMap { row in
      let rows = sliced(along: 1, window(row, of: height, along: 1))
      return (0..<width).map { pool(rows.sliced(along: 2, window($0, of: width, along: 2))) }
    }
    return Tensor.stacked(pooled, along: 1).reshaped([shape[0], height, width, shape[3]])
  }

  private func requireWindows(
    _ name: StaticString, _ size: Int, _ stride: Int, _ padding: Int, _ file: StaticString, _ line: UInt
  ) {
    require(
      rank == 4 && (1...1 << 30).contains(size) && stride >= 1 && padding >= 0 && padding <= size / 2
        && Swift.min(shape[1], shape[2]) >= Swift.max(size - 2 * padding, 1),
      "\(name): windows of \(size) with padding \(padding) do not fit images \(shape) [batch, height, width, channels]",
      file: file, line: line)
  }

  /// Overlapping windows as a view, `[batch, outHeight, outWidth, size, size, channels]`.
  private func windows(
    _ name: StaticString, _ size: Int, _ stride: Int, _ padding: Int, filler: Scalar, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    requireWindows(name, size, stride, padding, file, line)
    let padded = padded(padding, filler, along: 1).padded(padding, filler, along: 2)
    let counts = padded.shape[1...2].map { ($0 - size) / stride + 1 }
    return padded.viewed("windows") { $0.windows(counts, size, stride: stride) }
  }

  /// Overlapping windows as a view, `[batch, outLength, size, channels]`.
  private func windows1d(
    _ name: StaticString, _ size: Int, _ stride: Int, _ padding: Int, filler: Scalar, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    require(
      rank == 3 && (1...1 << 30).contains(size) && stride >= 1 && padding >= 0 && padding <= size / 2
        && shape[1] >= Swift.max(size - 2 * padding, 1),
      "\(name): windows of \(size) with padding \(padding) do not fit sequences \(shape) [batch, length, channels]",
      file: file, line: line)
    let padded = padded(padding, filler, along: 1)
    let (batch, channels, count) = (shape[0], shape[2], (padded.shape[1] - size) / stride + 1)
    return padded.viewed("windows") { layout in
      let s = layout.strides
      return Layout(
        shape: [batch, count, size, channels], strides: [s[0], s[1] &* stride, s[1], s[2]], offset: layout.offset)
    }
  }

  private func padded(_ padding: Int, _ filler: Scalar, along axis: Int) -> Tensor {
    padding == 0 ? self : padded(along: axis, before: padding, after: padding, value: filler)
  }
}

// Given the images and their maxima, the gradient of a maximum over windows is linear: each window's is shared out between the
// places of its maximum. The transpose of that map takes the mean at these places; the two are one another's pullbacks.
extension Tensor where Scalar: TensorScalar {
  /// Each window's element shared out equally between the places of its maximum.
  private func sharedOut(_ images: NDArray<Scalar>, _ maxima: NDArray<Scalar>, _ pooling: Pooling2D) -> Tensor {
    Tensor(Engine.maxPoolShares(array, images: images, maxima: maxima, pooling)).recorded(
      "maxPoolGradient", (self, { h in h.meanAtMaxima(images, maxima, pooling) }))
  }

  /// The mean over the places of each window's maximum: what the maxima change by where the images change by this.
  private func meanAtMaxima(_ images: NDArray<Scalar>, _ maxima: NDArray<Scalar>, _ pooling: Pooling2D) -> Tensor {
    Tensor(Engine.maxPoolMeans(array, images: images, maxima: maxima, pooling)).recorded(
      "maxPool", (self, { g in g.sharedOut(images, maxima, pooling) }))
  }
}
