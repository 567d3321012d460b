import NN
import Tensor

/// Which MobileNetV3: its blocks, its stem's channels and its classifier's.
public struct MobileNetV3Architecture: Sendable {
  /// An inverted residual block: 1×1 to more channels, a depthwise convolution, 1×1 to fewer.
  public struct Block: Sendable {
    /// The side of the depthwise convolution's kernel.
    public var kernel: Int
    /// The channels of the depthwise convolution; where they are those of the input there is no first 1×1 convolution.
    public var expanded: Int
    /// The channels at the end.
    public var outputs: Int
    /// Whether channels are weighed by their means over the picture (squeeze and excitation).
    public var isSqueezed: Bool
    /// Whether the activation is hard swish; otherwise it is ReLU.
    public var isSwish: Bool
    /// The stride of the depthwise convolution.
    public var stride: Int

    /// Describes a block, in the order of the paper's tables.
    public init(
      _ kernel: Int, _ expanded: Int, _ outputs: Int, isSqueezed: Bool = false, isSwish: Bool = false, stride: Int = 1
    ) {
      (self.kernel, self.expanded, self.outputs) = (kernel, expanded, outputs)
      (self.isSqueezed, self.isSwish, self.stride) = (isSqueezed, isSwish, stride)
    }
  }

  /// The channels of the first convolution.
  public var stem: Int
  /// The blocks.
  public var blocks: [Block]
  /// The length of the classifier's inner layer.
  public var hidden: Int
  /// The share of the classifier's inner layer that training drops.
  public var dropout: Double

  /// Describes a network.
  public init(stem: Int = 16, blocks: [Block], hidden: Int, dropout: Double = 0.2) {
    (self.stem, self.blocks, self.hidden, self.dropout) = (stem, blocks, hidden, dropout)
  }

  /// 5.5 million parameters with its classifier.
  public static let large = Self(
    blocks: [
      Block(3, 16, 16), Block(3, 64, 24, stride: 2), Block(3, 72, 24),
      Block(5, 72, 40, isSqueezed: true, stride: 2), Block(5, 120, 40, isSqueezed: true),
      Block(5, 120, 40, isSqueezed: true), Block(3, 240, 80, isSwish: true, stride: 2),
      Block(3, 200, 80, isSwish: true),
      Block(3, 184, 80, isSwish: true), Block(3, 184, 80, isSwish: true),
      Block(3, 480, 112, isSqueezed: true, isSwish: true), Block(3, 672, 112, isSqueezed: true, isSwish: true),
      Block(5, 672, 160, isSqueezed: true, isSwish: true, stride: 2),
      Block(5, 960, 160, isSqueezed: true, isSwish: true), Block(5, 960, 160, isSqueezed: true, isSwish: true),
    ], hidden: 1280)
  /// 2.5 million parameters with its classifier.
  public static let small = Self(
    blocks: [
      Block(3, 16, 16, isSqueezed: true, stride: 2), Block(3, 72, 24, stride: 2), Block(3, 88, 24),
      Block(5, 96, 40, isSqueezed: true, isSwish: true, stride: 2), Block(5, 240, 40, isSqueezed: true, isSwish: true),
      Block(5, 240, 40, isSqueezed: true, isSwish: true), Block(5, 120, 48, isSqueezed: true, isSwish: true),
      Block(5, 144, 48, isSqueezed: true, isSwish: true),
      Block(5, 288, 96, isSqueezed: true, isSwish: true, stride: 2), Block(5, 576, 96, isSqueezed: true, isSwish: true),
      Block(5, 576, 96, isSqueezed: true, isSwish: true),
    ], hidden: 1024)
}

/// MobileNetV3 (Howard et al., 2019), as torchvision defines it and with its names: `features.0.0`, `features.1.block.0.0` and so on.
///
/// `[batch, height, width, 3]`, normalised by ImageNet's mean and deviation, gives the logits `[batch, classes]` or the
/// embeddings `[batch, dimensions]`. Any size of picture does; the published weights were trained at 224 × 224.
public final class MobileNetV3<Scalar: TensorScalar>: Backbone {
  private let features: Sequential<Scalar>
  private let classifier: Sequential<Scalar>?
  private let head: EmbeddingHead<Scalar>?

