import CKernels

/// What batch normalisation returns: the output, and the batch's statistics for running averages.
public struct BatchNormalization<Scalar: TensorScalar> {
  /// The normalised, scaled and shifted tensor.
  public let output: Tensor<Scalar>
  /// The mean of each channel, `[channels]`; a constant.
  public let mean: Tensor<Scalar>
  /// The variance of each channel with divisor n, `[channels]`; a constant.
  public let variance: Tensor<Scalar>
}

extension Tensor where Scalar: TensorScalar {
  /// Normalises each channel (the last axis) over all other axes to mean 0 and variance 1, then scales and shifts it.
  ///
  /// Shape `[…, channels]`; scale and offset `[channels]`. Ioffe and Szegedy, 2015. With `addend`, a tensor of the same
  /// shape, and `isRectified` the output is `relu(normalised + addend)`, without a trip through memory for each step.
  /// Fused, forward and backward, because the composed form makes about fifteen trips instead of five; a gradient that is
  /// itself recorded uses the composed form. Traps where the shapes do not fit or there are no elements.
  public func batchNormalized(
    scale: Tensor, offset: Tensor, epsilon: Scalar = 1e-5, adding addend: Tensor? = nil, isRectified: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> BatchNormalization<Scalar> {
    requireChannels("batchNormalized", scale, offset, addend, file, line)
    require(count > 0, "batchNormalized: \(shape) has no elements", file: file, line: line)
    let source = contiguous()
    let (mean, variance) = source.channelStatistics()
    let inverse = withoutRecording { rsqrt(variance + epsilon) }
    let factor = inverse * scale.detached
    let shift = offset.detached - mean * factor
    let output = source.channelAffine(factor, shift, adding: addend, isRectified: isRectified)
    // The pullback holds neither the addend, nor an output that ReLU did not shape.
    let (rectified, hasAddend) = (isRectified ? output : nil, addend != nil)
    let recorded = output.recordedJointly("batchNorm", [self, scale, offset] + [addend].compactMap(\.self)) { g in
      if Recording.isOn {
        let passed = rectified.map { gate(g, by: $0) } ?? g
        return self.composedBatchNormGradients(passed, scale: scale, epsilon: epsilon) + [passed]
      }
      var (passed, gating) = (g.contiguous(), isRectified ? (factor, shift) : nil)
      let (sum, dot): (Tensor, Tensor)
      if let rectified, hasAddend {
        (passed, sum, dot) = passed.gatedChannelDots(by: rectified, with: source, shift: mean)
        gating = nil
      } else {
        (sum, dot) = passed.channelDots(with: source, shift: mean, gate: gating)
      }
      let n = Scalar(self.count / mean.count)
      let slope = -(factor * inverse * inverse * dot) / n
      let gradient = passed.channelAffine(
        factor, plus: source, slope, -(factor * sum) / n - slope * mean, gate: gating)
      return [gradient, dot * inverse, sum, passed]
    }
    return BatchNormalization(output: recorded, mean: mean, variance: variance)
  }

  /// Scales and shifts each channel (the last axis), as batch normalisation does in evaluation.
  ///
  /// `self · scale + offset + addend`, rectified if asked for, in one trip through memory. Shape `[…, channels]`; scale
  /// and offset `[channels]`, the addend, if there is one, in the tensor's shape. Traps where the shapes do not fit.
  public func channelAffine(
    scale: Tensor, offset: Tensor, adding addend: Tensor? = nil, isRectified: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireChannels("channelAffine", scale, offset, addend, file, line)
    let output = contiguous().channelAffine(
      scale.detached, offset.detached, adding: addend, isRectified: isRectified)
    let rectified = isRectified ? output : nil
    return output.recordedJointly("channelAffine", [self, scale, offset] + [addend].compactMap(\.self)) { g in
      let passed = rectified.map { gate(g, by: $0) } ?? g
      let axes = Array(0..<self.rank - 1)
      return [
        passed * scale, scale.isTracked ? (passed * self).sum(along: axes) : scale,
        offset.isTracked ? passed.sum(along: axes) : offset, passed,
      ]
    }
  }

  private func requireChannels(
    _ name: StaticString, _ scale: Tensor, _ offset: Tensor, _ addend: Tensor?, _ file: StaticString, _ line: UInt
  ) {
    require(
      rank >= 1 && scale.shape == [shape[rank - 1]] && offset.shape == scale.shape,
      "\(name): \(shape) [..., channels] does not fit scale \(scale.shape) and offset \(offset.shape)", file: file,
      line: line)
    require(
      addend == nil || addend!.shape == shape, "\(name): \(shape) does not fit an addend of shape \(addend!.shape)",
      file: file, line: line)
  }

  /// The gradients for input, scale and offset in differentiable operations.
  private func composedBatchNormGradients(_ g: Tensor, scale: Tensor, epsilon: Scalar) -> [Tensor] {
    let n = Scalar(count / scale.count)
    let axes = Array(0..<rank - 1)
    let centred = self - summed(over: axes) / n
    let inverse = rsqrt((centred * centred).summed(over: axes) / n + epsilon)
    let normalised = centred * inverse
    let (sum, dot) = (g.summed(over: axes), (g * normalised).summed(over: axes))
    return [
      scale * inverse * (g - sum / n - normalised * dot / n), dot.reshaped(scale.shape), sum.reshaped(scale.shape),
    ]
  }

  /// Normalises each sample over its last axes to mean 0 and variance 1, then scales and shifts it.
  ///
  /// Ba et al., 2016. Scale and offset have the shape of the last axes, `[dimensions]` for the last one only. Constant
  /// samples become the offset. Traps where the shapes do not fit.
  public func layerNormalized(
    scale: Tensor, offset: Tensor, epsilon: Scalar = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      scale.rank >= 1 && offset.shape == scale.shape && Array(shape.suffix(scale.rank)) == scale.shape,
      "layerNormalized: \(shape) does not end in the shape of scale \(scale.shape) and offset \(offset.shape)",
      file: file, line: line)
    return standardized(axes: Array(rank - scale.rank..<rank), epsilon) * scale + offset
  }

