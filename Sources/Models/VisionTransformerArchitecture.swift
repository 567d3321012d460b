/// Which vision transformer: the size of its pictures and patches, its width, depth and heads, and what DINOv2 adds.
public struct VisionTransformerArchitecture: Sendable {
  /// The side of the pictures in pixels.
  public var imageSize: Int
  /// The side of a patch in pixels.
  public var patchSize: Int
  /// The length of a token.
  public var dimensions: Int
  /// The number of blocks.
  public var depth: Int
  /// The number of heads of an attention.
  public var heads: Int
  /// Whether a learned factor for each channel scales what a block adds (LayerScale; Touvron et al., 2021).
  public var hasLayerScale: Bool
  /// The number of further tokens that stand between class token and patches and have no position (Darcet et al., 2024).
  public var registers: Int
  /// How published position embeddings become those of pictures of another size.
  public var resampling: PositionResampling

  /// Describes a network; its perceptrons are four times as wide as its tokens.
  public init(
    imageSize: Int, patchSize: Int, dimensions: Int, depth: Int, heads: Int, hasLayerScale: Bool = false,
    registers: Int = 0, resampling: PositionResampling = .antialiased
  ) {
    (self.imageSize, self.patchSize) = (imageSize, patchSize)
    (self.dimensions, self.depth, self.heads) = (dimensions, depth, heads)
    (self.hasLayerScale, self.registers, self.resampling) = (hasLayerScale, registers, resampling)
  }

  /// ViT-S/16 at 224 × 224 (timm's `vit_small_patch16_224`): 22.1 million parameters with its classifier.
  public static let vitS16 = Self(imageSize: 224, patchSize: 16, dimensions: 384, depth: 12, heads: 6)
  /// ViT-B/16 at 224 × 224 (timm's `vit_base_patch16_224`): 86.6 million parameters with its classifier.
  public static let vitB16 = Self(imageSize: 224, patchSize: 16, dimensions: 768, depth: 12, heads: 12)
  /// DINO's ViT-S/16 (Caron et al., 2021): 21.7 million parameters, published without a classifier.
  public static let dinoS16 = vitS16.resampled(.shifted)
  /// DINO's ViT-B/16: 85.8 million parameters, published without a classifier.
  public static let dinoB16 = vitB16.resampled(.shifted)
  /// DINOv2's ViT-S/14 at 518 × 518 (Oquab et al., 2024): 22.1 million parameters, published without a classifier.
  public static let dinoV2S14 = vitS16.second(registers: 0, .shifted)
  /// DINOv2's ViT-B/14 at 518 × 518: 86.6 million parameters, published without a classifier.
  public static let dinoV2B14 = vitB16.second(registers: 0, .shifted)
  /// DINOv2's ViT-S/14 with four registers.
  public static let dinoV2S14Registers = vitS16.second(registers: 4, .antialiased)
  /// DINOv2's ViT-B/14 with four registers.
  public static let dinoV2B14Registers = vitB16.second(registers: 4, .antialiased)

  private func resampled(_ resampling: PositionResampling) -> Self {
    var other = self
    other.resampling = resampling
    return other
  }

  /// DINOv2's network of the same width.
  private func second(registers: Int, _ resampling: PositionResampling) -> Self {
    Self(
      imageSize: 518, patchSize: 14, dimensions: dimensions, depth: depth, heads: heads, hasLayerScale: true,
      registers: registers, resampling: resampling)
  }
}
