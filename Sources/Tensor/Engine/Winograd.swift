import CKernels

/// A 3×3 convolution of stride 1 in `Float` by Winograd's F(4×4, 3×3): a quarter of the multiplications.
///
/// Blocks of tiles are transformed, multiplied element by element over the channels and transformed back, all in cache.
/// Threads share out the tiles; where the transformed kernels are larger than a cache, they share out the output
/// channels instead, so that each kernel is read once.
struct Winograd {
  private let shape: ck_winograd
  private let images: Int

  /// Nil where the convolution has another form, or so few elements that the direct form is as fast.
  init?(_ geometry: ConvolutionGeometry) {
    let window = geometry.window
    guard window.kernel_height == 3, window.kernel_width == 3, window.stride == 1, window.dilation == 1,
      geometry.groups == 1, window.padding <= 2
    else { return nil }
    self.init(
      ck_winograd(
        height: window.height, width: window.width, channels: window.channels, out_height: window.out_height,
        out_width: window.out_width, out_channels: geometry.outChannels, padding: window.padding,
        tiles_down: (window.out_height + 3) / 4, tiles_across: (window.out_width + 3) / 4), images: geometry.images)
    guard shape.channels % 8 == 0, shape.out_channels % 8 == 0, min(shape.channels, shape.out_channels) >= 16,
      tiles >= 16, points * shape.tiles_down * shape.tiles_across <= 6 * shape.out_height * shape.out_width
    else { return nil }
  }

  private init(_ shape: ck_winograd, images: Int) { (self.shape, self.images) = (shape, images) }

  /// The elements of a transformed tile.
  private let points = 36
  private var tiles: Int { images * shape.tiles_down * shape.tiles_across }
  /// Whether the transformed kernels are larger than a cache.
  var sharesChannels: Bool { points * shape.channels * shape.out_channels > 1 << 20 }

  /// The convolution with a weight [out, in, 3, 3]; what is to be done to the channels, only of floats.
  func forward(
    _ input: WinogradImages, _ weight: UnsafePointer<Float>, _ output: WinogradImages,
    then map: ChannelMap<Float>? = nil
  ) {
    convolve(input, weight, row: 9, column: 9 * shape.channels, isTurned: false, output, then: map)
  }

  /// The gradient of the input: the convolution of the output's gradient with the turned kernels.
  func inputGradient(
    _ gradient: WinogradImages, _ weight: UnsafePointer<Float>, _ input: WinogradImages
  ) {
    let turned = ck_winograd(
      height: shape.out_height, width: shape.out_width, channels: shape.out_channels, out_height: shape.height,
      out_width: shape.width, out_channels: shape.channels, padding: 2 - shape.padding,
      tiles_down: (shape.height + 3) / 4, tiles_across: (shape.width + 3) / 4)
    Winograd(turned, images: images)
      .convolve(gradient, weight, row: 9 * shape.channels, column: 9, isTurned: true, input)
  }

  private func convolve(
    _ input: WinogradImages, _ weight: UnsafePointer<Float>, row: Int, column: Int, isTurned: Bool,
    _ output: WinogradImages, then map: ChannelMap<Float>? = nil
  ) {
    let (depth, width) = (shape.channels, Panels.width(CK_F32))
    let panels = (shape.out_channels + width - 1) / width
    let point = distance(panels * width, depth)
    let kernels = Buffer<Float>(count: points * point)
    defer { withExtendedLifetime(kernels) {} }
    parallel(panels, grain: 1) { part in
      ck_winograd_kernels(
        part.lowerBound, part.upperBound, width, shape.out_channels, depth, weight, row, column, isTurned ? 1 : 0,
        point, kernels.pointer)
    }
    share(panels) { tiles, panels in
      let channels = panels.lowerBound * width..<min(panels.upperBound * width, shape.out_channels)
      forEachBlock(tiles, of: 24, channels) { block, v, vPoint, m, mPoint in
        withUnsafePointer(to: shape) { shape in
          ck_winograd_input(input.element, shape, block.lowerBound, block.upperBound, input.address, vPoint, v)
          for k in 0..<points {
            ck_panel_product(
              CK_F32, vectorBytes, block.count, channels.count, depth, v + k * vPoint, depth, 0,
              kernels.pointer + k * point + channels.lowerBound * depth, m + k * mPoint, channels.count)
          }
          ck_winograd_output(
            output.element, shape, block.lowerBound, block.upperBound, channels.lowerBound, channels.upperBound, mPoint,
            m, output.address)
          if let map {
            ck_winograd_affine(
              shape, block.lowerBound, block.upperBound, channels.lowerBound, channels.upperBound, map.scale.pointer,
              map.offset.pointer, map.addend?.pointer, map.isRectified ? 1 : 0,
              output.address.assumingMemoryBound(to: Float.self))
          }
        }
      }
    }
  }