  /// Normalises each sample over groups of neighbouring channels to mean 0 and variance 1, then scales and shifts it.
  ///
  /// Wu and He, 2018. `[batch, …, channels]` with scale and offset `[channels]`; each group is normalised over its
  /// channels and all axes between batch and channels. Traps where the shapes do not fit.
  public func groupNormalized(
    _ groups: Int, scale: Tensor, offset: Tensor, epsilon: Scalar = 1e-5, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 2 && groups >= 1 && shape[rank - 1] % groups == 0 && scale.shape == [shape[rank - 1]]
        && offset.shape == scale.shape,
      "groupNormalized: \(shape) [batch, ..., channels] does not fit \(groups) groups, scale \(scale.shape) and offset "
        + "\(offset.shape)", file: file, line: line)
    let positions = shape[1..<rank - 1].reduce(1, *)
    let grouped = reshaped([shape[0], positions, groups, shape[rank - 1] / groups])
    return grouped.standardized(axes: [1, 3], epsilon).reshaped(shape) * scale + offset
  }

  /// Normalises each channel of each sample to mean 0 and variance 1, then scales and shifts it.
  ///
  /// Ulyanov et al., 2016: `groupNormalized` with a group for each channel. Traps where the shapes do not fit.
  public func instanceNormalized(
    scale: Tensor, offset: Tensor, epsilon: Scalar = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 2 && scale.shape == [shape[rank - 1]] && offset.shape == scale.shape,
      "instanceNormalized: \(shape) [batch, ..., channels] does not fit scale \(scale.shape) and offset \(offset.shape)",
      file: file, line: line)
    return groupNormalized(Swift.max(shape[rank - 1], 1), scale: scale, offset: offset, epsilon: epsilon)
  }

  private func standardized(axes: [Int], _ epsilon: Scalar) -> Tensor {
    let n = Scalar(axes.reduce(1) { $0 * shape[$1] })
    let centred = self - summed(over: axes) / n
    return centred * rsqrt((centred * centred).summed(over: axes) / n + epsilon)
  }

  /// `x / max(‖x‖, epsilon)` along an axis.
  ///
  /// At x = 0 the value is 0 and the gradient `g / epsilon`, as in PyTorch: finite. Traps for an axis that does not exist.
  public func normalized(
    along axis: Int, epsilon: Scalar = 1e-12, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axes = normalized([axis], "normalized", file, line)
    let squares = (self * self).summed(over: axes)
    let isTiny = squares.detached .<= Tensor(epsilon * epsilon)
    return self * rsqrt(squares.replacing(with: 1, where: isTiny)).replacing(with: 1 / epsilon, where: isTiny)
  }
}

// Loops over [rows, channels], split between threads by rows; partial sums are added in a fixed order.
extension Tensor where Scalar: TensorScalar {
  private var channels: Int { shape[rank - 1] }