  /// Makes a network that ends in a classifier of two layers, `classifier`, over the mean of the feature map.
  ///
  /// Traps unless there is a block.
  public convenience init(
    _ architecture: MobileNetV3Architecture, classes: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, classes: classes, dimensions: nil, using: &generator)
  }

  /// Makes a network that ends in an embedding head, `head.linear`; its embeddings are not normalised.
  ///
  /// Traps unless there is a block.
  public convenience init(
    _ architecture: MobileNetV3Architecture, embedding dimensions: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, classes: nil, dimensions: dimensions, using: &generator)
  }

  private init(
    _ architecture: MobileNetV3Architecture, classes: Int?, dimensions: Int?, using generator: inout RandomGenerator
  ) {
    require(!architecture.blocks.isEmpty, "MobileNetV3: no blocks")
    var layers: [any Layer<Scalar>] = [
      makeUnit(3, architecture.stem, kernel: 3, stride: 2, HardSwish(), using: &generator)
    ]
    var channels = architecture.stem
    for block in architecture.blocks {
      layers.append(InvertedResidual(channels, block, using: &generator))
      channels = block.outputs
    }
    layers.append(makeUnit(channels, 6 * channels, kernel: 1, HardSwish(), using: &generator))
    features = Sequential(layers)
    classifier = classes.map {
      Sequential(
        Linear(6 * channels, architecture.hidden, using: &generator), HardSwish(),
        Dropout(architecture.dropout, using: &generator), Linear(architecture.hidden, $0, using: &generator))
    }
    head = dimensions.map { EmbeddingHead(6 * channels, dimensions: $0, using: &generator) }
  }

  /// That of `classifier`.
  public static var classifierPrefix: String { "classifier." }

  /// The first convolution, each block, and the last convolution.
  public var bodyParts: [[String]] { features.layers.indices.map { ["features.\($0)."] } }

  /// The feature map before the last layers: `[batch, height / 32, width / 32, channels]`, sizes rounded up.
  public func features(_ input: Tensor<Scalar>) -> Tensor<Scalar> { features.callAsFunction(input) }

  /// The logits, or the embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let map = features.callAsFunction(input)
    return classifier.map { $0(map.mean(along: 1, 2)) } ?? head!(map)
  }
}

/// A convolution with batch-norm and an activation, if there is one.
private func makeUnit<Scalar: TensorScalar>(
  _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, _ activation: (any Layer<Scalar>)?,
  using generator: inout RandomGenerator
) -> Sequential<Scalar> {
  let convolution = Conv2D<Scalar>(
    inputs, outputs, kernel: kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, hasBias: false,
    using: &generator)
  let norm = BatchNorm<Scalar>(outputs, momentum: 0.01, epsilon: 1e-3)
  return Sequential([convolution, norm] + (activation.map { [$0] } ?? []))
}

/// A block; where stride and channels do not change, its input is added.
private struct InvertedResidual<Scalar: TensorScalar>: Layer {
  let block: Sequential<Scalar>
  let isAdded: Bool

  init(_ inputs: Int, _ shape: MobileNetV3Architecture.Block, using generator: inout RandomGenerator) {
    let activation: any Layer<Scalar> = shape.isSwish ? HardSwish() : ReLU()
    var layers: [any Layer<Scalar>] = []
    if shape.expanded != inputs {
      layers.append(makeUnit(inputs, shape.expanded, kernel: 1, activation, using: &generator))
    }
    layers.append(
      makeUnit(
        shape.expanded, shape.expanded, kernel: shape.kernel, stride: shape.stride, groups: shape.expanded, activation,
        using: &generator))
    if shape.isSqueezed { layers.append(SqueezeExcitation(shape.expanded, using: &generator)) }
    layers.append(makeUnit(shape.expanded, shape.outputs, kernel: 1, nil, using: &generator))
    block = Sequential(layers)
    isAdded = shape.stride == 1 && inputs == shape.outputs
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { isAdded ? block(input) + input : block(input) }
}

/// Weighs channels by what two 1×1 convolutions make of their means over the picture (Hu et al., 2018).
private struct SqueezeExcitation<Scalar: TensorScalar>: Layer {
  let fc1: Conv2D<Scalar>
  let fc2: Conv2D<Scalar>

  init(_ channels: Int, using generator: inout RandomGenerator) {
    let squeezed = divisibleByEight(channels / 4)
    fc1 = Conv2D(channels, squeezed, kernel: 1, using: &generator)
    fc2 = Conv2D(squeezed, channels, kernel: 1, using: &generator)
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let means = input.mean(along: 1, 2, keepsAxes: true)
    return input * hardSigmoid(fc2(relu(fc1(means))))
  }
}

/// The nearest multiple of 8, or the one above where the nearest is more than a tenth less, as in the authors' code.
private func divisibleByEight(_ channels: Int) -> Int {
  let nearest = max(8, (channels + 4) / 8 * 8)
  return 10 * nearest < 9 * channels ? nearest + 8 : nearest
}
