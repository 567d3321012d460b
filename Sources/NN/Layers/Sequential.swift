import Tensor

/// Layers one after another; their parameters are named by position (`0.weight`, `1.bias`).
public struct Sequential<Scalar: TensorScalar>: Layer, CustomReflectable {
  /// The layers in order.
  public let layers: [any Layer<Scalar>]

  /// Makes a chain of layers.
  public init(_ layers: any Layer<Scalar>...) { self.layers = layers }

  /// Makes a chain of layers from a list.
  public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

  /// The last layer's output.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    layers.reduce(input) { $1($0) }
  }

  /// The layers without a label, so that names do not contain one.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers.map { $0 as Any }) }
}
