/// What batch normalisation returns: the output, and the batch's statistics for running averages.
public struct BatchNormalization<Scalar: TensorScalar> {
  /// The normalised, scaled and shifted tensor.
  public let output: Tensor<Scalar>
  /// The mean of each channel, `[channels]`; a constant.
  public let mean: Tensor<Scalar>
  /// The variance of each channel with divisor n, `[channels]`; a constant.
  public let variance: Tensor<Scalar>
  /// The variance of each channel with divisor n − 1, or 1 where n is 1, `[channels]`; a constant.
  public let unbiasedVariance: Tensor<Scalar>
}

extension Tensor where Scalar: TensorScalar {
  /// Normalises each channel (the last axis) over all other axes to mean 0 and variance 1, then scales and shifts it.
  ///
  /// Shape `[…, channels]`; scale and offset `[channels]`. Ioffe and Szegedy, 2015. With `addend`, a tensor of the same
  /// shape, and `isRectified` the output is `relu(normalised + addend)`, without a trip through memory for each step.
  /// Fused, forward and backward, because the composed form makes about fifteen trips instead of five; a gradient that is
  /// itself recorded uses the composed form. With `gathering`, which stacks what each part of a larger batch has
  /// (`[numbers]` to `[parts, numbers]`), statistics and gradients are those of the whole batch, of which this tensor is one part;
  /// the gradients of scale and offset are this part's. Traps where the shapes do not fit or there are no elements, and for a
  /// gradient of second order over parts.
  public func batchNormalized(
    scale: Tensor, offset: Tensor, epsilon: Scalar = 1e-5, adding addend: Tensor? = nil, isRectified: Bool = false,
    gathering: ((Tensor) -> Tensor)? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> BatchNormalization<Scalar> {
    requireChannels("batchNormalized", scale, offset, addend, file, line)
    require(count > 0, "batchNormalized: \(shape) has no elements", file: file, line: line)
    let source = array.rowMajor()
    var (mean, variance) = Tensor(source).channelStatistics()
    let n = Scalar(count / mean.count)
    var unbiased = variance * (n / Swift.max(n - 1, 1))
    /// The rows of all parts, `[1]`; nil where there is one part.
    var rows: Tensor?
    if let gathering { (mean, variance, unbiased, rows) = Tensor.pooled(mean, variance, n, gathering) }
    let (wholeMean, allRows) = (mean, rows)
    let inverse = withoutRecording { rsqrt(variance + epsilon) }
    let factor = inverse * scale.detached
    let shift = offset.detached - mean * factor
    let output = Tensor(
      Engine.channelAffine(
        source, scale: factor.array, offset: shift.array, addend: addend?.array, isRectified: isRectified))
    // The pullback holds neither the addend, nor an output that ReLU did not shape.
    let (rectified, hasAddend) = (isRectified ? output : nil, addend != nil)
    let inputs = [self, scale, offset] + [addend].compactMap(\.self)
    let recorded = output.recorded(
      "batchNorm", inputs,
      jointly: { g in
        if Recording.isOn {
          require(gathering == nil, "batchNormalized: no gradient of second order over the parts of a batch")
          let passed = rectified.map { gate(g, by: $0) } ?? g
          return self.composedBatchNormGradients(passed, scale: scale, epsilon: epsilon) + (hasAddend ? [passed] : [])
        }
        var passed = g.array.rowMajor()
        var gating = isRectified ? (scale: factor.array, offset: shift.array) : nil
        let (sum, dot): (NDArray<Scalar>, NDArray<Scalar>)
        if let rectified, hasAddend {
          (passed, sum, dot) = Engine.gatedChannelDots(
            passed, by: rectified.array, with: source, shift: wholeMean.array)
          gating = nil
        } else {
          (sum, dot) = Engine.channelDots(passed, with: source, shift: wholeMean.array, gate: gating)
        }
        var (allDots, allSums) = (Tensor(dot), Tensor(sum))
        if let gathering {
          let all = gathering(.concatenated([allSums, allDots], along: 0)).sum(along: 0)
          (allSums, allDots) = (all[0..<sum.count], all[sum.count..<2 * sum.count])
        }
        func meanOverRows(_ sum: Tensor) -> Tensor { allRows.map { sum / $0 } ?? sum / n }
        let slope = meanOverRows(-(factor * inverse * inverse * allDots))
        let rest = meanOverRows(-(factor * allSums)) - slope * wholeMean
        let gradient = Engine.channelCombination(
          passed, scale: factor.array, source, factor: slope.array, offset: rest.array, gate: gating)
        return [Tensor(gradient), Tensor(dot) * inverse, Tensor(sum)] + (hasAddend ? [Tensor(passed)] : [])
      })
    return BatchNormalization(output: recorded, mean: mean, variance: variance, unbiasedVariance: unbiased)
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
    let output = Tensor(
      Engine.channelAffine(
        array, scale: scale.array, offset: offset.array, addend: addend?.array, isRectified: isRectified))
    // The pullback holds neither the addend, nor an output that ReLU did not shape.
    let (rectified, hasAddend) = (isRectified ? output : nil, addend != nil)
    let inputs = [self, scale, offset] + [addend].compactMap(\.self)
    return output.recorded("channelAffine", inputs) { g, shares in
      let passed = rectified.map { gate(g, by: $0) } ?? g
      let axes = Array(0..<self.rank - 1)
      shares.add(passed * scale, to: 0)
      shares.add((passed * self).sum(along: axes), to: 1)
      shares.add(passed.sum(along: axes), to: 2)
      if hasAddend { shares.add(passed, to: 3) }
    }
  }

  /// The mean of each channel and its variance with divisor n.
  private func channelStatistics() -> (mean: Tensor, variance: Tensor) {
    let channels = shape[rank - 1]
    let rows = count / channels
    // Near the mean, so that squares lose no digits, and no single row decides it.
    let shift = reshaped([rows, channels])[0..<Swift.min(rows, 64)].mean(along: 0)
    let (sum, squares) = Engine.channelSums(array, shift: shift.array)
    let offset = Tensor(sum) / Scalar(rows)
    return (shift + offset, maximum(Tensor(squares) / Scalar(rows) - offset * offset, Tensor(0)))
  }

  /// Mean, variances and number of rows of a whole batch, from those of its parts (Chan et al., 1979).
  private static func pooled(
    _ mean: Tensor, _ variance: Tensor, _ rows: Scalar, _ gathering: (Tensor) -> Tensor
  ) -> (mean: Tensor, variance: Tensor, unbiased: Tensor, rows: Tensor) {
    withoutRecording {
      let channels = mean.count
      let parts = gathering(.concatenated([Tensor([rows]), mean, variance], along: 0))
      let counts = parts.sliced(along: 1, 0..<1)
      let total = counts.sum(along: 0)
      let shares = counts / total
      let means = parts.sliced(along: 1, 1..<1 + channels)
      let whole = (means * shares).sum(along: 0)
      let offsets = means - whole
      let within = parts.sliced(along: 1, 1 + channels..<1 + 2 * channels)
      let pooled = ((within + offsets * offsets) * shares).sum(along: 0)
      return (whole, pooled, pooled * (total / maximum(total - 1, Tensor(1))), total)
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
  /// samples become the offset. Fused, forward and backward; a gradient that is itself recorded uses the composed form. Traps where
  /// the shapes do not fit.
  public func layerNormalized(
    scale: Tensor, offset: Tensor, epsilon: Scalar = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      scale.rank >= 1 && offset.shape == scale.shape && Array(shape.suffix(scale.rank)) == scale.shape,
      "layerNormalized: \(shape) does not end in the shape of scale \(scale.shape) and offset \(offset.shape)",
      file: file, line: line)
    let axes = Array(rank - scale.rank..<rank)
    guard count > 0 else { return standardized(axes: axes, epsilon) * scale + offset }
    let matrix = [count / scale.count, scale.count]
    let source = array.rowMajor()
    let rows = source.seen(as: source.layout.reshaped(to: matrix)!)
    let (output, means, inverses) = Engine.layerNorm(
      rows, scale: scale.array, offset: offset.array, epsilon: epsilon)
    return Tensor(output.seen(as: Layout(contiguous: shape)))
      .recorded(
        "layerNorm", [self, scale, offset],
        jointly: { g in
          if Recording.isOn { return self.composedLayerNormGradients(g, scale: scale, axes: axes, epsilon: epsilon) }
          let gradients = Engine.layerNormPullback(
            g.reshaped(matrix).array, rows, scale: scale.array, means: means, inverses: inverses)
          return [
            Tensor(gradients.x.seen(as: Layout(contiguous: self.shape))),
            Tensor(gradients.scale).reshaped(scale.shape), Tensor(gradients.offset).reshaped(scale.shape),
          ]
        })
  }

  /// The gradients for input, scale and offset in differentiable operations.
  private func composedLayerNormGradients(_ g: Tensor, scale: Tensor, axes: [Int], epsilon: Scalar) -> [Tensor] {
    let n = Scalar(scale.count)
    let centred = self - summed(over: axes) / n
    let inverse = rsqrt((centred * centred).summed(over: axes) / n + epsilon)
    let normalised = centred * inverse
    let scaled = g * scale
    let (sum, dot) = (scaled.summed(over: axes), (scaled * normalised).summed(over: axes))
    return [inverse * (scaled - sum / n - normalised * dot / n), g * normalised, g]
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
    let axes = checkedAxes([axis], "normalized", file, line)
    let squares = (self * self).summed(over: axes)
    let isTiny = squares.detached .<= Tensor(epsilon * epsilon)
    return self * rsqrt(squares.replacing(with: 1, where: isTiny)).replacing(with: 1 / epsilon, where: isTiny)
  }
}
