import CKernels

// Convolutions of bfloat16: Winograd's algorithm on images that are stored so, where that is faster than their products; else products
// of packed panels, or `Float`'s loops on what was rounded.
extension Engine {
  /// The convolution of images and weight rounded to bfloat16.
  static func narrowConv2d(
    _ x: NDArray<Float>, _ weight: NDArray<Float>, _ convolution: Convolution2D
  ) -> NDArray<Float> {
    let (x, weight) = (x.narrowed().rowMajor(), weight.narrowed())
    defer { withExtendedLifetime((x, weight)) {} }
    switch convolution.narrowLoops() {
    case .winograd(let winograd):
      let (result, kernels) = (uninitialized(convolution.output), weight.contiguous())
      winograd.forward(WinogradImages(x), kernels.pointer, WinogradImages(result))
      withExtendedLifetime(kernels) {}
      return result
    case .packed(let geometry):
      let (result, kernels) = (uninitialized(convolution.output), weight.channelsLastAsStored())
      geometry.narrowForward(x.halves, kernels.halves, result)
      withExtendedLifetime(kernels) {}
      return result
    case .full:
      let (result, kernels) = (uninitialized(convolution.output), weight.widened())
      convolution.forEachPart { part, images in
        result.write(with(.nothing) { conv2d(x.images(images), kernels, part) }, to: images)
      }
      return result
    }
  }

  /// The gradient of the images.
  static func narrowConv2dInputGradient(
    _ g: NDArray<Float>, _ weight: NDArray<Float>, _ convolution: Convolution2D
  ) -> NDArray<Float> {
    let (g, weight) = (g.narrowed().rowMajor(), weight.narrowed())
    defer { withExtendedLifetime((g, weight)) {} }
    switch convolution.narrowLoops() {
    case .winograd(let winograd):
      let (result, kernels) = (uninitialized(convolution.input), weight.contiguous())
      winograd.inputGradient(WinogradImages(g), kernels.pointer, WinogradImages(result))
      withExtendedLifetime(kernels) {}
      return result
    case .packed(let geometry):
      let (result, kernels) = (uninitialized(convolution.input), weight.channelsLastAsStored())
      geometry.narrowInputGradient(g.halves, kernels.halves, result)
      withExtendedLifetime(kernels) {}
      return result
    case .full:
      let (result, kernels) = (uninitialized(convolution.input), weight.widened())
      convolution.forEachPart { part, images in
        result.write(with(.nothing) { conv2dInputGradient(g.images(images), kernels, part) }, to: images)
      }
      return result
    }
  }

  /// The gradient of the weight.
  static func narrowConv2dWeightGradient(
    _ x: NDArray<Float>, _ g: NDArray<Float>, _ convolution: Convolution2D
  ) -> NDArray<Float> {
    let (x, g) = (x.narrowed().rowMajor(), g.narrowed().rowMajor())
    defer { withExtendedLifetime((x, g)) {} }
    let kernel = convolution.kernel
    switch convolution.narrowLoops() {
    case .winograd(let winograd):
      let result = NDArray<Float>(uninitialized: kernel)
      winograd.weightGradient(WinogradImages(x), WinogradImages(g), result.target)
      return stored(result)
    case .packed(let geometry):
      let result = NDArray<Float>(uninitialized: [kernel[0], kernel[2], kernel[3], kernel[1]])
      geometry.narrowWeightGradient(x.halves, g.halves, result.target)
      return stored(result.seen(as: result.layout.permuted([0, 3, 1, 2])))
    case .full:
      var sum: NDArray<Float>?
      convolution.forEachPart { part, images in
        let share = with(.nothing) { conv2dWeightGradient(x.images(images), g.images(images), part) }
        sum = sum.map { binary(.add, $0, share, "conv2dWeightGradient") } ?? share
      }
      return stored(sum ?? zeros(kernel))
    }
  }

  /// A new array, stored as the current thread stores results.
  private static func uninitialized(_ shape: [Int]) -> NDArray<Float> {
    storesBFloat16 ? NDArray(uninitializedBFloat16: shape) : NDArray(uninitialized: shape)
  }
}

extension Convolution2D {
  /// Calls `body` with the convolution of some images at a time, so many that they stay in cache in full.
  fileprivate func forEachPart(_ body: (Convolution2D, Range<Int>) -> Void) {
    let size = (input.dropFirst().reduce(1, *) + output.dropFirst().reduce(1, *)) * MemoryLayout<Float>.stride
    let count = max(Threads.count, (1 << 24) / max(size, 1))
    for first in Swift.stride(from: 0, to: input[0], by: count) {
      let images = first..<min(first + count, input[0])
      let part = Convolution2D(
        input: [images.count] + input.dropFirst(), kernel: kernel, stride: stride, padding: padding,
        dilation: dilation, groups: groups)
      body(part, images)
    }
  }
}

extension NDArray<Float> {
  /// Some of the images `[batch, …]`, in full.
  fileprivate func images(_ range: Range<Int>) -> NDArray {
    seen(as: layout.sliced(axis: 0, start: range.lowerBound, count: range.count, step: 1)).widened()
  }

  /// Writes some of the images of a new array, as it is stored.
  fileprivate func write(_ part: NDArray, to range: Range<Int>) {
    let target = layout.sliced(axis: 0, start: range.lowerBound, count: range.count, step: 1)
    (isBFloat16 ? part.narrowed() : part).copy(into: self, target)
  }
}

