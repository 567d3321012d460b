import Tensor

/// What transposed convolutions share: each element is spread over a window, which undoes a convolution's shape.
///
/// The weight is `[inChannels, outChannels / groups, …]`, as in PyTorch, initialised normal with deviation `√(2 / (inChannels · kernel))`. Defaults
/// are PyTorch's: a bias and no padding.
public class TransposedConvolution<Scalar: TensorScalar>: Layer {
  /// `[inChannels, outChannels / groups, …]`, then the kernel's sizes.
  public let weight: Parameter<Scalar>
  /// `[outChannels]`, if there is one; initialised uniformly in ±1/√(outChannels / groups · kernel), as in PyTorch.
  public let bias: Parameter<Scalar>?
  /// The number of groups of channels that do not see each other.
  public let groups: Int
  private let windows: Windows
  private let outputPadding: [Int]
  private let name: StaticString

  init(
    _ name: StaticString, axes: Int, _ inChannels: Int, _ outChannels: Int, _ kernel: some AxisSizes,
    _ stride: some AxisSizes, _ padding: some AxisSizes, _ outputPadding: some AxisSizes, _ dilation: some AxisSizes,
    _ groups: Int, _ hasBias: Bool, _ generator: inout RandomGenerator, _ file: StaticString, _ line: UInt
  ) {
    requireGroups(name, inChannels, outChannels, groups, file, line)
    let sizes = requireKernel(name, kernel, axes: axes, file, line)
    (windows, self.outputPadding) = Windows.transposed(
      name, kernel: sizes, stride, padding, outputPadding, dilation, file, line)
    weight = Parameter(.kaimingNormal([inChannels, outChannels / groups] + sizes, fan: .out, using: &generator))
    let fanIn = outChannels / groups * sizes.reduce(1, *)
    bias = hasBias ? Parameter(.scaledUniform([outChannels], fanIn: fanIn, using: &generator)) : nil
    (self.name, self.groups) = (name, groups)
  }

  /// What the elements were spread to; traps unless the input is `[batch, …, inChannels]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    weight.requireChannelsLast(weight.shape[0], of: input, axes: windows.axisCount, name)
    let output = input.convTransposed(name, weight.value, windows, outputPadding, groups: groups)
    return bias.map { output + $0.value } ?? output
  }
}

/// A transposed convolution of sequences; see `TransposedConvolution` and `Tensor.convTransposed1d`.
public final class ConvTranspose1D<Scalar: TensorScalar>: TransposedConvolution<Scalar> {
  /// Makes a transposed convolution.
  ///
  /// Traps where the channels do not divide into the groups, and where sizes do not fit.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, hasBias: Bool = true, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "ConvTranspose1D", axes: 1, inChannels, outChannels, kernel, stride, padding, outputPadding, dilation, groups,
      hasBias, &generator, file, line)
  }
}

/// A transposed convolution of images; see `TransposedConvolution` and `Tensor.convTransposed2d`.
public final class ConvTranspose2D<Scalar: TensorScalar>: TransposedConvolution<Scalar> {
  /// Makes a transposed convolution; sizes are a number or `[height, width]`.
  ///
  /// Traps where the channels do not divide into the groups, and where sizes do not fit.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: some AxisSizes, stride: some AxisSizes = 1,
    padding: some AxisSizes = 0, outputPadding: some AxisSizes = 0, dilation: some AxisSizes = 1, groups: Int = 1,
    hasBias: Bool = true, using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "ConvTranspose2D", axes: 2, inChannels, outChannels, kernel, stride, padding, outputPadding, dilation, groups,
      hasBias, &generator, file, line)
  }
}

/// A transposed convolution of volumes; see `TransposedConvolution` and `Tensor.convTransposed3d`.
public final class ConvTranspose3D<Scalar: TensorScalar>: TransposedConvolution<Scalar> {
  /// Makes a transposed convolution; sizes are a number or `[depth, height, width]`.
  ///
  /// Traps where the channels do not divide into the groups, and where sizes do not fit.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: some AxisSizes, stride: some AxisSizes = 1,
    padding: some AxisSizes = 0, outputPadding: some AxisSizes = 0, dilation: some AxisSizes = 1, groups: Int = 1,
    hasBias: Bool = true, using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "ConvTranspose3D", axes: 3, inChannels, outChannels, kernel, stride, padding, outputPadding, dilation, groups,
      hasBias, &generator, file, line)
  }
}
