import Tensor

/// Normalises each channel (the last axis) of each sample over all positions (Ulyanov et al., 2016).
///
/// `[batch, …, channels]`; the same in training and in evaluation. As in PyTorch it has no parameters unless asked for.
public final class InstanceNorm<Scalar: TensorScalar>: Layer {
  /// The scale, `[channels]`, if there is one; at first 1.
  public let weight: Parameter<Scalar>?
  /// The shift, `[channels]`, if there is one; at first 0.
  public let bias: Parameter<Scalar>?
  private let channels: Int
  private let epsilon: Scalar

  /// Makes an instance normalisation; `isAffine` gives it a scale and a shift.
  public init(_ channels: Int, epsilon: Scalar = 1e-5, isAffine: Bool = false) {
    weight = isAffine ? Parameter(.ones([channels])) : nil
    bias = isAffine ? Parameter(.zeros([channels])) : nil
    (self.channels, self.epsilon) = (channels, epsilon)
  }

  /// The normalised tensor, in the input's shape.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.instanceNormalized(
      scale: weight?.value ?? .ones([channels]), offset: bias?.value ?? .zeros([channels]), epsilon: epsilon)
  }
}
