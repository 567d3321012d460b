import Tensor

/// A 2-D convolution of channels-last images.
///
/// `[batch, height, width, inChannels]` gives `[batch, outHeight, outWidth, outChannels]`; see `Tensor.conv2d`. The weight
/// is `[outChannels, inChannels / groups, kernel, kernel]`, initialised Kaiming-normal with fan-out.
public final class Conv2D<Scalar: TensorScalar>: Layer {
  /// `[outChannels, inChannels / groups, kernel, kernel]`.
  public let weight: Parameter<Scalar>
  /// `[outChannels]`, if there is one; starts at zero.
  public let bias: Parameter<Scalar>?
  /// The distance between windows.
  public let stride: Int
  /// Zeros on each side.
  public let padding: Int
  /// The distance between a kernel's elements.
  public let dilation: Int
  /// The number of groups of channels that do not see each other.
  public let groups: Int

  /// Makes a convolution; the padding defaults to what keeps the size at stride 1.
  ///
  /// Traps where the channels do not divide into the groups.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil, dilation: Int = 1,
    groups: Int = 1, hasBias: Bool = false, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "Conv2D: \(inChannels) and \(outChannels) channels do not divide into \(groups) groups", file: file, line: line)
    weight = Parameter(
      .kaimingNormal([outChannels, inChannels / groups, kernel, kernel], fan: .out, using: &generator))
    bias = hasBias ? Parameter(.zeros([outChannels])) : nil
    self.stride = stride
    self.padding = padding ?? dilation * (kernel - 1) / 2
    self.dilation = dilation
    self.groups = groups
  }

  /// The convolved images.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let output = input.conv2d(weight.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
    return bias.map { output + $0.value } ?? output
  }
}
