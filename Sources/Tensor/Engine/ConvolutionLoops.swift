import CKernels

/// A convolution's sizes, and its three loops in the direct form.
///
/// Output positions are split between threads and unfolded into blocks of columns that stay in cache; each block is one
/// matrix product, or one for each group of channels. 1×1 convolutions are products of the images as they are.
struct ConvolutionGeometry {
  /// Spans the channels of one group.
  var window: ck_window
  let images: Int
  /// Of all groups together.
  let outChannels: Int
  let groups: Int

  /// The number of output positions of one image.
  var positions: Int { window.out_height * window.out_width }
  /// The length of an unfolded column: kernel height × kernel width × channels of a group.
  var depth: Int { window.kernel_height * window.kernel_width * window.channels }
  private var groupOut: Int { outChannels / groups }
  var imageSize: Int { window.height * window.width * window.pixel }
  var isPointwise: Bool {
    window.kernel_height == 1 && window.kernel_width == 1 && window.stride == 1 && window.padding == 0
  }

  /// `output[images · positions, outChannels] = columns(input) · weightᵀ`, with weight [outChannels, depth], and what is to be
  /// done to its channels.
  func forward<S: TensorScalar>(
    _ input: UnsafePointer<S>, _ weight: UnsafePointer<S>, _ output: UnsafeMutablePointer<S>,
    then map: ChannelMap<S>? = nil
  ) {
    let matrices = (0..<groups).map {
      PackedMatrix(weight + $0 * groupOut * depth, depth: depth, columns: groupOut, isTransposed: true)
    }
    parallel(images * positions, grain: grain) { part in
      forEachBlock(S.self, of: part, rows: blockRows(S.self)) { rows, columns in
        for (group, matrix) in matrices.enumerated() {
          let block = unfolded(input, rows, group, columns)
          matrix.product(
            rows.count, block, output + rows.lowerBound * outChannels + group * groupOut, leading: outChannels)
        }
        map?.apply(to: rows, of: output)
      }
    }
  }

  /// `input += columnsᵀ(gradient · weight)`; the input must hold zeros unless `fillsInput`.
  func inputGradient<S: TensorScalar>(
    _ gradient: UnsafePointer<S>, _ weight: UnsafePointer<S>, _ input: UnsafeMutablePointer<S>
  ) {
    let matrices = (0..<groups).map {
      PackedMatrix(weight + $0 * groupOut * depth, depth: groupOut, columns: depth, isTransposed: false)
    }
    guard !isPointwise else {
      return parallel(images * positions, grain: grain) { part in
        forEachBlock(S.self, of: part, rows: blockRows(S.self)) { rows, _ in
          for (group, matrix) in matrices.enumerated() {
            let block = gradients(gradient, rows, group)
            matrix.product(
              rows.count, block, input + rows.lowerBound * window.pixel + group * window.channels, leading: window.pixel
            )
          }
        }
      }
    }
    // Neighbouring positions add to the same pixels, so that an image is one thread's.
    parallel(images, grain: 1) { part in
      let all = part.lowerBound * positions..<part.upperBound * positions
      forEachBlock(S.self, of: all, rows: blockRows(S.self)) { rows, columns in
        for (group, matrix) in matrices.enumerated() {
          let block = gradients(gradient, rows, group)
          matrix.product(rows.count, block, columns, leading: depth)
          forEachImage(rows) { image, first, last, offset in
            withUnsafePointer(to: window) {
              ck_col2im(
                S.element, $0, first, last, columns + offset * depth,
                input + image * imageSize + group * window.channels)
            }
          }
        }
      }
    }
  }

  /// Whether `inputGradient` writes every element of the input rather than adding to it.
  var fillsInput: Bool { isPointwise }

