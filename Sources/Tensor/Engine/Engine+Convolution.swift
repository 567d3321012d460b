import CKernels

/// A convolution with everything but the numbers.
struct Convolution2D: Sendable {
  /// The images, `[batch, height, width, channels]`.
  let input: [Int]
  /// The weight, `[outChannels, channels / groups, height, width]`.
  let kernel: [Int]
  /// `[batch, outHeight, outWidth, outChannels]`; sizes are 0 where the kernel is larger than the padded images.
  let output: [Int]
  let stride: Int
  let padding: Int
  let dilation: Int
  let groups: Int

  init(input: [Int], kernel: [Int], stride: Int, padding: Int, dilation: Int, groups: Int) {
    func size(_ length: Int, _ kernel: Int) -> Int {
      let room = length + 2 * padding - dilation * (kernel - 1) - 1
      return room < 0 ? 0 : room / stride + 1
    }
    (self.input, self.kernel) = (input, kernel)
    (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
    output = [input[0], size(input[1], kernel[2]), size(input[2], kernel[3]), kernel[0]]
  }
}

extension Engine {
  /// Slides kernels over channels-last images; what comes out for each channel is scaled and so on while it is in cache.
  static func conv2d<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, _ weight: NDArray<Scalar>, _ convolution: Convolution2D, then map: ChannelMap<Scalar>? = nil
  ) -> NDArray<Scalar> {
    if narrows(x, weight) {
      let result: NDArray<Scalar> = named(narrowConv2d(singles(x), singles(weight), convolution))
      return map.map {
        channelAffine(result, scale: $0.scale, offset: $0.offset, addend: $0.addend, isRectified: $0.isRectified)
      } ?? result
    }
    let map = map?.contiguous()
    if let groups = SmallGroups(convolution) { return groups.forward(x, weight, then: map) }
    let (source, result) = (x.contiguous(), NDArray<Scalar>(uninitialized: convolution.output))
    let (geometry, winograd) = convolution.loops(for: Scalar.self)
    let weight = winograd == nil ? weight.channelsLast() : weight.contiguous()
    if let winograd {
      winograd.forward(
        WinogradImages(source), singles(weight).pointer, WinogradImages(result), then: map as! ChannelMap<Float>?)
    } else {
      geometry.forward(source.pointer, weight.pointer, result.target, then: map)
    }
    withExtendedLifetime((source, weight, map)) {}
    return result
  }

  /// The gradient of the images, given that of the output.
  static func conv2dInputGradient<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, _ weight: NDArray<Scalar>, _ convolution: Convolution2D
  ) -> NDArray<Scalar> {
    if narrows(g, weight) {
      return named(narrowConv2dInputGradient(singles(g), singles(weight), convolution))
    }
    if let groups = SmallGroups(convolution) { return groups.inputGradient(g, weight) }
    let gradient = g.contiguous()
    let (geometry, winograd) = convolution.loops(for: Scalar.self)
    let weight = winograd == nil ? weight.channelsLast() : weight.contiguous()
    let isWritten = winograd != nil || geometry.fillsInput
    let result: NDArray<Scalar> =
      isWritten ? NDArray(uninitialized: convolution.input) : zeros(convolution.input)
    if let winograd {
      winograd.inputGradient(WinogradImages(gradient), singles(weight).pointer, WinogradImages(result))
    } else {
      geometry.inputGradient(gradient.pointer, weight.pointer, result.target)
    }
    withExtendedLifetime((gradient, weight)) {}
    return result
  }

  /// The gradient of the weight, given the images and that of the output; in any order in memory.
  static func conv2dWeightGradient<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, _ g: NDArray<Scalar>, _ convolution: Convolution2D
  ) -> NDArray<Scalar> {
    if narrows(x, g) { return named(narrowConv2dWeightGradient(singles(x), singles(g), convolution)) }
    if let groups = SmallGroups(convolution) { return groups.weightGradient(x, g) }
    let (source, gradient, kernel) = (x.contiguous(), g.contiguous(), convolution.kernel)
    defer { withExtendedLifetime((source, gradient)) {} }
    let (geometry, winograd) = convolution.loops(for: Scalar.self)
    if let winograd {
      let result = NDArray<Scalar>(uninitialized: kernel)
      winograd.weightGradient(WinogradImages(source), WinogradImages(gradient), singles(result).target)
      return result
    }
    let packed = NDArray<Scalar>(uninitialized: [kernel[0], kernel[2], kernel[3], kernel[1]])
    geometry.weightGradient(source.pointer, gradient.pointer, packed.target)
    return packed.seen(as: packed.layout.permuted([0, 3, 1, 2]))
  }
}

extension Convolution2D {
  /// The direct loops, and the faster ones in `Float`, where there are such; in a debug build there are none, because they are
  /// slow there.
  func loops<Scalar: TensorScalar>(for: Scalar.Type) -> (ConvolutionGeometry, Winograd?) {
    let geometry = ConvolutionGeometry(
      window: ck_window(
        height: input[1], width: input[2], channels: kernel[1], pixel: input[3], kernel_height: kernel[2],
        kernel_width: kernel[3], stride: stride, padding: padding, dilation: dilation, out_height: output[1],
        out_width: output[2]),
      images: input[0], outChannels: kernel[0], groups: groups)
    return (geometry, Scalar.elementType == .float32 && kernelsAreOptimized ? Winograd(geometry) : nil)
  }
}

extension NDArray {
  /// A weight with its channels last, as the direct loops want it.
  fileprivate func channelsLast() -> NDArray { seen(as: layout.permuted([0, 2, 3, 1])).contiguous() }
}
