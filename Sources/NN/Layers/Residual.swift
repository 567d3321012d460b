import Tensor

/// `relu(main(x) + shortcut(x))`, where the shortcut is the identity unless given (He et al., 2016).
public struct Residual<Scalar: TensorScalar>: Layer {
  private let main: any Layer<Scalar>
  private let shortcut: (any Layer<Scalar>)?

  /// Makes a residual connection around a layer.
  public init(_ main: any Layer<Scalar>, shortcut: (any Layer<Scalar>)? = nil) {
    (self.main, self.shortcut) = (main, shortcut)
  }

  /// The sum, rectified.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    relu(main(input) + (shortcut?(input) ?? input))
  }
}
