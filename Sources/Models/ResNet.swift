import NN
import Tensor

/// Which residual network: the kind of its blocks, how many each stage has, and the channels of the first stage.
public struct ResNetArchitecture: Sendable {
  /// The kinds of blocks.
  public enum Block: Sendable {
    /// `BasicBlock`: two 3×3 convolutions.
    case basic
    /// `Bottleneck`: 1×1, 3×3, 1×1, with four times the channels at its end.
    case bottleneck
  }

  /// The kind of blocks.
  public var block: Block
  /// The number of blocks in each of the four stages.
  public var depths: [Int]
  /// The channels of the first stage's 3×3 convolutions; each further stage doubles them.
  public var width: Int

  /// Describes a network; the published ones have a width of 64.
  public init(block: Block, depths: [Int], width: Int = 64) {
    (self.block, self.depths, self.width) = (block, depths, width)
  }

  /// 11.7 million parameters with its classifier.
  public static let resNet18 = Self(block: .basic, depths: [2, 2, 2, 2])
  /// 21.8 million parameters with its classifier.
  public static let resNet34 = Self(block: .basic, depths: [3, 4, 6, 3])
  /// 25.6 million parameters with its classifier.
  public static let resNet50 = Self(block: .bottleneck, depths: [3, 4, 6, 3])
  /// 44.5 million parameters with its classifier.
  public static let resNet101 = Self(block: .bottleneck, depths: [3, 4, 23, 3])

  /// The channels at the end of a stage, from 0.
  func channels(_ stage: Int) -> Int { (width << stage) * (block == .basic ? 1 : 4) }
}

/// A residual network (He et al., 2016), as torchvision defines it and with its names.
///
/// The names are `conv1`, `bn1`, `layer1.0.conv1` and so on. `[batch, height, width, 3]`, normalised by ImageNet's mean and deviation, gives the logits `[batch, classes]` or the
/// embeddings `[batch, dimensions]`. Any size of picture does; the published weights were trained at 224 × 224.
public final class ResNet<Scalar: TensorScalar>: Backbone {
  private let conv1: Conv2D<Scalar>
  private let bn1: BatchNorm<Scalar>
  private let layer1: Sequential<Scalar>
  private let layer2: Sequential<Scalar>
  private let layer3: Sequential<Scalar>
  private let layer4: Sequential<Scalar>
  private let fc: Linear<Scalar>?
  private let head: EmbeddingHead<Scalar>?

  /// Makes a network that ends in a classifier, `fc`, over the mean of the feature map.
  ///
  /// Traps unless the architecture has four stages.
  public convenience init(
    _ architecture: ResNetArchitecture, classes: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, classes: classes, dimensions: nil, using: &generator)
  }

  /// Makes a network that ends in an embedding head, `head.linear`; its embeddings are not normalised.
  ///
  /// Traps unless the architecture has four stages.
  public convenience init(
    _ architecture: ResNetArchitecture, embedding dimensions: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, classes: nil, dimensions: dimensions, using: &generator)
  }

  private init(
    _ architecture: ResNetArchitecture, classes: Int?, dimensions: Int?, using generator: inout RandomGenerator
  ) {
    require(architecture.depths.count == 4, "ResNet: four stages, not \(architecture.depths.count)")
    conv1 = Conv2D(3, architecture.width, kernel: 7, stride: 2, padding: 3, hasBias: false, using: &generator)
    bn1 = BatchNorm(architecture.width)
    layer1 = ResNet.stage(0, of: architecture, using: &generator)
    layer2 = ResNet.stage(1, of: architecture, using: &generator)
    layer3 = ResNet.stage(2, of: architecture, using: &generator)
    layer4 = ResNet.stage(3, of: architecture, using: &generator)
    fc = classes.map { Linear(architecture.channels(3), $0, using: &generator) }
    head = dimensions.map { EmbeddingHead(architecture.channels(3), dimensions: $0, using: &generator) }
  }

  private static func stage(
    _ stage: Int, of architecture: ResNetArchitecture, using generator: inout RandomGenerator
  ) -> Sequential<Scalar> {
    let width = architecture.width << stage
    var channels = stage == 0 ? architecture.width : architecture.channels(stage - 1)
    var blocks: [any Layer<Scalar>] = []
    for block in 0..<architecture.depths[stage] {
      let stride = stage > 0 && block == 0 ? 2 : 1
      switch architecture.block {
      case .basic: blocks.append(BasicBlock(channels, width, stride: stride, using: &generator))
      case .bottleneck: blocks.append(Bottleneck(channels, width: width, stride: stride, using: &generator))
      }
      channels = architecture.channels(stage)
    }
    return Sequential(blocks)
  }

  /// That of `fc`.
  public static var classifierPrefix: String { "fc." }

  /// The stem and the four stages.
  public var bodyParts: [[String]] {
    [["conv1.", "bn1."], ["layer1."], ["layer2."], ["layer3."], ["layer4."]]
  }

  /// The feature map before the last layer: `[batch, height / 32, width / 32, channels]`, sizes rounded up.
  public func features(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let stem = bn1(input, after: conv1, isRectified: true).maxPooled(3, stride: 2, padding: 1)
    return layer4(layer3(layer2(layer1(stem))))
  }

  /// The logits, or the embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let features = features(input)
    return fc.map { $0(features.mean(along: 1, 2)) } ?? head!(features)
  }
}
