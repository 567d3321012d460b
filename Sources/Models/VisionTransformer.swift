import NN
import Tensor
import TensorFiles

/// A vision transformer (Dosovitskiy et al., 2021), as timm, DINO and DINOv2 define it and with their names.
///
/// The names are `cls_token`, `pos_embed`, `register_tokens`, `patch_embed.proj`, `blocks.0.norm1`, `blocks.0.attn.qkv` and so on.
/// `[batch, height, width, 3]` gives the logits `[batch, classes]` or the embeddings `[batch, dimensions]`. Both are made
/// from the class token, as is usual; there is no pooling. timm's own weights (`augreg`) want pictures with mean and
/// deviation 0.5, those of DeiT, DINO and DINOv2 ImageNet's.
public final class VisionTransformer<Scalar: TensorScalar>: Backbone {
  private let clsToken: Parameter<Scalar>
  private let posEmbed: Parameter<Scalar>
  private let registerTokens: Parameter<Scalar>?
  private let patchEmbed: PatchEmbedding<Scalar>
  private let blocks: [TransformerBlock<Scalar>]
  private let norm: LayerNorm<Scalar>
  private let head: any Layer<Scalar>
  private let resampling: PositionResampling

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
      LinearHead(linear: Linear(architecture.dimensions, dimensions, using: &$0))
    }
  }

  private init(
    _ architecture: VisionTransformerArchitecture, using generator: inout RandomGenerator,
    head: (inout RandomGenerator) -> any Layer<Scalar>
  ) {
    let (side, patch, width) = (architecture.imageSize, architecture.patchSize, architecture.dimensions)
    guard
      patch > 0, side > 0, side % patch == 0, architecture.heads > 0, width % architecture.heads == 0,
      architecture.registers >= 0
    else {
      trap(
        "VisionTransformer: \(architecture) has patches that do not tile, or heads that do not divide", file: #fileID,
        line: #line)
    }
    resampling = architecture.resampling
    let tokens = (side / patch) * (side / patch) + 1
    clsToken = Parameter(.normal([1, 1, width], deviation: 1e-6, using: &generator))
    posEmbed = Parameter(.truncatedNormal([1, tokens, width], deviation: 0.02, using: &generator))
    let registers = architecture.registers
    registerTokens =
      registers > 0 ? Parameter(.normal([1, registers, width], deviation: 1e-6, using: &generator)) : nil
    patchEmbed = PatchEmbedding(size: patch, dimensions: width, using: &generator)
    var blocks: [TransformerBlock<Scalar>] = []
    for _ in 0..<architecture.depth {
      blocks.append(
        TransformerBlock(
          width, heads: architecture.heads, hasLayerScale: architecture.hasLayerScale, using: &generator))
    }
    self.blocks = blocks
    norm = LayerNorm(width, epsilon: 1e-6)
    self.head = head(&generator)
  }

  /// That of `head`.
  public static var classifierPrefix: String { "head." }

  /// DINOv2's token for hidden patches, which only its training needs, and a layer of older files that timm leaves out too.
  public static var unusedPrefixes: [String] { ["mask_token", "pre_logits."] }

  /// The embedding of the patches, the blocks, and the last normalisation.
  public var bodyParts: [[String]] {
    [["cls_token", "pos_embed", "register_tokens", "patch_embed."]] + blocks.indices.map { ["blocks.\($0)."] } + [
      ["norm."]
    ]
  }

  /// All tokens after the last normalisation, the class token first: `[batch, 1 + registers + patches, dimensions]`.
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
    var tokens = Tensor.concatenated([clsToken.value.expanded(to: [batch, 1, width]), patches], along: 1)
    tokens += posEmbed.value
    if let registers = registerTokens?.value {
      let parts = [
        tokens[0..., 0..<1], registers.expanded(to: [batch, registers.shape[1], width]), tokens[0..., 1...],
      ]
      tokens = .concatenated(parts, along: 1)
    }
    return norm(blocks.reduce(tokens) { $1($0) })
  }

  /// The logits, or the embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    head(features(input).select(along: 1, 0))
  }
}

extension VisionTransformer {
  /// The file with position embeddings for this network's pictures, resampled as its architecture says, and with the names of
  /// DINOv2's authors.
  ///
  /// timm calls the registers `reg_token` and gives the class token no position there: it has added it to `cls_token`.
  public func fitted(_ published: Safetensors, prefix: String) throws -> Safetensors {
    var file = published
    let (theirs, ours) = (prefix + "reg_token", prefix + "register_tokens")
    let isTimms = registerTokens != nil && file.contains(theirs) && !file.contains(ours)
    if isTimms {
      file.set(try file.tensor(theirs, convertingTo: Scalar.self), for: ours)
      file = file.without(prefix: theirs)
    }
    let name = prefix + "pos_embed"
    let (count, width) = (posEmbed.shape[1], posEmbed.shape[2])
    guard
      let shape = file.shape(of: name), shape.count == 3, shape[0] == 1, shape[2] == width,
      isTimms || shape[1] != count, let side = squareRoot(of: isTimms ? shape[1] : shape[1] - 1),
      let target = squareRoot(of: count - 1)
    else { return file }
    let rows = try file.tensor(name, convertingTo: Scalar.self)[0]
    let first = isTimms ? .zeros([1, width]) : rows[0..<1]
    let patches = resampling(isTimms ? rows : rows[1...], from: side, to: target)
    file.set(Tensor.concatenated([first, patches], along: 0).unsqueezed(0), for: name)
    return file
  }
}

/// The side of a square grid of so many places, or nil where there is none.
private func squareRoot(of count: Int) -> Int? {
  guard count > 0 else { return nil }
  let side = Int(Double(count).squareRoot().rounded())
  return side * side == count ? side : nil
}
