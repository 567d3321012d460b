import Tensor

/// What convolutions along one, two and three axes share: kernels that slide over channels-last images, sequences or volumes.
///
/// The weight has PyTorch's shape, `[outChannels, inChannels / groups, …]`, initialised Kaiming-normal with fan-out; kernels, strides and dilations are a
/// number or one for each axis, paddings also `.same` or `.valid`. Defaults are PyTorch's: a bias and no padding.
public class Convolution<Scalar: TensorScalar>: Layer {
  /// `[outChannels, inChannels / groups, …]`, then the kernel's sizes.
  public let weight: Parameter<Scalar>
  /// `[outChannels]`, if there is one; initialised uniformly in ±1/√fan-in, as in PyTorch.
  public let bias: Parameter<Scalar>?
  /// The number of groups of channels that do not see each other.
  public let groups: Int
  let windows: Windows
  private let name: StaticString

  init(
    _ name: StaticString, axes: Int, _ inChannels: Int, _ outChannels: Int, _ kernel: some AxisSizes,
    _ stride: some AxisSizes, _ padding: some AxisPadding, _ dilation: some AxisSizes, _ groups: Int, _ hasBias: Bool,
    _ generator: inout RandomGenerator, _ file: StaticString, _ line: UInt
  ) {
    requireGroups(name, inChannels, outChannels, groups, file, line)
    let sizes = requireKernel(name, kernel, axes: axes, file, line)
    windows = Windows(
      name, kernel: sizes, stride: stride, padding: padding, dilation: dilation, file: file, line: line)
    weight = Parameter(.kaimingNormal([outChannels, inChannels / groups] + sizes, fan: .out, using: &generator))
    let fanIn = inChannels / groups * sizes.reduce(1, *)
    bias = hasBias ? Parameter(.scaledUniform([outChannels], fanIn: fanIn, using: &generator)) : nil
    (self.name, self.groups) = (name, groups)
  }

  /// What the kernels find; traps unless the input is `[batch, …, inChannels]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireFit(input)
    let output = input.convolved(weight.value, windows, groups: groups)
    return bias.map { output + $0.value } ?? output
  }

  /// Traps unless the input is `[batch, …, inChannels]`.
  func requireFit(_ input: Tensor<Scalar>) {
    weight.requireChannelsLast(weight.shape[1] * groups, of: input, axes: windows.axisCount, name)
  }
}

/// A convolution of sequences: `[batch, length, inChannels]` gives `[batch, outLength, outChannels]`; see `Convolution`.
public final class Conv1D<Scalar: TensorScalar>: Convolution<Scalar> {
  /// Makes a convolution.
  ///
  /// Traps where the channels do not divide into the groups, and where sizes do not fit.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: some AxisPadding = 0,
    dilation: Int = 1, groups: Int = 1, hasBias: Bool = true, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "Conv1D", axes: 1, inChannels, outChannels, kernel, stride, padding, dilation, groups, hasBias, &generator, file,
      line)
  }
}

/// A convolution of images: `[batch, height, width, inChannels]` gives `[batch, outHeight, outWidth, outChannels]`; see `Convolution`.
public final class Conv2D<Scalar: TensorScalar>: Convolution<Scalar> {
  /// Makes a convolution; sizes are a number or `[height, width]`.
  ///
  /// Traps where the channels do not divide into the groups, and where sizes do not fit.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: some AxisSizes, stride: some AxisSizes = 1,
    padding: some AxisPadding = 0, dilation: some AxisSizes = 1, groups: Int = 1, hasBias: Bool = true,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "Conv2D", axes: 2, inChannels, outChannels, kernel, stride, padding, dilation, groups, hasBias, &generator, file,
      line)
  }
}

/// A convolution of volumes: `[batch, depth, height, width, inChannels]` gives the same of `outChannels`; see `Convolution`.
public final class Conv3D<Scalar: TensorScalar>: Convolution<Scalar> {
  /// Makes a convolution; sizes are a number or `[depth, height, width]`.
  ///
  /// Traps where the channels do not divide into the groups, and where sizes do not fit.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernel: some AxisSizes, stride: some AxisSizes = 1,
    padding: some AxisPadding = 0, dilation: some AxisSizes = 1, groups: Int = 1, hasBias: Bool = true,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "Conv3D", axes: 3, inChannels, outChannels, kernel, stride, padding, dilation, groups, hasBias, &generator, file,
      line)
  }
}

func requireGroups(
  _ name: StaticString, _ inChannels: Int, _ outChannels: Int, _ groups: Int, _ file: StaticString, _ line: UInt
) {
  require(
    groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
    "\(name): \(inChannels) and \(outChannels) channels do not divide into \(groups) groups", file: file, line: line)
}

func requireKernel(
  _ name: StaticString, _ kernel: some AxisSizes, axes: Int, _ file: StaticString, _ line: UInt
) -> [Int] {
  guard let sizes = kernel.sizes(axes: axes) else {
    trap("\(name): a kernel \(kernel) is not one size for each of \(axes) axes", file: file, line: line)
  }
  return sizes
}
