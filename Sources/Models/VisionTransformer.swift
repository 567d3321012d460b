import NN
import Tensor

/// Which vision transformer: the size of its pictures and patches, its width, depth and heads.
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

  /// Describes a network; its perceptrons are four times as wide as its tokens.
  public init(imageSize: Int, patchSize: Int, dimensions: Int, depth: Int, heads: Int) {
    (self.imageSize, self.patchSize) = (imageSize, patchSize)
    (self.dimensions, self.depth, self.heads) = (dimensions, depth, heads)
  }

  /// ViT-S/16 at 224 × 224 (timm's `vit_small_patch16_224`): 22.1 million parameters with its classifier.
  public static let vitS16 = Self(imageSize: 224, patchSize: 16, dimensions: 384, depth: 12, heads: 6)
}

/// A vision transformer (Dosovitskiy et al., 2021), as timm defines it and with its names.
///
/// The names are `cls_token`, `pos_embed`, `patch_embed.proj`, `blocks.0.norm1`, `blocks.0.attn.qkv` and so on.
/// `[batch, height, width, 3]` gives the logits `[batch, classes]` or the embeddings `[batch, dimensions]`. Both are made
/// from the class token, as is usual; there is no pooling. timm's own weights (`augreg`) want pictures with mean and
/// deviation 0.5, DeiT's those of ImageNet.
public final class VisionTransformer<Scalar: TensorScalar>: Backbone {
  private let clsToken: Parameter<Scalar>
  private let posEmbed: Parameter<Scalar>
  private let patchEmbed: PatchEmbedding<Scalar>
  private let blocks: [TransformerBlock<Scalar>]
  private let norm: LayerNorm<Scalar>
  private let head: any Layer<Scalar>

  /// Makes a network that ends in a classifier, `head`.
  ///
  /// Traps where patches do not tile the picture or heads do not divide a token.
  public convenience init(
    _ architecture: VisionTransformerArchitecture, classes: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, using: &generator) { Linear(architecture.dimensions, classes, using: &$0) }
  }

  /// Makes a network that ends in a linear map of the class token, `head.linear`; its embeddings are not normalised.
  ///
  /// Traps where patches do not tile the picture or heads do not divide a token.
  public convenience init(
    _ architecture: VisionTransformerArchitecture, embedding dimensions: Int, using generator: inout RandomGenerator
  ) {
    self.init(architecture, using: &generator) {
      TokenHead(linear: Linear(architecture.dimensions, dimensions, using: &$0))
    }
  }

  private init(
    _ architecture: VisionTransformerArchitecture, using generator: inout RandomGenerator,
    head: (inout RandomGenerator) -> any Layer<Scalar>
  ) {
    let (side, patch, width) = (architecture.imageSize, architecture.patchSize, architecture.dimensions)
    guard patch > 0, side % patch == 0, architecture.heads > 0, width % architecture.heads == 0 else {
      trap(
        "VisionTransformer: \(architecture) has patches that do not tile, or heads that do not divide", file: #fileID,
        line: #line)
    }
    let tokens = (side / patch) * (side / patch) + 1
    clsToken = Parameter(.normal([1, 1, width], deviation: 1e-6, using: &generator))
    posEmbed = Parameter(.truncatedNormal([1, tokens, width], deviation: 0.02, using: &generator))
    patchEmbed = PatchEmbedding(size: patch, dimensions: width, using: &generator)
    var blocks: [TransformerBlock<Scalar>] = []
    for _ in 0..<architecture.depth {
      blocks.append(TransformerBlock(width, heads: architecture.heads, using: &generator))
    }
    self.blocks = blocks
    norm = LayerNorm(width, epsilon: 1e-6)
    self.head = head(&generator)
  }

  /// That of `head`.
  public static var classifierPrefix: String { "head." }

  /// The embedding of the patches, the blocks, and the last normalisation.
  public var bodyParts: [[String]] {
    [["cls_token", "pos_embed", "patch_embed."]] + blocks.indices.map { ["blocks.\($0)."] } + [["norm."]]
  }

  /// All tokens after the last normalisation, the class token first: `[batch, 1 + patches, dimensions]`.
  ///
  /// Traps where the pictures have another size than the network's.
  public func features(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let patches = patchEmbed(input)
    let (batch, width) = (patches.shape[0], patches.shape[2])
    guard patches.shape[1] + 1 == posEmbed.shape[1] else {
      trap(
        "VisionTransformer: images \(input.shape) do not have \(posEmbed.shape[1] - 1) patches", file: #fileID,
        line: #line)
    }
    let tokens = Tensor.concatenated([clsToken.value.expanded(to: [batch, 1, width]), patches], along: 1)
    return norm(blocks.reduce(tokens + posEmbed.value) { $1($0) })
  }

  /// The logits, or the embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    head(features(input).select(along: 1, 0))
  }
}

/// Cuts pictures into patches and maps each to a token: `[batch, height, width, 3]` gives `[batch, patches, dimensions]`.
private final class PatchEmbedding<Scalar: TensorScalar>: Layer {
  private let proj: Conv2D<Scalar>

  init(size: Int, dimensions: Int, using generator: inout RandomGenerator) {
    proj = Conv2D(3, dimensions, kernel: size, stride: size, using: &generator)
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let map = proj(input)
    return map.reshaped([map.shape[0], map.shape[1] * map.shape[2], map.shape[3]])
  }
}

/// The embedding head's name around a linear map.
private struct TokenHead<Scalar: TensorScalar>: Layer {
  let linear: Linear<Scalar>

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { linear(input) }
}

/// Attention and a perceptron, each after a normalisation and added to its input.
private final class TransformerBlock<Scalar: TensorScalar>: Layer {
  private let norm1: LayerNorm<Scalar>
  private let attn: Attention<Scalar>
  private let norm2: LayerNorm<Scalar>
  private let mlp: Perceptron<Scalar>

  init(_ width: Int, heads: Int, using generator: inout RandomGenerator) {
    norm1 = LayerNorm(width, epsilon: 1e-6)
    attn = Attention(width, heads: heads, using: &generator)
    norm2 = LayerNorm(width, epsilon: 1e-6)
    mlp = Perceptron(width, using: &generator)
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let attended = input + attn(norm1(input))
    return attended + mlp(norm2(attended))
  }
}

/// Two linear maps with GELU between.
private final class Perceptron<Scalar: TensorScalar>: Layer {
  private let fc1: Linear<Scalar>
  private let fc2: Linear<Scalar>

  init(_ width: Int, using generator: inout RandomGenerator) {
    fc1 = Linear(width, 4 * width, using: &generator)
    fc2 = Linear(4 * width, width, using: &generator)
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { fc2(gelu(fc1(input))) }
}

/// Scaled dot-product attention of all tokens with all (Vaswani et al., 2017), in heads.
private final class Attention<Scalar: TensorScalar>: Layer {
  private let qkv: Linear<Scalar>
  private let proj: Linear<Scalar>
  private let heads: Int

  init(_ width: Int, heads: Int, using generator: inout RandomGenerator) {
    qkv = Linear(width, 3 * width, using: &generator)
    proj = Linear(width, width, using: &generator)
    self.heads = heads
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let (batch, tokens, width) = (input.shape[0], input.shape[1], input.shape[2])
    let parts = qkv(input).reshaped([batch, tokens, 3, heads, width / heads]).permuted([2, 0, 3, 1, 4])
    let attended = scaledDotProductAttention(parts[0], parts[1], parts[2])
    return proj(attended.permuted([0, 2, 1, 3]).reshaped([batch, tokens, width]))
  }
}
