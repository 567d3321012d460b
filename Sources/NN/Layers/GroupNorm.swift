import Tensor

/// Normalises each sample over groups of neighbouring channels, then scales and shifts it (Wu and He, 2018).
///
/// `[batch, …, channels]`; the same in training and in evaluation. As many groups as channels make it instance
/// normalisation.
public final class GroupNorm<Scalar: TensorScalar>: Layer {
  /// The scale, `[channels]`, at first 1.
  public let weight: Parameter<Scalar>
  /// The shift, `[channels]`, at first 0.
  public let bias: Parameter<Scalar>
  private let groups: Int
  private let epsilon: Scalar

  /// Makes a group normalisation.
  ///
  /// Traps where the channels do not divide into the groups.
  public init(
    groups: Int, channels: Int, epsilon: Scalar = 1e-5, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      groups >= 1 && channels % groups == 0, "GroupNorm: \(channels) channels do not divide into \(groups) groups",
      file: file, line: line)
    weight = Parameter(.ones([channels]))
    bias = Parameter(.zeros([channels]))
    self.groups = groups
    self.epsilon = epsilon
  }

  /// The normalised tensor, in the input's shape; traps unless that ends in the layer's channels.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    weight.requireEnd(weight.shape, of: input, "GroupNorm")
    return input.groupNormalized(groups, scale: weight.value, offset: bias.value, epsilon: epsilon)
  }
}
