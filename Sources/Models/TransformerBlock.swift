import NN
import Tensor

/// Cuts pictures into patches and maps each to a token: `[batch, height, width, 3]` gives `[batch, patches, dimensions]`.
final class PatchEmbedding<Scalar: TensorScalar>: Layer {
  private let proj: Conv2D<Scalar>

  init(size: Int, dimensions: Int, using generator: inout RandomGenerator) {
    proj = Conv2D(3, dimensions, kernel: size, stride: size, using: &generator)
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let map = proj(input)
    return map.reshaped([map.shape[0], map.shape[1] * map.shape[2], map.shape[3]])
  }
}

/// Attention and a perceptron, each after a normalisation, scaled where the network does that, and added to its input.
final class TransformerBlock<Scalar: TensorScalar>: Layer {
  private let norm1: LayerNorm<Scalar>
  private let attn: Attention<Scalar>
  private let ls1: LayerScale<Scalar>?
  private let norm2: LayerNorm<Scalar>
  private let mlp: Perceptron<Scalar>
  private let ls2: LayerScale<Scalar>?

  init(_ width: Int, heads: Int, hasLayerScale: Bool, using generator: inout RandomGenerator) {
    norm1 = LayerNorm(width, epsilon: 1e-6)
    attn = Attention(width, heads: heads, using: &generator)
    norm2 = LayerNorm(width, epsilon: 1e-6)
    mlp = Perceptron(width, using: &generator)
    ls1 = hasLayerScale ? LayerScale(width) : nil
    ls2 = hasLayerScale ? LayerScale(width) : nil
  }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    func scaled(_ tensor: Tensor<Scalar>, _ scale: LayerScale<Scalar>?) -> Tensor<Scalar> { scale?(tensor) ?? tensor }
    let attended = input + scaled(attn(norm1(input)), ls1)
    return attended + scaled(mlp(norm2(attended)), ls2)
  }
}

/// A factor for each channel, at first 10⁻⁵ (Touvron et al., 2021).
private final class LayerScale<Scalar: TensorScalar>: Layer {
  private let gamma: Parameter<Scalar>

  init(_ width: Int) { gamma = Parameter(.full([width], 1e-5)) }

  func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input * gamma.value }
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
