// Convolutions along one, two and three axes with a stride, a padding and a dilation for each. The engine has one, with the same numbers for
// both axes; the others are it, on slices and on tensors with zeros between.
extension Tensor where Scalar: TensorScalar {
  /// Slides kernels over a batch of channels-last images, with a stride, a padding and a dilation for each axis.
  ///
  /// As the form with a number of each, which is faster where the numbers are equal; otherwise strides and dilations are made of slices and zeros. Traps
  /// where the shapes do not fit, and for `.same` with strides.
  public func conv2d(
    _ weight: Tensor, stride: some AxisSizes = 1, padding: some AxisPadding = 0, dilation: some AxisSizes = 1,
    groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireImages("conv2d", weight, axes: 2, file, line)
    let windows = Windows(
      "conv2d", kernel: Array(weight.shape.suffix(2)), stride: stride, padding: padding, dilation: dilation, file: file,
      line: line)
    return convolved(weight, windows, groups: groups, file: file, line: line)
  }

  /// Slides kernels over a batch of channels-last volumes.
  ///
  /// `[batch, depth, height, width, channels]` with a weight `[outChannels, channels / groups, kernelDepth, kernelHeight, kernelWidth]` gives
  /// `[batch, outDepth, outHeight, outWidth, outChannels]`; a convolution of images for each slice of the kernel. Traps where the shapes do not
  /// fit, and for `.same` with strides.
  public func conv3d(
    _ weight: Tensor, stride: some AxisSizes = 1, padding: some AxisPadding = 0, dilation: some AxisSizes = 1,
    groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireImages("conv3d", weight, axes: 3, file, line)
    let windows = Windows(
      "conv3d", kernel: Array(weight.shape.suffix(3)), stride: stride, padding: padding, dilation: dilation, file: file,
      line: line)
    return convolved(weight, windows, groups: groups, file: file, line: line)
  }

  /// Spreads each pixel over a window, with a stride, a padding and a dilation for each axis; see the form with a number of each.
  ///
  /// Traps where the shapes do not fit, or where the output padding is not smaller than stride or dilation.
  public func convTransposed2d(
    _ weight: Tensor, stride: some AxisSizes, padding: some AxisSizes, outputPadding: some AxisSizes,
    dilation: some AxisSizes, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (windows, extra) = Windows.transposed(
      "convTransposed2d", kernel: Array(weight.shape.suffix(2)), stride, padding, outputPadding, dilation, file, line)
    return convTransposed("convTransposed2d", weight, windows, extra, groups: groups, file: file, line: line)
  }

  /// Spreads each element of channels-last volumes over a window.
  ///
  /// `[batch, depth, height, width, channels]` with a weight `[channels, outChannels / groups, kernelDepth, kernelHeight, kernelWidth]`; sizes along each
  /// axis as for `convTransposed2d`. Traps where the shapes do not fit, or where the output padding is not smaller than stride or dilation.
  public func convTransposed3d(
    _ weight: Tensor, stride: some AxisSizes = 1, padding: some AxisSizes = 0, outputPadding: some AxisSizes = 0,
    dilation: some AxisSizes = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let (windows, extra) = Windows.transposed(
      "convTransposed3d", kernel: Array(weight.shape.suffix(3)), stride, padding, outputPadding, dilation, file, line)
    return convTransposed("convTransposed3d", weight, windows, extra, groups: groups, file: file, line: line)
  }

  /// The convolution along one, two or three axes, whose windows fit the weight.
  package func convolved(
    _ weight: Tensor, _ windows: Windows, groups: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if windows.strides.count == 2, let (stride, padding, dilation) = windows.square {
      return conv2d(
        weight, stride: stride, padding: padding, dilation: dilation, groups: groups, file: file, line: line)
    }
    var source = self
    for (axis, (before, after)) in zip(windows.before, windows.after).enumerated() where before + after > 0 {
      source = source.padded(along: axis + 1, before: before, after: after)
    }
    switch windows.strides.count {
    case 1:
      return source.unsqueezed(1).conv2d(
        weight.unsqueezed(2), stride: windows.strides[0], dilation: windows.dilations[0], groups: groups, file: file,
        line: line
      ).squeezed(1)
    case 2: return source.convolvedUnevenly(weight, windows, groups, file, line)
    default: return source.convolvedInSlices(weight, windows, groups, file, line)
    }
  }

  /// The convolution of padded images whose strides or dilations differ.
  private func convolvedUnevenly(
    _ weight: Tensor, _ windows: Windows, _ groups: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let (strides, dilations) = (windows.strides, windows.dilations)
    let isEven = dilations[0] == dilations[1]
    let kernel = isEven ? weight : weight.spread(along: 2, dilations[0]).spread(along: 3, dilations[1])
    let stride = greatestCommonDivisor(strides[0], strides[1])
    let output = conv2d(
      kernel, stride: stride, dilation: isEven ? dilations[0] : 1, groups: groups, file: file, line: line)
    return output.each(strides[0] / stride, along: 1).each(strides[1] / stride, along: 2)
  }

