import Tensor

/// The greatest element in each window of channels-last images; see `Tensor.maxPooled`.
public struct MaxPool2D<Scalar: TensorScalar>: Layer {
  private let size: Int
  private let stride: Int
  private let padding: Int

  /// Makes a pooling layer; the stride is the window's size unless given.
  public init(_ size: Int, stride: Int? = nil, padding: Int = 0) {
    (self.size, self.stride, self.padding) = (size, stride ?? size, padding)
  }

  /// The pooled images.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.maxPooled(size, stride: stride, padding: padding)
  }
}

/// The mean of each window of channels-last images; see `Tensor.averagePooled`.
public struct AveragePool2D<Scalar: TensorScalar>: Layer {
  private let size: Int
  private let stride: Int
  private let padding: Int

  /// Makes a pooling layer; the stride is the window's size unless given.
  public init(_ size: Int, stride: Int? = nil, padding: Int = 0) {
    (self.size, self.stride, self.padding) = (size, stride ?? size, padding)
  }

  /// The pooled images.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    input.averagePooled(size, stride: stride, padding: padding)
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