  /// The gradient of the weight, [out, in, 3, 3]: a partial sum for each thread, unless they share out the channels.
  func weightGradient(
    _ input: WinogradImages, _ gradient: WinogradImages, _ weight: UnsafeMutablePointer<Float>
  ) {
    let depth = shape.channels
    let point = distance(shape.out_channels, depth)
    let parts = sharesChannels ? 1 : max(1, min(Threads.count, tiles / 24))
    let sums = Buffer<Float>(count: parts * points * point)
    defer { withExtendedLifetime(sums) {} }
    func add(_ tiles: Range<Int>, _ channels: Range<Int>, to sum: UnsafeMutablePointer<Float>) {
      var beta: Float = 0
      forEachBlock(tiles, of: sharesChannels ? 96 : 48, channels) { block, v, vPoint, m, mPoint in
        withUnsafePointer(to: shape) { shape in
          ck_winograd_input(input.element, shape, block.lowerBound, block.upperBound, input.address, vPoint, v)
          ck_winograd_gradient(
            gradient.element, shape, block.lowerBound, block.upperBound, channels.lowerBound, channels.upperBound,
            gradient.address, mPoint, m)
        }
        for k in 0..<points {
          let gradients = MatrixOperand(
            pointer: UnsafePointer(m) + k * mPoint, isTransposed: true, leading: channels.count)
          gemm(
            channels.count, depth, block.count, gradients,
            MatrixOperand(pointer: UnsafePointer(v) + k * vPoint, leading: depth), beta: beta,
            sum + k * point + channels.lowerBound * depth, leading: depth)
        }
        beta = 1
      }
    }
    if sharesChannels {
      parallel(shape.out_channels / 8, grain: 1) { part in
        add(0..<tiles, part.lowerBound * 8..<part.upperBound * 8, to: sums.pointer)
      }
    } else {
      forEachShare(of: tiles, parts: parts) { part, share in
        add(share, 0..<shape.out_channels, to: sums.pointer + part * points * point)
      }
    }
    parallel(shape.out_channels, grain: 1) { part in
      let first = part.lowerBound * depth
      ck_winograd_kernel_gradients(
        parts, points * point, part.count * depth, point, sums.pointer + first, weight + first * 9)
    }
  }

  /// The distance of matrices for the 36 points: apart from powers of two, so that they do not meet in a cache's sets.
  private func distance(_ rows: Int, _ columns: Int) -> Int { rows * columns + 16 }

  /// Splits the tiles, or the panels of output channels, between the threads.
  private func share(_ panels: Int, _ body: (Range<Int>, Range<Int>) -> Void) {
    if sharesChannels {
      parallel(panels, grain: 1) { body(0..<tiles, $0) }
    } else {
      parallel(tiles, grain: 6) { body($0, 0..<panels) }
    }
  }

  /// Calls `body` with blocks of tiles, and room for their transforms on the side of the input and of the output.
  private func forEachBlock(
    _ tiles: Range<Int>, of size: Int, _ channels: Range<Int>,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>, Int, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let size = min(size, tiles.count)
    let (vPoint, mPoint) = (distance(size, shape.channels), distance(size, channels.count))
    let v = Buffer<Float>(count: points * vPoint)
    let m = Buffer<Float>(count: points * mPoint)
    defer { withExtendedLifetime((v, m)) {} }
    for start in stride(from: tiles.lowerBound, to: tiles.upperBound, by: max(size, 1)) {
      body(start..<min(start + size, tiles.upperBound), v.pointer, vPoint, m.pointer, mPoint)
    }
  }
}

/// Images where Winograd's algorithm reads and writes them: `Float`s, stored in full or as bfloat16, channels last.
struct WinogradImages {
  fileprivate let element: ck_element
  fileprivate let address: UnsafeMutableRawPointer

  init<Scalar>(_ array: NDArray<Scalar>) { (element, address) = (array.element, array.address()) }
}
