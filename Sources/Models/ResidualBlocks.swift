import NN
import Tensor

/// Two 3×3 convolutions with a shortcut, the block of ResNet-18 and ResNet-34; names as in torchvision.
public final class BasicBlock<Scalar: TensorScalar>: Layer {
  private let conv1: Conv2D<Scalar>
  private let bn1: BatchNorm<Scalar>
  private let conv2: Conv2D<Scalar>
  private let bn2: BatchNorm<Scalar>
  private let downsample: Sequential<Scalar>?

  /// Makes a block; where stride or channels change, the shortcut is a 1×1 convolution with batch-norm.
  public init(_ inChannels: Int, _ outChannels: Int, stride: Int = 1, using generator: inout RandomGenerator) {
    conv1 = Conv2D(inChannels, outChannels, kernel: 3, stride: stride, padding: 1, hasBias: false, using: &generator)
    bn1 = BatchNorm(outChannels)
    conv2 = Conv2D(outChannels, outChannels, kernel: 3, padding: 1, hasBias: false, using: &generator)
    bn2 = BatchNorm(outChannels)
    downsample = makeShortcut(inChannels, outChannels, stride: stride, using: &generator)
  }

  /// `[batch, height, width, inChannels]` gives `[batch, height / stride, width / stride, outChannels]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let main = bn1(input, after: conv1, isRectified: true)
    return bn2(main, after: conv2, adding: downsample?(input) ?? input, isRectified: true)
  }
}

/// A 3×3 convolution between two of 1×1, with a shortcut: the block of ResNet-50; names as in torchvision.
///
/// The stride is in the 3×3 convolution ("ResNet v1.5"), and the last convolution makes four times the channels.
public final class Bottleneck<Scalar: TensorScalar>: Layer {
  private let conv1: Conv2D<Scalar>
  private let bn1: BatchNorm<Scalar>
  private let conv2: Conv2D<Scalar>
  private let bn2: BatchNorm<Scalar>
  private let conv3: Conv2D<Scalar>
  private let bn3: BatchNorm<Scalar>
  private let downsample: Sequential<Scalar>?

  /// Makes a block whose 3×3 convolution has `width` channels; its output has four times as many.
  ///
  /// Where stride or channels change, the shortcut is a 1×1 convolution with batch-norm.
  public init(_ inChannels: Int, width: Int, stride: Int = 1, using generator: inout RandomGenerator) {
    conv1 = Conv2D(inChannels, width, kernel: 1, hasBias: false, using: &generator)
    bn1 = BatchNorm(width)
    conv2 = Conv2D(width, width, kernel: 3, stride: stride, padding: 1, hasBias: false, using: &generator)
    bn2 = BatchNorm(width)
    conv3 = Conv2D(width, 4 * width, kernel: 1, hasBias: false, using: &generator)
    bn3 = BatchNorm(4 * width)
    downsample = makeShortcut(inChannels, 4 * width, stride: stride, using: &generator)
  }

  /// `[batch, height, width, inChannels]` gives `[batch, height / stride, width / stride, 4 · width]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let main = bn2(bn1(input, after: conv1, isRectified: true), after: conv2, isRectified: true)
    return bn3(main, after: conv3, adding: downsample?(input) ?? input, isRectified: true)
  }
}

/// The shortcut of a block: nil, which is the identity, where neither size nor channels change.
private func makeShortcut<Scalar: TensorScalar>(
  _ inChannels: Int, _ outChannels: Int, stride: Int, using generator: inout RandomGenerator
) -> Sequential<Scalar>? {
  if stride == 1 && inChannels == outChannels { return nil }
  return Sequential(
    Conv2D(inChannels, outChannels, kernel: 1, stride: stride, hasBias: false, using: &generator),
    BatchNorm(outChannels))
}
