import Tensor

/// Which side of a weight counts for the scale of its initial values.
public enum Fan: Sendable {
  /// The number of inputs of an output: keeps the forward pass's variance.
  case `in`
  /// The number of outputs that an input feeds: keeps the backward pass's variance.
  case out
}

extension Tensor where Scalar: TensorScalar {
  /// Normal with deviation `gain / √fan` (He et al., 2015); the gain for ReLU is √2.
  ///
  /// The shape is `[out, in, …]`: what follows counts for both fans, as in PyTorch.
  public static func kaimingNormal(
    _ shape: [Int], fan: Fan, gain: Scalar = Scalar(2).squareRoot(), using generator: inout RandomGenerator
  ) -> Tensor {
    .normal(shape, deviation: gain / Scalar(size(of: fan, shape)).squareRoot(), using: &generator)
  }

  /// Uniform in ±1/√fan-in, PyTorch's default for linear layers and convolutions.
  ///
  /// For a bias, `fanIn` is that of its weight.
  public static func scaledUniform(_ shape: [Int], fanIn: Int, using generator: inout RandomGenerator) -> Tensor {
    let bound = 1 / Scalar(fanIn).squareRoot()
    return .uniform(shape, in: -bound..<bound, using: &generator)
  }

  private static func size(of fan: Fan, _ shape: [Int]) -> Int {
    require(shape.count >= 2, "kaimingNormal: shape \(shape) has no fan")
    return shape[fan == .in ? 1 : 0] * shape.dropFirst(2).reduce(1, *)
  }
}
