import Tensor

/// A 2-D convolution of channels-last images.
///
/// `[batch, height, width, inChannels]` gives `[batch, outHeight, outWidth, outChannels]`; see `Tensor.conv2d`. The weight
/// is `[outChannels, inChannels, kernel, kernel]`, initialised Kaiming-normal with fan-out.
public final class Conv2D<Scalar: TensorScalar>: Layer {
  /// `[outChannels, inChannels, kernel, kernel]`.
  public let weight: Parameter<Scalar>
  /// `[outChannels]`, if there is one; starts at zero.
  public let bias: Parameter<Scalar>?
  /// The distance between windows.
  public let stride: Int
  /// Zeros on each side.
  public let padding: Int
  /// The distance between a kernel's elements.
  public let dilation: Int

  /// Makes a convolution; the padding defaults to what keeps the size at stride 1.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, dilation: Int = 1,
    hasBias: Bool = false, using generator: inout RandomGenerator
  ) {
    weight = Parameter(.kaimingNormal([outChannels, inChannels, kernel, kernel], fan: .out, using: &generator))
    bias = hasBias ? Parameter(.zeros([outChannels])) : nil
    self.stride = stride
    self.padding = padding ?? dilation * (kernel - 1) / 2
    self.dilation = dilation
  }

  /// The convolved images.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let output = input.conv2d(weight.value, stride: stride, padding: padding, dilation: dilation)
    return bias.map { output + $0.value } ?? output
  }
}
