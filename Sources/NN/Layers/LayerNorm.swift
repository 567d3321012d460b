import Tensor

/// Normalises each sample over its last axes, then scales and shifts it (Ba et al., 2016).
///
/// The same in training and in evaluation.
public final class LayerNorm<Scalar: TensorScalar>: Layer {
  /// The scale, in the shape of the last axes, at first 1.
  public let weight: Parameter<Scalar>
  /// The shift, in the same shape, at first 0.
  public let bias: Parameter<Scalar>
  private let epsilon: Scalar

  /// Makes a layer normalisation over the last axes, which have these sizes.
  public init(_ sizes: Int..., epsilon: Scalar = 1e-5) {
    weight = Parameter(.ones(sizes))
    bias = Parameter(.zeros(sizes))
    self.epsilon = epsilon
  }

  /// The normalised tensor, in the input's shape; traps where it does not end in the layer's sizes.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    weight.requireEnd(weight.shape, of: input, "LayerNorm")
    return input.layerNormalized(scale: weight.value, offset: bias.value, epsilon: epsilon)
  }
}