  /// The convolution of padded volumes: for each slice of the kernel one of the images that it meets.
  private func convolvedInSlices(
    _ weight: Tensor, _ windows: Windows, _ groups: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let (stride, dilation, depth) = (windows.strides[0], windows.dilations[0], weight.shape[2])
    let room = shape[1] - dilation * (depth - 1) - 1
    require(
      room >= 0, "conv3d: kernel \(weight.shape) is larger than the padded volumes \(shape)", file: file, line: line)
    let count = room / stride + 1
    let plane = Windows(
      strides: Array(windows.strides[1...]), before: [0, 0], after: [0, 0], dilations: Array(windows.dilations[1...]))
    var sum: Tensor?
    for slice in 0..<depth {
      let met = sliced(along: 1, slice * dilation..<slice * dilation + (count - 1) * stride + 1, by: stride)
      let images = met.reshaped([shape[0] * count] + shape[2...])
      let part = images.convolved(weight.select(along: 2, slice), plane, groups: groups, file: file, line: line)
      sum = sum.map { $0 + part } ?? part
    }
    return sum!.reshaped([shape[0], count] + sum!.shape[1...])
  }

  /// The transposed convolution along one, two or three axes, whose windows and output padding fit the weight.
  package func convTransposed(
    _ name: StaticString, _ weight: Tensor, _ windows: Windows, _ outputPadding: [Int], groups: Int,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axes = windows.axisCount
    require(
      rank == axes + 2 && weight.rank == rank && groups >= 1 && shape[rank - 1] == weight.shape[0]
        && shape[rank - 1] % groups == 0 && shape.dropFirst().allSatisfy { $0 > 0 },
      "\(name): \(shape) [batch, ..., channels] does not fit weight \(weight.shape) [in, out / groups, ...] in \(groups) groups: "
        + "channels come last here", file: file, line: line)
    if axes == 1 {
      return convTransposed1d(
        weight, stride: windows.strides[0], padding: windows.before[0], outputPadding: outputPadding[0],
        dilation: windows.dilations[0], groups: groups, file: file, line: line)
    }
    if axes == 2, let (stride, padding, dilation) = windows.square, outputPadding[0] == outputPadding[1],
      outputPadding[0] < stride
    {
      return convTransposed2d(
        weight, stride: stride, padding: padding, outputPadding: outputPadding[0], dilation: dilation, groups: groups,
        file: file, line: line)
    }
    var (images, spreadWeight) = (self, weight)
    for axis in 0..<axes {
      images = images.spread(along: axis + 1, windows.strides[axis])
      spreadWeight = spreadWeight.spread(along: axis + 2, windows.dilations[axis])
    }
    var result = images.spreadOver(spreadWeight, groups, file, line)
    for axis in 0..<axes {
      let size = result.shape[axis + 1] + outputPadding[axis] - 2 * windows.before[axis]
      require(size > 0, "\(name): padding \(windows.before) leaves nothing of \(shape)", file: file, line: line)
      if outputPadding[axis] > 0 { result = result.padded(along: axis + 1, before: 0, after: outputPadding[axis]) }
      result = result.sliced(along: axis + 1, windows.before[axis]..<windows.before[axis] + size)
    }
    return result
  }

  /// Each element over a window of the weight, with stride 1: images, or volumes slice by slice of the kernel.
  private func spreadOver(_ weight: Tensor, _ groups: Int, _ file: StaticString, _ line: UInt) -> Tensor {
    if rank == 4 { return convTransposed2d(weight, groups: groups, file: file, line: line) }
    let (batch, depth) = (shape[0], weight.shape[2])
    let images = reshaped([batch * shape[1]] + shape[2...])
    var sum: Tensor?
    for slice in 0..<depth {
      let part = images.convTransposed2d(weight.select(along: 2, slice), groups: groups, file: file, line: line)
      let placed = part.reshaped([batch, shape[1]] + part.shape[1...])
        .padded(along: 1, before: slice, after: depth - 1 - slice)
      sum = sum.map { $0 + placed } ?? placed
    }
    return sum!
  }

  /// The elements along an axis with zeros between: `step − 1` after each but the last.
  private func spread(along axis: Int, _ step: Int) -> Tensor {
    if step == 1 || shape[axis] < 2 { return self }
    var target = shape
    target[axis] *= step
    let apart = unsqueezed(axis + 1).padded(along: axis + 1, before: 0, after: step - 1).reshaped(target)
    return apart.sliced(along: axis, 0..<target[axis] - step + 1)
  }

  private func each(_ step: Int, along axis: Int) -> Tensor {
    step == 1 ? self : sliced(along: axis, 0..<shape[axis], by: step)
  }

  private func requireImages(
    _ name: StaticString, _ weight: Tensor, axes: Int, _ file: StaticString, _ line: UInt
  ) {
    require(
      rank == axes + 2 && weight.rank == rank,
      "\(name): \(shape) [batch, ..., channels] does not fit weight \(weight.shape) [out, in / groups, ...]: channels come last here",
      file: file, line: line)
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }
