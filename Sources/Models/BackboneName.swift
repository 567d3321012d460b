import NN
import Tensor

/// The networks with published weights, by name: `BackboneName(rawValue: "dinov2-vit-s14")?.makeNetwork(embedding: 128, using: &generator)`.
public enum BackboneName: String, CaseIterable, Sendable {
  /// torchvision's `resnet18`.
  case resNet18 = "resnet18"
  /// torchvision's `resnet34`.
  case resNet34 = "resnet34"
  /// torchvision's `resnet50`.
  case resNet50 = "resnet50"
  /// torchvision's `resnet101`.
  case resNet101 = "resnet101"
  /// BN-Inception, as its common PyTorch port has it.
  case bnInception = "bn-inception"
  /// timm's `vit_small_patch16_224` (`augreg`).
  case vitS16 = "vit-s16"
  /// timm's `vit_base_patch16_224` (`augreg`).
  case vitB16 = "vit-b16"
  /// DINO's `vits16`.
  case dinoS16 = "dino-vit-s16"
  /// DINO's `vitb16`.
  case dinoB16 = "dino-vit-b16"
  /// DINOv2's `vits14`.
  case dinoV2S14 = "dinov2-vit-s14"
  /// DINOv2's `vitb14`.
  case dinoV2B14 = "dinov2-vit-b14"
  /// DINOv2's `vits14_reg`, with four registers.
  case dinoV2S14Registers = "dinov2-vit-s14-reg"
  /// DINOv2's `vitb14_reg`, with four registers.
  case dinoV2B14Registers = "dinov2-vit-b14-reg"
  /// torchvision's `mobilenet_v3_large`.
  case mobileNetV3Large = "mobilenet-v3-large"
  /// torchvision's `mobilenet_v3_small`.
  case mobileNetV3Small = "mobilenet-v3-small"
  /// torchvision's `convnext_tiny`.
  case convNeXtTiny = "convnext-tiny"

  /// What a name stands for.
  private enum Architecture {
    case resNet(ResNetArchitecture)
    case bnInception
    case transformer(VisionTransformerArchitecture)
    case mobileNetV3(MobileNetV3Architecture)
    case convNeXt(ConvNeXtArchitecture)
  }

  private var architecture: Architecture {
    switch self {
    case .resNet18: .resNet(.resNet18)
    case .resNet34: .resNet(.resNet34)
    case .resNet50: .resNet(.resNet50)
    case .resNet101: .resNet(.resNet101)
    case .bnInception: .bnInception
    case .vitS16: .transformer(.vitS16)
    case .vitB16: .transformer(.vitB16)
    case .dinoS16: .transformer(.dinoS16)
    case .dinoB16: .transformer(.dinoB16)
    case .dinoV2S14: .transformer(.dinoV2S14)
    case .dinoV2B14: .transformer(.dinoV2B14)
    case .dinoV2S14Registers: .transformer(.dinoV2S14Registers)
    case .dinoV2B14Registers: .transformer(.dinoV2B14Registers)
    case .mobileNetV3Large: .mobileNetV3(.large)
    case .mobileNetV3Small: .mobileNetV3(.small)
    case .convNeXtTiny: .convNeXt(.tiny)
    }
  }

  /// The side in pixels of the pictures that the published weights were trained on last: 518 for DINOv2, 224 for the others.
  public var imageSize: Int {
    if case .transformer(let architecture) = architecture { architecture.imageSize } else { 224 }
  }

  /// Whether there is a batch-norm to freeze.
  public var hasBatchNorm: Bool {
    switch architecture {
    case .resNet, .bnInception, .mobileNetV3: true
    case .transformer, .convNeXt: false
    }
  }

  /// Why pictures of a side in pixels are not possible, or nil where they are.
  public func objection(toSize side: Int) -> String? {
    switch architecture {
    case .bnInception where !BNInception<Float>.accepts(side: side):
      "its sides must be multiples of 32, or up to 6 pixels more"
    case .transformer(let architecture) where side < 1 || side % architecture.patchSize != 0:
      "its sides must be multiples of \(architecture.patchSize)"
    case .convNeXt where side < 32: "its sides must be at least 32"
    default: side < 1 ? "its sides must be at least 1" : nil
    }
  }

  /// Makes the network with random weights and a classifier.
  ///
  /// Only transformers depend on the size of the pictures; it is `imageSize` unless given. Traps where patches do not tile it.
  public func makeNetwork<Scalar: TensorScalar>(
    classes: Int, imageSize: Int? = nil, using generator: inout RandomGenerator
  ) -> any Backbone<Scalar> {
    switch architecture {
    case .resNet(let architecture): ResNet(architecture, classes: classes, using: &generator)
    case .bnInception: BNInception(classes: classes, using: &generator)
    case .transformer(let architecture):
      VisionTransformer(architecture.sized(imageSize), classes: classes, using: &generator)
    case .mobileNetV3(let architecture): MobileNetV3(architecture, classes: classes, using: &generator)
    case .convNeXt(let architecture): ConvNeXt(architecture, classes: classes, using: &generator)
    }
  }

  /// Makes the network with random weights and a head for embeddings of so many dimensions, which are not normalised.
  ///
  /// Only transformers depend on the size of the pictures; it is `imageSize` unless given. Traps where patches do not tile it.
  public func makeNetwork<Scalar: TensorScalar>(
    embedding dimensions: Int, imageSize: Int? = nil, using generator: inout RandomGenerator
  ) -> any Backbone<Scalar> {
    switch architecture {
    case .resNet(let architecture): ResNet(architecture, embedding: dimensions, using: &generator)
    case .bnInception: BNInception(embedding: dimensions, using: &generator)
    case .transformer(let architecture):
      VisionTransformer(architecture.sized(imageSize), embedding: dimensions, using: &generator)
    case .mobileNetV3(let architecture): MobileNetV3(architecture, embedding: dimensions, using: &generator)
    case .convNeXt(let architecture): ConvNeXt(architecture, embedding: dimensions, using: &generator)
    }
  }
}

extension VisionTransformerArchitecture {
  /// The same for pictures of another size, if there is one.
  fileprivate func sized(_ imageSize: Int?) -> Self {
    var other = self
    other.imageSize = imageSize ?? self.imageSize
    return other
  }
}
