import NN
import Tensor

/// Which ConvNeXt: how many blocks each stage has, and its channels.
public struct ConvNeXtArchitecture: Sendable {
  /// The number of blocks of each stage.
  public var depths: [Int]
  /// The channels of each stage.
  public var widths: [Int]

  /// Describes a network.
  public init(depths: [Int], widths: [Int]) { (self.depths, self.widths) = (depths, widths) }

  /// 28.6 million parameters with its classifier.
  public static let tiny = Self(depths: [3, 3, 9, 3], widths: [96, 192, 384, 768])
}

/// ConvNeXt (Liu et al., 2022), as torchvision defines it and with its names, but without its stochastic depth.
///
/// The names are `features.0.0` (the stem), `features.1.0.block.0` (a block), `features.2.1` (between two stages) and so on.
/// `[batch, height, width, 3]`, normalised by ImageNet's mean and deviation, gives the logits `[batch, classes]` or the
/// embeddings `[batch, dimensions]`, both from the normalised mean of the feature map. Pictures have at least 32 × 32 pixels; the
/// published weights were trained at 224 × 224.
public final class ConvNeXt<Scalar: TensorScalar>: Backbone {
  private let features: Sequential<Scalar>
  private let classifier: Sequential<Scalar>
  private let head: LinearHead<Scalar>?

  /// Makes a network that ends in a classifier, `classifier.2`.
  ///
  /// Traps unless there are as many depths as widths, and at least one.
  public convenience init(_ architecture: ConvNeXtArchitecture, classes: Int, using generator: inout RandomGenerator) {
    self.init(architecture, classes: classes, dimensions: nil, using: &generator)
  }

  /// Makes a network that ends in a linear map, `head.linear`; its embeddings are not normalised.
  ///
  /// Traps unless there are as many depths as widths, and at least one.
  public convenience init(
    _ architecture: ConvNeXtArchitecture, embedding dimensions: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, classes: nil, dimensions: dimensions, using: &generator)
  }

  private init(
    _ architecture: ConvNeXtArchitecture, classes: Int?, dimensions: Int?, using generator: inout RandomGenerator
  ) {
    let (depths, widths) = (architecture.depths, architecture.widths)
    guard let last = widths.last, depths.count == widths.count else {
      trap("ConvNeXt: depths \(depths) for the widths \(widths)", file: #fileID, line: #line)
    }
    var layers: [any Layer<Scalar>] = []
    for (stage, width) in widths.enumerated() {
      let entry: [any Layer<Scalar>] =
        stage == 0
        ? [Conv2D(3, width, kernel: 4, stride: 4, using: &generator), LayerNorm(width, epsilon: 1e-6)]
        : [
          LayerNorm(widths[stage - 1], epsilon: 1e-6),
          Conv2D(widths[stage - 1], width, kernel: 2, stride: 2, using: &generator),
        ]
      layers.append(Sequential(entry))
      var blocks: [any Layer<Scalar>] = []
      for _ in 0..<depths[stage] { blocks.append(ConvNeXtBlock(width, using: &generator)) }
      layers.append(Sequential(blocks))
    }
    features = Sequential(layers)
    var end: [any Layer<Scalar>] = [LayerNorm(last, epsilon: 1e-6)]
    if let classes { end += [Identity(), Linear(last, classes, using: &generator)] }  // torchvision flattens between
    classifier = Sequential(end)
    head = dimensions.map { LinearHead(linear: Linear(last, $0, using: &generator)) }
  }

  /// That of the linear map; the normalisation before it, `classifier.0`, belongs to the body.
  public static var classifierPrefix: String { "classifier.2." }

  /// Each stage with what leads into it, and the last normalisation.
  public var bodyParts: [[String]] {
    stride(from: 0, to: features.layers.count, by: 2).map { ["features.\($0).", "features.\($0 + 1)."] }
      + [["classifier.0."]]
  }

  /// The feature map before the last normalisation: `[batch, height / 32, width / 32, channels]`, sizes rounded down.
  public func features(_ input: Tensor<Scalar>) -> Tensor<Scalar> { features.callAsFunction(input) }

  /// The logits, or the embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let output = classifier(features.callAsFunction(input).mean(along: 1, 2))
    return head?(output) ?? output
  }
}

/// A depthwise 7×7 convolution, a normalisation and two linear maps with GELU between; scaled and added to the input.
private final class ConvNeXtBlock<Scalar: TensorScalar>: Layer {
  private let layerScale: Parameter<Scalar>
  private let block: Sequential<Scalar>

  init(_ width: Int, using generator: inout RandomGenerator) {
    layerScale = Parameter(.full([width, 1, 1], 1e-6))
    block = Sequential(
      Conv2D(width, width, kernel: 7, padding: 3, groups: width, using: &generator),
      Identity(),  // torchvision moves axes here and at the end
      LayerNorm(width, epsilon: 1e-6), Linear(width, 4 * width, using: &generator), GELU(),
      Linear(4 * width, width, using: &generator))
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input + block(input) * layerScale.value.flattened()
  }
}
