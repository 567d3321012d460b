import Tensor

/// Makes one axis of neighbouring axes, at first of all but the batch; see `Tensor.flattened(from:through:)`.
///
/// Images are channels-last here: `[batch, height, width, channels]` becomes another order than in PyTorch, so a linear layer that was
/// trained there after a flattening of images needs its columns in this order.
public struct Flatten<Scalar: TensorScalar>: Layer {
  private let first: Int
  private let last: Int

  /// Makes the layer.
  public init(from first: Int = 1, through last: Int = -1) { (self.first, self.last) = (first, last) }

  /// The flattened tensor.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input.flattened(from: first, through: last) }
}

/// What comes in: a place for a layer that may be missing.
public struct Identity<Scalar: TensorScalar>: Layer {
  /// Makes the layer.
  public init() {}

  /// The input itself.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { input }
}

/// A function as a layer; parameters that it captures belong to nobody, so keep them in a layer of your own.
public struct Lambda<Scalar: TensorScalar>: Layer {
  private let function: (Tensor<Scalar>) -> Tensor<Scalar>

  /// Makes a layer of a function.
  public init(_ function: @escaping (Tensor<Scalar>) -> Tensor<Scalar>) { self.function = function }

  /// What the function makes of the input.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> { function(input) }
}

/// Channels-last images in another size; see `Tensor.upsampled(height:width:_:)`.
public struct Upsample<Scalar: TensorScalar>: Layer {
  private enum Target {
    case factor(Int)
    case size(height: Int, width: Int)
  }
  private let target: Target
  private let mode: Upsampling

  /// Makes a layer that enlarges both sides by a factor.
  public init(factor: Int, _ mode: Upsampling = .nearest) { (target, self.mode) = (.factor(factor), mode) }

  /// Makes a layer whose images have one size, whatever comes in.
  public init(height: Int, width: Int, _ mode: Upsampling = .nearest) {
    (target, self.mode) = (.size(height: height, width: width), mode)
  }

  /// The images in their new size; traps unless they are `[batch, height, width, channels]`.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    switch target {
    case .factor(let factor):
      require(input.rank == 4, "Upsample: \(input.shape) is not [batch, height, width, channels]: channels-last here")
      return input.upsampled(height: factor * input.shape[1], width: factor * input.shape[2], mode)
    case .size(let height, let width): return input.upsampled(height: height, width: width, mode)
    }
  }
}
