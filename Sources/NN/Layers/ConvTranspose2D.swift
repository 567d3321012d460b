import Tensor

/// A transposed 2-D convolution of channels-last images: a convolution's shape undone.
///
/// `[batch, height, width, inChannels]` gives `[batch, outHeight, outWidth, outChannels]`; see
/// `Tensor.convTransposed2d`. The weight is `[inChannels, outChannels / groups, kernel, kernel]`, as in PyTorch,
/// initialised normal with deviation `√(2 / (inChannels · kernel²))`.
public final class ConvTranspose2D<Scalar: TensorScalar>: Layer {
  /// `[inChannels, outChannels / groups, kernel, kernel]`.
  public let weight: Parameter<Scalar>
  /// `[outChannels]`, if there is one; starts at zero.
  public let bias: Parameter<Scalar>?
  /// The distance between windows in the output.
  public let stride: Int
  /// What is cut off on each side.
  public let padding: Int
  /// Rows and columns added at the end; less than the stride.
  public let outputPadding: Int
  /// The distance between a kernel's elements.
  public let dilation: Int
  /// The number of groups of channels that do not see each other.
  public let groups: Int

  /// Makes a transposed convolution.
  ///
  /// Traps where the channels do not divide into the groups.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, hasBias: Bool = false, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "ConvTranspose2D: \(inChannels) and \(outChannels) channels do not divide into \(groups) groups", file: file,
      line: line)
    weight = Parameter(
      .kaimingNormal([inChannels, outChannels / groups, kernel, kernel], fan: .out, using: &generator))
    bias = hasBias ? Parameter(.zeros([outChannels])) : nil
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
  }

  /// The enlarged images.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let output = input.convTransposed2d(
      weight.value, stride: stride, padding: padding, outputPadding: outputPadding, dilation: dilation, groups: groups)
    return bias.map { output + $0.value } ?? output
  }
}