  /// `weight = gradientᵀ · columns(input)`, [outChannels, depth]: a partial sum for each thread, added in a fixed order.
  ///
  /// Where partial sums would be larger than what they are summed from, the threads share out the output channels.
  func weightGradient<S: TensorScalar>(
    _ input: UnsafePointer<S>, _ gradient: UnsafePointer<S>, _ weight: UnsafeMutablePointer<S>
  ) {
    let (all, size) = (images * positions, outChannels * depth)
    guard groups > 1 || all == 0 || size < 16 * all else {
      return parallel(outChannels, grain: 16) { addProducts(input, gradient, 0..<all, $0, to: weight) }
    }
    let parts = max(1, min(Threads.count, all / 64))
    let partial = Buffer<S>(count: parts * size)
    defer { withExtendedLifetime(partial) {} }
    forEachShare(of: all, parts: parts) { part, share in
      addProducts(input, gradient, share, 0..<groupOut, to: partial.pointer + part * size)
    }
    _ = ck_reduce(S.element, .sum, 1, parts, size, partial.pointer, weight)
  }

  /// Sums up the products of a range of positions for some output channels of each group.
  private func addProducts<S: TensorScalar>(
    _ input: UnsafePointer<S>, _ gradient: UnsafePointer<S>, _ positions: Range<Int>, _ channels: Range<Int>,
    to weight: UnsafeMutablePointer<S>
  ) {
    if positions.isEmpty { return ck_fill(S.element, outChannels * depth, 0, weight) }
    var beta: S = 0
    forEachBlock(S.self, of: positions, rows: isPointwise ? positions.count : max(256, blockRows(S.self))) {
      rows, columns in
      for group in 0..<groups {
        let block = unfolded(input, rows, group, columns)
        var transposed = gradients(gradient, rows, group)
        transposed.pointer += channels.lowerBound
        transposed.isTransposed = true
        gemm(
          channels.count, depth, rows.count, transposed, block, beta: beta,
          weight + (group * groupOut + channels.lowerBound) * depth, leading: depth)
      }
      beta = 1
    }
  }

  /// The fewest output positions worth a thread.
  var grain: Int { 6 + (1 << 16) / max(depth * groupOut, 1) }

  /// How many rows of both sides of a product stay in cache: a multiple of the six that it takes at a time.
  func blockRows<S>(_: S.Type) -> Int {
    max(24, (1 << 16) / MemoryLayout<S>.stride / max(depth + groupOut, 1) / 6 * 6)
  }

  /// Calls `body` with blocks of output positions (counted over the whole batch) and room for their columns.
  func forEachBlock<S>(
    _: S.Type, of positions: Range<Int>, rows: Int, _ body: (Range<Int>, UnsafeMutablePointer<S>) -> Void
  ) {
    let columns = Buffer<S>(count: isPointwise ? 0 : min(rows, positions.count) * depth)
    defer { withExtendedLifetime(columns) {} }
    for start in stride(from: positions.lowerBound, to: positions.upperBound, by: rows) {
      body(start..<min(start + rows, positions.upperBound), columns.pointer)
    }
  }

  /// A group's gradients of a block of output positions.
  private func gradients<S: TensorScalar>(
    _ gradient: UnsafePointer<S>, _ rows: Range<Int>, _ group: Int
  ) -> MatrixOperand<S> {
    MatrixOperand(pointer: gradient + rows.lowerBound * outChannels + group * groupOut, leading: outChannels)
  }

  /// A group's columns for a block of output positions.
  private func unfolded<S: TensorScalar>(
    _ input: UnsafePointer<S>, _ rows: Range<Int>, _ group: Int, _ columns: UnsafeMutablePointer<S>
  ) -> MatrixOperand<S> {
    let source = input + group * window.channels
    if isPointwise { return MatrixOperand(pointer: source + rows.lowerBound * window.pixel, leading: window.pixel) }
    forEachImage(rows) { image, first, last, offset in
      withUnsafePointer(to: window) {
        ck_im2col(S.element, $0, first, last, source + image * imageSize, columns + offset * depth)
      }
    }
    return MatrixOperand(pointer: UnsafePointer(columns), leading: depth)
  }

  /// Splits a block into the images it spans: `body` gets the image, its first and last position and the offset in the block.
  func forEachImage(_ rows: Range<Int>, _ body: (Int, Int, Int, Int) -> Void) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let image = start / positions
      let end = min(rows.upperBound, (image + 1) * positions)
      body(image, start - image * positions, end - image * positions, start - rows.lowerBound)
      start = end
    }
  }
}