  private func channelStatistics() -> (mean: Tensor, variance: Tensor) {
    let rows = count / channels
    // Near the mean, so that squares lose no digits, and no single row decides it.
    let shift = reshaped([rows, channels])[0..<Swift.min(rows, 64)].mean(along: 0)
    let x = pointer
    let (sum, squares) = rowSums(rows) { part, sum, squares in
      Scalar._kernels.channelSums(
        part.count, channels, x + part.lowerBound * channels, shift.pointer, sum, squares)
    }
    let offset = sum / Scalar(rows)
    return (shift + offset, maximum(squares / Scalar(rows) - offset * offset, Tensor(0)))
  }

  /// The sums of the tensor and of its products with `x - shift`; where there is a gate, a scale and an offset, of what
  /// stands at positive `x · scale + offset`.
  private func channelDots(with x: Tensor, shift: Tensor, gate: (Tensor, Tensor)?) -> (sum: Tensor, dot: Tensor) {
    let (g, x, gate) = (pointer, x.pointer, gate.map { ($0.contiguous(), $1.contiguous()) })
    defer { withExtendedLifetime(gate) {} }
    return rowSums(count / channels) { part, sum, dot in
      let start = part.lowerBound * channels
      Scalar._kernels.channelDots(
        part.count, channels, g + start, x + start, shift.pointer, gate?.0.pointer, gate?.1.pointer, sum, dot)
    }
  }

  /// The tensor where `y` is positive and 0 elsewhere, with the sums of it and of its products with `x - shift`.
  private func gatedChannelDots(by y: Tensor, with x: Tensor, shift: Tensor) -> (
    gated: Tensor, sum: Tensor, dot: Tensor
  ) {
    let gated = Tensor(uninitialized: shape)
    let (g, y, x, target) = (pointer, y.pointer, x.pointer, gated.buffer.pointer)
    let (sum, dot) = rowSums(count / channels) { part, sum, dot in
      let start = part.lowerBound * channels
      Scalar._kernels.channelGatedDots(
        part.count, channels, g + start, y + start, x + start, shift.pointer, target + start, sum, dot)
    }
    return (gated, sum, dot)
  }

  private func rowSums(
    _ rows: Int, _ body: (Range<Int>, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) -> (Tensor, Tensor) {
    let parts = Swift.max(1, Swift.min(Threads.count, count / elementGrain))
    let partial = Tensor(uninitialized: [2, parts, channels])
    defer { withExtendedLifetime(partial) {} }
    let (first, second) = (partial.buffer.pointer, partial.buffer.pointer + parts * channels)
    parallel(parts, grain: 1) { range in
      for part in range {
        body(part * rows / parts..<(part + 1) * rows / parts, first + part * channels, second + part * channels)
      }
    }
    let sums = partial.sum(along: [1])
    return (sums[0].contiguous(), sums[1].contiguous())
  }

  private func channelAffine(_ scale: Tensor, _ offset: Tensor, adding addend: Tensor?, isRectified: Bool) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (x, y, channels) = (pointer, result.buffer.pointer, channels)
    let (scale, offset, addend) = (scale.contiguous(), offset.contiguous(), addend?.contiguous())
    defer { withExtendedLifetime((scale, offset, addend)) {} }
    let other = addend?.pointer
    parallel(count / Swift.max(channels, 1), grain: elementGrain / Swift.max(channels, 1) + 1) { part in
      let start = part.lowerBound * channels
      Scalar._kernels.channelAffine(
        part.count, channels, x + start, scale.pointer, offset.pointer, other.map { $0 + start }, isRectified, y + start
      )
    }
    return result
  }

  private func channelAffine(
    _ scale: Tensor, plus other: Tensor, _ otherScale: Tensor, _ offset: Tensor, gate: (Tensor, Tensor)?
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (g, x, y, channels) = (pointer, other.pointer, result.buffer.pointer, channels)
    let (scale, otherScale, offset) = (scale.contiguous(), otherScale.contiguous(), offset.contiguous())
    let gate = gate.map { ($0.contiguous(), $1.contiguous()) }
    defer { withExtendedLifetime((scale, otherScale, offset, gate)) {} }
    parallel(count / channels, grain: elementGrain / channels + 1) { part in
      let start = part.lowerBound * channels
      Scalar._kernels.channelAffine2(
        part.count, channels, g + start, x + start, scale.pointer, otherScale.pointer, offset.pointer, gate?.0.pointer,
        gate?.1.pointer, y + start)
    }
    return result
  }
}
