extension Tensor where Scalar: TensorScalar {
  /// Slides kernels over a batch of channels-last images (cross-correlation, as in PyTorch).
  ///
  /// `[batch, height, width, channels]` with a weight `[outChannels, channels / groups, kernelHeight, kernelWidth]`
  /// (PyTorch's shape, so that published weights fit) gives `[batch, outHeight, outWidth, outChannels]`, where
  /// `outHeight = (height + 2·padding − dilation·(kernelHeight − 1) − 1) / stride + 1`. With groups, each group of output
  /// channels sees only the group of input channels at the same place; as many groups as channels make it depthwise.
  /// Traps where the shapes do not fit.
  public func conv2d(
    _ weight: Tensor, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    convolved(weight, checkedConvolution(weight, stride, padding, dilation, groups, file, line))
  }

  /// `conv2d`, then `channelAffine`, the same numbers: where no gradient is recorded, without a trip through memory between them.
  package func conv2d(
    _ weight: Tensor, stride: Int, padding: Int, dilation: Int, groups: Int, scale: Tensor, offset: Tensor,
    adding addend: Tensor?, isRectified: Bool, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let convolution = checkedConvolution(weight, stride, padding, dilation, groups, file, line)
    let inputs = [self, weight, scale, offset] + [addend].compactMap(\.self)
    if Recording.isOn && inputs.contains(where: \.isTracked) {
      return convolved(weight, convolution).channelAffine(
        scale: scale, offset: offset, adding: addend, isRectified: isRectified, file: file, line: line)
    }
    require(
      scale.shape == [weight.shape[0]] && offset.shape == scale.shape,
      "conv2d: \(weight.shape[0]) output channels do not fit scale \(scale.shape) and offset \(offset.shape)",
      file: file,
      line: line)
    require(
      addend == nil || addend!.shape == convolution.output,
      "conv2d: output \(convolution.output) does not fit an addend of shape \(addend!.shape)", file: file, line: line)
    let map = ChannelMap(
      scale: scale.array, offset: offset.array, addend: addend?.array, isRectified: isRectified)
    return Tensor(Engine.conv2d(array, weight.array, convolution, then: map))
      .recorded("conv2d", inputs, sharing: { _, _ in })
  }

  /// Spreads each pixel over a window: what `conv2d` does to gradients, so that it undoes a convolution's shape.
  ///
  /// `[batch, height, width, channels]` with a weight `[channels, outChannels / groups, kernelHeight, kernelWidth]`
  /// (PyTorch's shape) gives `[batch, outHeight, outWidth, outChannels]`, where
  /// `outHeight = (height − 1)·stride − 2·padding + dilation·(kernelHeight − 1) + 1 + outputPadding`. The output padding
  /// tells the sizes apart that a strided convolution makes equal. Traps where the shapes do not fit, or where the output
  /// padding is not smaller than stride or dilation.
  public func convTransposed2d(
    _ weight: Tensor, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank == 4 && weight.rank == 4 && groups >= 1 && shape[3] == weight.shape[0] && shape[3] % groups == 0,
      "convTransposed2d: images \(shape) [batch, height, width, channels] do not fit weight \(weight.shape) "
        + "[in, out / groups, height, width] in \(groups) groups", file: file, line: line)
    requireGeometry("convTransposed2d", weight, stride, padding, dilation, file, line)
    require(
      (0..<Swift.max(stride, dilation)).contains(outputPadding),
      "convTransposed2d: output padding \(outputPadding) is not smaller than stride \(stride) or dilation \(dilation)",
      file: file, line: line)
    if outputPadding >= stride {
      return convTransposed2d(
        weight, stride: [stride, stride], padding: [padding, padding], outputPadding: [outputPadding, outputPadding],
        dilation: [dilation, dilation], groups: groups, file: file, line: line)
    }
    let sizes = (1...2).map {
      (shape[$0] - 1) * stride - 2 * padding + dilation * (weight.shape[$0 + 1] - 1) + 1 + outputPadding
    }
    require(
      shape[1] > 0 && shape[2] > 0 && sizes.allSatisfy { $0 > 0 },
      "convTransposed2d: padding \(padding) leaves nothing of images \(shape) with kernel \(weight.shape)", file: file,
      line: line)
    let convolution = Convolution2D(
      input: [shape[0], sizes[0], sizes[1], weight.shape[1] * groups], kernel: weight.shape, stride: stride,
      padding: padding, dilation: dilation, groups: groups)
    return convInputGradient(weight, convolution)
  }

  /// Slides kernels over a batch of channels-last sequences.
  ///
  /// `[batch, length, channels]` with a weight `[outChannels, channels / groups, kernel]` gives
  /// `[batch, outLength, outChannels]`; otherwise as `conv2d`. Traps where shapes and arguments do not fit.
  public func conv1d(
    _ weight: Tensor, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank == 3 && weight.rank == 3 && padding >= 0,
      "conv1d: sequences \(shape) [batch, length, channels] do not fit weight \(weight.shape) [out, in / groups, length] "
        + "with padding \(padding)", file: file, line: line)
    let padded = padding == 0 ? self : padded(along: 1, before: padding, after: padding)
    return padded.unsqueezed(1)
      .conv2d(weight.unsqueezed(2), stride: stride, dilation: dilation, groups: groups, file: file, line: line)
      .squeezed(1)
  }

  /// Spreads each element of channels-last sequences over a window.
  ///
  /// `[batch, length, channels]` with a weight `[channels, outChannels / groups, kernel]` gives
  /// `[batch, outLength, outChannels]`; otherwise as `convTransposed2d`. Traps where shapes and arguments do not fit.
  public func convTransposed1d(
    _ weight: Tensor, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank == 3 && weight.rank == 3 && padding >= 0,
      "convTransposed1d: sequences \(shape) [batch, length, channels] do not fit weight \(weight.shape) "
        + "[in, out / groups, length] with padding \(padding)", file: file, line: line)
    let whole = unsqueezed(1)
      .convTransposed2d(
        weight.unsqueezed(2), stride: stride, outputPadding: outputPadding, dilation: dilation, groups: groups,
        file: file, line: line
      ).select(along: 1, 0)
    require(
      padding <= (whole.shape[1] - 1) / 2,
      "convTransposed1d: padding \(padding) leaves nothing of length \(whole.shape[1])",
      file: file, line: line)
    return padding == 0 ? whole : whole.sliced(along: 1, padding..<whole.shape[1] - padding)
  }

  private func checkedConvolution(
    _ weight: Tensor, _ stride: Int, _ padding: Int, _ dilation: Int, _ groups: Int, _ file: StaticString, _ line: UInt
  ) -> Convolution2D {
    require(
      rank == 4 && weight.rank == 4 && groups >= 1 && shape[3] == weight.shape[1] * groups
        && weight.shape[0] % groups == 0,
      "conv2d: images \(shape) [batch, height, width, channels] do not fit weight \(weight.shape) "
        + "[out, in / groups, height, width] in \(groups) groups", file: file, line: line)
    requireGeometry("conv2d", weight, stride, padding, dilation, file, line)
    let convolution = Convolution2D(
      input: shape, kernel: weight.shape, stride: stride, padding: padding, dilation: dilation, groups: groups)
    require(
      convolution.output[1] > 0 && convolution.output[2] > 0,
      "conv2d: kernel \(weight.shape) is larger than the padded images \(shape)", file: file, line: line)
    return convolution
  }

  private func requireGeometry(
    _ name: StaticString, _ weight: Tensor, _ stride: Int, _ padding: Int, _ dilation: Int, _ file: StaticString,
    _ line: UInt
  ) {
    // Within these, no sum or product of theirs overflows.
    let sizes = 1...1 << 30
    require(
      ([stride, Swift.max(padding, 1), dilation] + weight.shape[2...]).allSatisfy(sizes.contains) && padding >= 0
        && shape[1...2].allSatisfy { $0 <= sizes.upperBound },
      "\(name): stride \(stride), padding \(padding), dilation \(dilation) or kernel \(weight.shape) out of range",
      file: file, line: line)
  }
}

// Each of the three is linear in two tensors, and they are one another's pullbacks, so that any order of gradients is covered. The
// input gradient is also the transposed convolution.
extension Tensor where Scalar: TensorScalar {
  /// The convolution of these images.
  private func convolved(_ weight: Tensor, _ convolution: Convolution2D) -> Tensor {
    Tensor(Engine.conv2d(array, weight.array, convolution)).recorded(
      "conv2d", (self, { g in g.convInputGradient(weight, convolution) }),
      (weight, { g in self.convWeightGradient(g, convolution) }))
  }

  /// The images' gradient, where this is that of the output.
  private func convInputGradient(_ weight: Tensor, _ convolution: Convolution2D) -> Tensor {
    Tensor(Engine.conv2dInputGradient(array, weight.array, convolution)).recorded(
      "conv2dInputGradient", (self, { x in x.convolved(weight, convolution) }),
      (weight, { x in x.convWeightGradient(self, convolution) }))
  }

  /// The weight's gradient, where these are the images and `g` is the gradient of the output.
  private func convWeightGradient(_ g: Tensor, _ convolution: Convolution2D) -> Tensor {
    Tensor(Engine.conv2dWeightGradient(array, g.array, convolution)).recorded(
      "conv2dWeightGradient", (self, { weight in g.convInputGradient(weight, convolution) }),
      (g, { weight in self.convolved(weight, convolution) }))
  }
}
