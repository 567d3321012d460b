import CKernels

/// A convolution's sizes, and its three loops: images are split between threads, columns are unfolded into blocks that
/// stay in cache, and each block is one matrix product, or one for each group of channels.
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
  private var imageSize: Int { window.height * window.width * window.pixel }
  private var isPointwise: Bool {
    window.kernel_height == 1 && window.kernel_width == 1 && window.stride == 1 && window.padding == 0
  }

  /// `output[images · positions, outChannels] = columns(input) · weightᵀ`, with weight [outChannels, depth].
  func forward<S: TensorScalar>(
    _ input: UnsafePointer<S>, _ weight: UnsafePointer<S>, _ output: UnsafeMutablePointer<S>
  ) {
    forEachBlock(S.self) { rows, columns in
      for group in 0..<groups {
        let matrix = MatrixOperand(pointer: weight + group * groupOut * depth, isTransposed: true, leading: depth)
        let block = unfolded(input, rows, group, columns)
        gemm(
          rows.count, groupOut, depth, block, matrix, beta: 0,
          output + rows.lowerBound * outChannels + group * groupOut, leading: outChannels)
      }
    }
  }

  /// `input += columnsᵀ(gradient · weight)`; the input must hold zeros.
  func inputGradient<S: TensorScalar>(
    _ gradient: UnsafePointer<S>, _ weight: UnsafePointer<S>, _ input: UnsafeMutablePointer<S>
  ) {
    forEachBlock(S.self) { rows, columns in
      for group in 0..<groups {
        let matrix = MatrixOperand(pointer: weight + group * groupOut * depth, leading: depth)
        let block = gradients(gradient, rows, group)
        let target = input + group * window.channels
        if isPointwise {
          gemm(
            rows.count, depth, groupOut, block, matrix, beta: 0, target + rows.lowerBound * window.pixel,
            leading: window.pixel)
          continue
        }
        gemm(rows.count, depth, groupOut, block, matrix, beta: 0, columns, leading: depth)
        forEachImage(rows) { image, first, last, offset in
          withUnsafePointer(to: window) {
            S._kernels.col2im($0, first, last, columns + offset * depth, target + image * imageSize)
          }
        }
      }
    }
  }

  /// `weight = gradientᵀ · columns(input)`, [outChannels, depth]: a partial sum for each thread, added in a fixed order.
  func weightGradient<S: TensorScalar>(
    _ input: UnsafePointer<S>, _ gradient: UnsafePointer<S>, _ weight: UnsafeMutablePointer<S>
  ) {
    let size = outChannels * depth
    let parts = max(1, min(Threads.count, images))
    let partial = Buffer<S>(count: parts * size)
    parallel(parts, grain: 1) { range in
      for part in range {
        let sum = partial.pointer + part * size
        var beta: S = 0
        let ofPart = part * images / parts..<(part + 1) * images / parts
        forEachBlock(S.self, in: ofPart) { rows, columns in
          for group in 0..<groups {
            let block = unfolded(input, rows, group, columns)
            var transposed = gradients(gradient, rows, group)
            transposed.isTransposed = true
            gemm(
              groupOut, depth, rows.count, transposed, block, beta: beta, sum + group * groupOut * depth,
              leading: depth)
          }
          beta = 1
        }
        if beta == 0 { S._kernels.fill(size, 0, sum) }
      }
    }
    S._kernels.reduce(CK_SUM, 1, parts, size, partial.pointer, weight)
  }

  private func forEachBlock<S: TensorScalar>(_: S.Type, _ body: (Range<Int>, UnsafeMutablePointer<S>) -> Void) {
    parallel(images, grain: 1) { forEachBlock(S.self, in: $0, body) }
  }

  /// Calls `body` with blocks of output positions (counted over the whole batch) and room for their columns.
  private func forEachBlock<S: TensorScalar>(
    _: S.Type, in images: Range<Int>, _ body: (Range<Int>, UnsafeMutablePointer<S>) -> Void
  ) {
    let all = images.lowerBound * positions..<images.upperBound * positions
    let rows = max(32, ConvolutionGeometry.blockBytes / MemoryLayout<S>.stride / max(depth, 1))
    let columns = Buffer<S>(count: isPointwise ? 0 : min(rows, all.count) * depth)
    var start = all.lowerBound
    while start < all.upperBound {
      let end = min(start + rows, all.upperBound)
      body(start..<end, columns.pointer)
      start = end
    }
  }

  private static let blockBytes = 1 << 18

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
        S._kernels.im2col($0, first, last, source + image * imageSize, columns + offset * depth)
      }
    }
    return MatrixOperand(pointer: UnsafePointer(columns), leading: depth)
  }

  /// Splits a block into the images it spans: `body` gets the image, its first and last position and the offset in the block.
  private func forEachImage(_ rows: Range<Int>, _ body: (Int, Int, Int, Int) -> Void) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let image = start / positions
      let end = min(rows.upperBound, (image + 1) * positions)
      body(image, start - image * positions, end - image * positions, start - rows.lowerBound)
      start = end
    }
  }
}
