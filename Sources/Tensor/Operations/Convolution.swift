import CKernels

extension Tensor where Scalar: TensorScalar {
  /// Slides kernels over a batch of channels-last images (cross-correlation, as in PyTorch).
  ///
  /// `[batch, height, width, channels]` with a weight `[outChannels, channels, kernelHeight, kernelWidth]` (PyTorch's
  /// shape, so that published weights fit) gives `[batch, outHeight, outWidth, outChannels]`, where
  /// `outHeight = (height + 2·padding − dilation·(kernelHeight − 1) − 1) / stride + 1`. Traps where the shapes do not fit.
  public func conv2d(
    _ weight: Tensor, stride: Int = 1, padding: Int = 0, dilation: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank == 4 && weight.rank == 4 && shape[3] == weight.shape[1],
      "conv2d: images \(shape) [batch, height, width, channels] do not fit weight \(weight.shape) [out, in, height, width]",
      file: file, line: line)
    require(stride >= 1 && padding >= 0 && dilation >= 1, "conv2d: stride, padding or dilation out of range")
    let convolution = Convolution2D(
      input: shape, kernel: weight.shape, stride: stride, padding: padding, dilation: dilation)
    require(
      convolution.output.allSatisfy { $0 >= 0 } && convolution.output[1] > 0 && convolution.output[2] > 0,
      "conv2d: kernel \(weight.shape) is larger than the padded images \(shape)", file: file, line: line)
    return convolution.apply(self, weight)
  }
}

/// A convolution with everything but the numbers: forward, and the gradients for the input and the weight.
///
/// Each is linear in two tensors, and the three are one another's pullbacks, so that any order of gradients is covered.
private struct Convolution2D {
  let input: [Int]
  let kernel: [Int]
  let output: [Int]
  let geometry: ConvolutionGeometry

  init(input: [Int], kernel: [Int], stride: Int, padding: Int, dilation: Int) {
    func size(_ length: Int, _ kernel: Int) -> Int {
      let room = length + 2 * padding - dilation * (kernel - 1) - 1
      return room < 0 ? 0 : room / stride + 1
    }
    self.input = input
    self.kernel = kernel
    output = [input[0], size(input[1], kernel[2]), size(input[2], kernel[3]), kernel[0]]
    geometry = ConvolutionGeometry(
      window: ck_window(
        height: input[1], width: input[2], channels: input[3], kernel_height: kernel[2], kernel_width: kernel[3],
        stride: stride, padding: padding, dilation: dilation, out_height: output[1], out_width: output[2]),
      images: input[0], outChannels: kernel[0])
  }

  func apply<S: TensorScalar>(_ x: Tensor<S>, _ weight: Tensor<S>) -> Tensor<S> {
    let result = Tensor<S>(uninitialized: output)
    withExtendedLifetime((x.contiguous(), channelsLast(weight))) { x, weight in
      geometry.forward(x.pointer, weight.pointer, result.buffer.pointer)
    }
    return result.recorded(
      "conv2d", (x, { g in inputGradient(g, weight) }), (weight, { g in weightGradient(x, g) }))
  }

  private func inputGradient<S: TensorScalar>(_ g: Tensor<S>, _ weight: Tensor<S>) -> Tensor<S> {
    let result = Tensor<S>(filled: 0, shape: input)
    withExtendedLifetime((g.contiguous(), channelsLast(weight))) { g, weight in
      geometry.inputGradient(g.pointer, weight.pointer, result.buffer.pointer)
    }
    return result.recorded(
      "conv2dInputGradient", (g, { x in apply(x, weight) }), (weight, { x in weightGradient(x, g) }))
  }

  private func weightGradient<S: TensorScalar>(_ x: Tensor<S>, _ g: Tensor<S>) -> Tensor<S> {
    let packed = Tensor<S>(uninitialized: [kernel[0], kernel[2], kernel[3], kernel[1]])
    withExtendedLifetime((x.contiguous(), g.contiguous())) { x, g in
      geometry.weightGradient(x.pointer, g.pointer, packed.buffer.pointer)
    }
    return packed.permuted([0, 3, 1, 2]).recorded(
      "conv2dWeightGradient", (x, { weight in inputGradient(g, weight) }), (g, { weight in apply(x, weight) }))
  }

  private func channelsLast<S: TensorScalar>(_ weight: Tensor<S>) -> Tensor<S> {
    weight.detached.permuted([0, 2, 3, 1]).contiguous()
  }
}
