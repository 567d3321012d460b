import NN
import Tensor

/// Turns a feature map into an embedding: average and maximum over the image, summed, then linear (Proxy-Anchor's head).
///
/// `[batch, height, width, channels]` gives `[batch, dimensions]`, not normalised; the losses and the evaluation normalise.
public final class EmbeddingHead<Scalar: TensorScalar>: Layer {
  private let linear: Linear<Scalar>

  /// Makes a head.
  public init(_ channels: Int, dimensions: Int, using generator: inout RandomGenerator) {
    linear = Linear(channels, dimensions, using: &generator)
  }

  /// The embeddings.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    linear(input.mean(along: 1, 2) + input.max(along: 1, 2))
  }
}