extension NDArray {
  /// A weight with its channels last, stored as it is.
  fileprivate func channelsLastAsStored() -> NDArray { seen(as: layout.permuted([0, 2, 3, 1])).rowMajor() }
}

/// How a convolution of bfloat16 is computed.
private enum NarrowLoops {
  case winograd(Winograd)
  case packed(ConvolutionGeometry)
  case full
}

extension Convolution2D {
  fileprivate func narrowLoops() -> NarrowLoops {
    let (geometry, winograd) = loops(for: Float.self)
    if let winograd, !PackedBFloat16.isUsed || !winograd.sharesChannels { return .winograd(winograd) }
    return PackedBFloat16.isUsed && groups == 1 ? .packed(geometry) : .full
  }
}

extension ConvolutionGeometry {
  /// As `forward`, of one group.
  fileprivate func narrowForward(
    _ input: UnsafePointer<UInt16>, _ weight: UnsafePointer<UInt16>, _ output: NDArray<Float>
  ) {
    let packed = PackedBFloat16(weight, row: 1, column: depth, depth: depth, columns: outChannels)
    parallel(images * positions, grain: grain) { part in
      forEachBlock(UInt16.self, of: part, rows: blockRows(UInt16.self)) { rows, columns in
        let (block, leading) = narrowColumns(input, rows, columns)
        packed.product(
          rows.count, block, row: leading, column: 1, output.address(rows.lowerBound * outChannels),
          leading: outChannels, output.isBFloat16 ? .rounded : .written)
      }
    }
  }

  /// As `inputGradient`, of one group; writes every element.
  fileprivate func narrowInputGradient(
    _ gradient: UnsafePointer<UInt16>, _ weight: UnsafePointer<UInt16>, _ input: NDArray<Float>
  ) {
    let packed = PackedBFloat16(weight, row: depth, column: 1, depth: outChannels, columns: depth)
    if isPointwise {
      return parallel(images * positions, grain: grain) { part in
        packed.product(
          part.count, gradient + part.lowerBound * outChannels, row: outChannels, column: 1,
          input.address(part.lowerBound * window.pixel), leading: window.pixel,
          input.isBFloat16 ? .rounded : .written)
      }
    }
    parallel(images, grain: 1) { part in
      let sums = Buffer<Float>(count: imageSize)
      for image in part {
        let own = image * positions..<(image + 1) * positions
        sums.pointer.update(repeating: 0, count: imageSize)
        forEachBlock(Float.self, of: own, rows: blockRows(Float.self)) { rows, columns in
          packed.product(
            rows.count, gradient + rows.lowerBound * outChannels, row: outChannels, column: 1, columns, leading: depth,
            .written)
          let first = rows.lowerBound - own.lowerBound
          withUnsafePointer(to: window) { ck_col2im(CK_F32, $0, first, first + rows.count, columns, sums.pointer) }
        }
        let target = input.address(image * imageSize)
        if input.isBFloat16 {
          ck_bf16_from_f32(imageSize, sums.pointer, target.assumingMemoryBound(to: UInt16.self))
        } else {
          target.copyMemory(from: sums.pointer, byteCount: imageSize * MemoryLayout<Float>.stride)
        }
      }
      withExtendedLifetime(sums) {}
    }
  }

  /// As `weightGradient`, of one group.
  fileprivate func narrowWeightGradient(
    _ input: UnsafePointer<UInt16>, _ gradient: UnsafePointer<UInt16>, _ weight: UnsafeMutablePointer<Float>
  ) {
    let (all, size) = (images * positions, outChannels * depth)
    if all == 0 { return ck_fill(CK_F32, size, 0, weight) }
    let parts = max(1, min(Threads.count, all / 64))
    let partial = Buffer<Float>(count: parts * size)
    defer { withExtendedLifetime(partial) {} }
    forEachShare(of: all, parts: parts) { part, share in
      let rowsAtOnce = max(256, blockRows(UInt16.self))
      forEachBlock(UInt16.self, of: share, rows: rowsAtOnce) { rows, columns in
        let (block, leading) = narrowColumns(input, rows, columns)
        let packed = PackedBFloat16(
          block, row: leading, column: 1, depth: rows.count, columns: depth, isShared: false)
        packed.product(
          outChannels, gradient + rows.lowerBound * outChannels, row: 1, column: outChannels,
          partial.pointer + part * size, leading: depth, rows.lowerBound == share.lowerBound ? .written : .added)
      }
    }
    _ = ck_reduce(CK_F32, .sum, 1, parts, size, partial.pointer, weight)
  }

  /// The columns of a block of output positions, and the elements from one to the next.
  private func narrowColumns(
    _ input: UnsafePointer<UInt16>, _ rows: Range<Int>, _ columns: UnsafeMutablePointer<UInt16>
  ) -> (UnsafePointer<UInt16>, Int) {
    if isPointwise { return (input + rows.lowerBound * window.pixel, window.pixel) }
    forEachImage(rows) { image, first, last, offset in
      withUnsafePointer(to: window) {
        ck_im2col(CK_BF16, $0, first, last, input + image * imageSize, columns + offset * depth)
      }
    }
    return (UnsafePointer(columns), depth)
  }
}
