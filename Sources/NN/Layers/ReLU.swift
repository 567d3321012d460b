import Tensor

/// `max(x, 0)`, element by element.
public struct ReLU<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The rectified tensor.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { relu(input) }
}
