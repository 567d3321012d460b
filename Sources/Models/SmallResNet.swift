import NN
import Tensor

/// A small residual network for small pictures (64×64, say) with an embedding head.
///
/// A 3×3 stem, then one stage a width, each of basic blocks, every stage but the first halving the picture. The names are
/// torchvision's (`conv1`, `bn1`, `layer1.0.conv1`, …) and `head.linear`.
public final class SmallResNet<Scalar: TensorScalar>: Backbone {
  private let conv1: Conv2D<Scalar>
  private let bn1: BatchNorm<Scalar>
  private let layer1: Sequential<Scalar>
  private let layer2: Sequential<Scalar>
  private let layer3: Sequential<Scalar>
  private let layer4: Sequential<Scalar>
  private let head: EmbeddingHead<Scalar>

  /// Makes the network; `widths` are the channels of its four stages, `depth` the blocks of each.
  ///
  /// Traps unless there are four widths.
  public init(
    embedding dimensions: Int, widths: [Int] = [16, 32, 64, 128], depth: Int = 1, using generator: inout RandomGenerator
  ) {
    require(widths.count == 4, "SmallResNet: four widths, not \(widths.count)")
    conv1 = Conv2D(3, widths[0], kernel: 3, stride: 2, padding: 1, hasBias: false, using: &generator)
    bn1 = BatchNorm(widths[0])
    func stage(_ index: Int, _ generator: inout RandomGenerator) -> Sequential<Scalar> {
      var blocks: [any Layer<Scalar>] = []
      for block in 0..<depth {
        let isFirst = block == 0 && index > 0
        blocks.append(
          BasicBlock(
            isFirst ? widths[index - 1] : widths[index], widths[index], stride: isFirst ? 2 : 1, using: &generator))
      }
      return Sequential(blocks)
    }
    layer1 = stage(0, &generator)
    layer2 = stage(1, &generator)
    layer3 = stage(2, &generator)
    layer4 = stage(3, &generator)
    head = EmbeddingHead(widths[3], dimensions: dimensions, using: &generator)
  }

  /// That of torchvision's classifier, which this network never has.
  public static var classifierPrefix: String { "fc." }

  /// The stem and the four stages.
  public var bodyParts: [[String]] {
    [["conv1.", "bn1."], ["layer1."], ["layer2."], ["layer3."], ["layer4."]]
  }

  /// `[batch, height, width, 3]` gives `[batch, dimensions]`, not normalised.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    head(layer4(layer3(layer2(layer1(bn1(input, after: conv1, isRectified: true))))))
  }
}
