import Collectives
import Tensor

/// Normalises each channel (the last axis), then scales and shifts it (Ioffe and Szegedy, 2015).
///
/// While training it uses the batch's mean and variance and keeps running averages of them (the variance unbiased, as
/// in PyTorch); in evaluation it uses the averages.
public final class BatchNorm<Scalar: TensorScalar>: Layer, StatisticsLayer {
  /// The scale, `[channels]`, at first 1.
  public let weight: Parameter<Scalar>
  /// The shift, `[channels]`, at first 0.
  public let bias: Parameter<Scalar>
  /// The running mean, `[channels]`.
  public let runningMean: Parameter<Scalar>
  /// The running variance, `[channels]`.
  public let runningVar: Parameter<Scalar>
  /// Whether the batch's or the running statistics are used.
  public let mode = Mode()
  /// The ranks whose batches are normalised together; set by `Module.synchronizeStatistics`.
  var group = Group.alone
  private let momentum: Scalar
  private let epsilon: Scalar

  /// Makes a batch normalisation; `momentum` is the weight of the newest batch in the running averages.
  public init(_ channels: Int, momentum: Scalar = 0.1, epsilon: Scalar = 1e-5) {
    weight = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
    runningMean = Parameter(.zeros([channels]), role: .statistic)
    runningVar = Parameter(.ones([channels]), role: .statistic)
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// The normalised tensor, in the input's shape; traps unless that ends in the layer's channels.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    normalized(input, adding: nil, isRectified: false)
  }

  /// `relu(self(input) + addend)`, the end of a residual block, or without an addend `relu(self(input))`.
  ///
  /// The same numbers in fewer trips through memory, forward and backward.
  public func rectified(_ input: Tensor<Scalar>, adding addend: Tensor<Scalar>? = nil) -> Tensor<Scalar> {
    normalized(input, adding: addend, isRectified: true)
  }

  /// `self(convolution(input))`, with an addend and ReLU as in `rectified` if asked for.
  ///
  /// In evaluation the convolution and all that follows it are one pass, where nothing is recorded for a gradient.
  public func callAsFunction(
    _ input: Tensor<Scalar>, after convolution: Conv2D<Scalar>, adding addend: Tensor<Scalar>? = nil,
    isRectified: Bool = false
  ) -> Tensor<Scalar> {
    guard replayed({ mode.isTraining }) else {
      guard let (stride, padding, dilation) = convolution.windows.square else {
        return normalized(convolution(input), adding: addend, isRectified: isRectified)
      }
      convolution.requireFit(input)
      let (scale, offset) = affine(shiftedBy: convolution.bias)
      return input.conv2d(
        convolution.weight.value, stride: stride, padding: padding, dilation: dilation, groups: convolution.groups,
        scale: scale, offset: offset, adding: addend, isRectified: isRectified)
    }
    return normalized(convolution(input), adding: addend, isRectified: isRectified)
  }

  private func normalized(_ input: Tensor<Scalar>, adding addend: Tensor<Scalar>?, isRectified: Bool) -> Tensor<Scalar>
  {
    weight.requireEnd(weight.shape, of: input, "BatchNorm")
    guard replayed({ mode.isTraining }) else {
      let (scale, offset) = affine(shiftedBy: nil)
      return input.channelAffine(scale: scale, offset: offset, adding: addend, isRectified: isRectified)
    }
    return trained(input, adding: addend, isRectified: isRectified)
  }

  /// What evaluation multiplies each channel by and adds to it, where the channels lack a bias.
  private func affine(shiftedBy bias: Parameter<Scalar>?) -> (scale: Tensor<Scalar>, offset: Tensor<Scalar>) {
    let scale = weight.value * rsqrt(runningVar.value + epsilon)
    let mean = bias.map { runningMean.value - $0.value } ?? runningMean.value
    return (scale, self.bias.value - mean * scale)
  }

  /// By the batch's statistics, of which the running ones take note.
  private func trained(_ input: Tensor<Scalar>, adding addend: Tensor<Scalar>?, isRectified: Bool) -> Tensor<Scalar> {
    let result = input.batchNormalized(
      scale: weight.value, offset: bias.value, epsilon: epsilon, adding: addend, isRectified: isRectified,
      gathering: group.size > 1 ? { [group] in group.stacked($0) } : nil)
    replayed {
      withoutRecording {
        runningMean.update(runningMean.value * (1 - momentum) + result.mean * momentum)
        runningVar.update(runningVar.value * (1 - momentum) + result.unbiasedVariance * momentum)
      }
    }
    return result.output
  }
}
