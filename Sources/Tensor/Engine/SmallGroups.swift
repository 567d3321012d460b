import CKernels

/// A convolution in groups of few channels, depthwise for one: directly over the pixels, without unfolding; see `depthwise.inc`.
///
/// A group has 1, 2, 4 or 8 channels on both sides. Where each of a depthwise convolution's channels has several outputs, the images'
/// channels are repeated first. Threads share out the rows of what is made; partial sums of the weight's gradient are added in a
/// fixed order.
struct SmallGroups {
  private let convolution: Convolution2D
  /// Spans the channels of one group; a pixel holds as many channels as the output.
  private let window: ck_window
  private var images: Int { convolution.input[0] }
  /// The output channels for each of the input's.
  private var multiplier: Int { convolution.output[3] / max(convolution.input[3], 1) }

  /// Nil where the convolution has other groups.
  init?(_ convolution: Convolution2D) {
    let (input, kernel, output) = (convolution.input, convolution.kernel, convolution.output)
    guard convolution.groups > 1, [1, 2, 4, 8].contains(kernel[1]), kernel[1] == 1 || input[3] == output[3] else {
      return nil
    }
    self.convolution = convolution
    window = ck_window(
      height: input[1], width: input[2], channels: kernel[1], pixel: output[3], kernel_height: kernel[2],
      kernel_width: kernel[3], stride: convolution.stride, padding: convolution.padding,
      dilation: convolution.dilation, out_height: output[1], out_width: output[2])
  }

  func forward<S: TensorScalar>(
    _ x: NDArray<S>, _ weight: NDArray<S>, then map: ChannelMap<S>?
  ) -> NDArray<S> {
    let result = NDArray<S>(uninitialized: convolution.output)
    convolve(
      repeated(x), weight.seen(as: weight.layout.permuted([2, 3, 1, 0])), into: result, isGradient: false, then: map)
    return result
  }

  func inputGradient<S: TensorScalar>(_ g: NDArray<S>, _ weight: NDArray<S>) -> NDArray<S> {
    let result = NDArray<S>(uninitialized: convolution.input + [multiplier])
    // What was an output of its group is an input now.
    let (size, weight) = (window.channels, weight.contiguous())
    let grouped = Layout(
      contiguous: [window.pixel / size, size, size, window.kernel_height, window.kernel_width])
    let turned = Layout(shape: grouped.shape, strides: grouped.strides, offset: weight.layout.offset)
      .permuted([3, 4, 1, 0, 2])
    convolve(g.contiguous(), weight.seen(as: turned), into: result, isGradient: true)
    let sums = multiplier == 1 ? result : Engine.reduce(.sum, result, over: [4])!
    return sums.seen(as: Layout(contiguous: convolution.input))
  }

  func weightGradient<S: TensorScalar>(_ x: NDArray<S>, _ g: NDArray<S>) -> NDArray<S> {
    let (x, g, rows) = (repeated(x), g.contiguous(), images * window.out_height)
    let kernel = [window.kernel_height, window.kernel_width, window.channels, window.pixel]
    let (result, size) = (NDArray<S>(uninitialized: kernel), kernel.reduce(1, *))
    let parts = max(1, min(Threads.count, rows / grain(window.out_width)))
    let partial = Buffer<S>(count: parts * size)
    defer { withExtendedLifetime((x, g, partial)) {} }
    forEachShare(of: rows, parts: parts) { part, share in
      withUnsafePointer(to: window) {
        ck_grouped_weight_gradient(
          S.element, $0, share.lowerBound, share.upperBound, x.pointer, g.pointer, partial.pointer + part * size)
      }
    }
    _ = ck_reduce(S.element, .sum, 1, parts, size, partial.pointer, result.target)
    return result.seen(as: result.layout.permuted([3, 2, 0, 1]))
  }

  private func convolve<S: TensorScalar>(
    _ source: NDArray<S>, _ weight: NDArray<S>, into result: NDArray<S>, isGradient: Bool,
    then map: ChannelMap<S>? = nil
  ) {
    let (weight, target, width) = (weight.contiguous(), result.target, result.shape[2])
    defer { withExtendedLifetime((source, weight)) {} }
    parallel(images * result.shape[1], grain: grain(result.shape[2])) { rows in
      // One row after another where something follows, so that it finds the row in cache.
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: map == nil ? rows.count : 1) {
        let last = map == nil ? rows.upperBound : first + 1
        withUnsafePointer(to: window) {
          ck_grouped_convolution(
            S.element, $0, isGradient ? 1 : 0, first, last, source.pointer, weight.pointer, target)
        }
        map?.apply(to: first * width..<last * width, of: target)
      }
    }
  }

  /// The images with each channel as often as the output needs it; contiguous.
  private func repeated<S: TensorScalar>(_ x: NDArray<S>) -> NDArray<S> {
    guard multiplier > 1 else { return x.contiguous() }
    let layout = x.layout
    return x.seen(
      as: Layout(shape: layout.shape + [multiplier], strides: layout.strides + [0], offset: layout.offset)
    ).contiguous()
  }

  /// The fewest rows of some pixels that are worth a thread.
  private func grain(_ width: Int) -> Int {
    1 + (1 << 16) / max(width * window.pixel * window.channels * window.kernel_height * window.kernel_width, 1)
  }
}
