import Tensor

/// Divides each sample by the root of its mean square over the last axes, then scales it (Zhang and Sennrich, 2019).
///
/// The same in training and in evaluation.
public final class RMSNorm<Scalar: TensorScalar>: Layer {
  /// The scale, in the shape of the last axes, at first 1.
  public let weight: Parameter<Scalar>
  private let epsilon: Scalar

  /// Makes a normalisation over the last axes, which have these sizes; `epsilon` is that of the scalar type unless given, as in PyTorch.
  public init(_ sizes: Int..., epsilon: Scalar = .ulpOfOne) {
    weight = Parameter(.ones(sizes))
    self.epsilon = epsilon
  }

  /// The normalised tensor, in the input's shape; traps where it does not end in the layer's sizes.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let sizes = weight.shape
    weight.requireEnd(sizes, of: input, "RMSNorm")
    let squares = square(input).mean(along: Array(input.rank - sizes.count..<input.rank), keepsAxes: true)
    return input * rsqrt(squares + epsilon) * weight.value
  }
}
