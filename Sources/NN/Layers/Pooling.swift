import Tensor

// Sizes are a number or one for each axis; the stride is the window's size unless given. Padding takes no part in a maximum and counts as zeros in a mean.

/// The greatest element in each window of channels-last sequences, `[batch, length, channels]`; see `Tensor.maxPooled(windows:stride:padding:)`.
public struct MaxPool1D<Scalar: TensorScalar>: Layer {
  private let size: any AxisSizes
  private let stride: (any AxisSizes)?
  private let padding: any AxisSizes

  /// Makes a pooling layer.
  public init(_ size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// The pooled sequences; traps where the windows do not fit.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireRank("MaxPool1D", input, axes: 1)
    return input.maxPooled(windows: size, stride: stride, padding: padding)
  }
}

/// The greatest element in each window of channels-last images, `[batch, height, width, channels]`; see `Tensor.maxPooled(windows:stride:padding:)`.
public struct MaxPool2D<Scalar: TensorScalar>: Layer {
  private let size: any AxisSizes
  private let stride: (any AxisSizes)?
  private let padding: any AxisSizes

  /// Makes a pooling layer.
  public init(_ size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// The pooled images; traps where the windows do not fit.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireRank("MaxPool2D", input, axes: 2)
    return input.maxPooled(windows: size, stride: stride, padding: padding)
  }
}

/// The greatest element in each window of channels-last volumes, `[batch, depth, height, width, channels]`; see `Tensor.maxPooled(windows:stride:padding:)`.
public struct MaxPool3D<Scalar: TensorScalar>: Layer {
  private let size: any AxisSizes
  private let stride: (any AxisSizes)?
  private let padding: any AxisSizes

  /// Makes a pooling layer.
  public init(_ size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// The pooled volumes; traps where the windows do not fit.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireRank("MaxPool3D", input, axes: 3)
    return input.maxPooled(windows: size, stride: stride, padding: padding)
  }
}

/// The mean in each window of channels-last sequences, `[batch, length, channels]`; see `Tensor.averagePooled(windows:stride:padding:)`.
public struct AveragePool1D<Scalar: TensorScalar>: Layer {
  private let size: any AxisSizes
  private let stride: (any AxisSizes)?
  private let padding: any AxisSizes

  /// Makes a pooling layer.
  public init(_ size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// The pooled sequences; traps where the windows do not fit.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireRank("AveragePool1D", input, axes: 1)
    return input.averagePooled(windows: size, stride: stride, padding: padding)
  }
}

/// The mean in each window of channels-last images, `[batch, height, width, channels]`; see `Tensor.averagePooled(windows:stride:padding:)`.
public struct AveragePool2D<Scalar: TensorScalar>: Layer {
  private let size: any AxisSizes
  private let stride: (any AxisSizes)?
  private let padding: any AxisSizes

  /// Makes a pooling layer.
  public init(_ size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// The pooled images; traps where the windows do not fit.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireRank("AveragePool2D", input, axes: 2)
    return input.averagePooled(windows: size, stride: stride, padding: padding)
  }
}

/// The mean in each window of channels-last volumes, `[batch, depth, height, width, channels]`; see `Tensor.averagePooled(windows:stride:padding:)`.
public struct AveragePool3D<Scalar: TensorScalar>: Layer {
  private let size: any AxisSizes
  private let stride: (any AxisSizes)?
  private let padding: any AxisSizes

  /// Makes a pooling layer.
  public init(_ size: some AxisSizes, stride: (any AxisSizes)? = nil, padding: some AxisSizes = 0) {
    (self.size, self.stride, self.padding) = (size, stride, padding)
  }

  /// The pooled volumes; traps where the windows do not fit.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    requireRank("AveragePool3D", input, axes: 3)
    return input.averagePooled(windows: size, stride: stride, padding: padding)
  }
}

/// The mean of each channel over the whole image: `[batch, height, width, channels]` gives `[batch, channels]`.
public struct GlobalAveragePool2D<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The means.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input.mean(along: 1, 2) }
}

/// The greatest element of each channel over the whole image: `[batch, height, width, channels]` gives `[batch, channels]`.
public struct GlobalMaxPool2D<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The maxima.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input.max(along: 1, 2) }
}

private func requireRank<Scalar: TensorScalar>(_ name: StaticString, _ input: Tensor<Scalar>, axes: Int) {
  require(
    input.rank == axes + 2,
    "\(name): found \(input.shape), expected \(axes) axes between batch and channels: images are channels-last here")
}
