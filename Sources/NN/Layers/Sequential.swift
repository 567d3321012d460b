import Tensor

/// Layers one after another; their parameters are named by position (`0.weight`, `1.bias`).
public struct Sequential<Scalar: TensorScalar>: Layer, CustomReflectable {
  /// The layers in order.
  public let layers: [any Layer<Scalar>]

  /// Makes a chain of layers.
  public init(_ layers: any Layer<Scalar>...) { self.layers = layers }

  /// Makes a chain of layers from a list.
  public init(_ layers: [any Layer<Scalar>]) { self.layers = layers }

  /// Makes a chain of layers that are written one below another, with `if`, `for` and `switch` among them.
  public init(@LayerBuilder<Scalar> _ layers: () -> [any Layer<Scalar>]) { self.layers = layers() }

  /// The last layer's output; a convolution and the batch normalisation after it are taken together.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    var (output, index) = (input, 0)
    while index < layers.count {
      let next = index + 1 < layers.count ? layers[index + 1] as? BatchNorm<Scalar> : nil
      if let norm = next, let convolution = layers[index] as? Conv2D<Scalar> {
        output = norm(output, after: convolution)
        index += 2
      } else {
        output = layers[index](output)
        index += 1
      }
    }
    return output
  }

  /// The layers without a label, so that names do not contain one.
  public var customMirror: Mirror { Mirror(self, unlabeledChildren: layers.map { $0 as Any }) }
}

/// What may stand between the braces of `Sequential`: layers, and lists of them.
@resultBuilder
public enum LayerBuilder<Scalar: TensorScalar> {
  /// A layer.
  public static func buildExpression(_ layer: any Layer<Scalar>) -> [any Layer<Scalar>] { [layer] }
  /// A list of layers.
  public static func buildExpression(_ layers: [any Layer<Scalar>]) -> [any Layer<Scalar>] { layers }
  /// Layers one after another.
  public static func buildBlock(_ parts: [any Layer<Scalar>]...) -> [any Layer<Scalar>] { parts.flatMap(\.self) }
  /// Those of an `if` without `else`.
  public static func buildOptional(_ part: [any Layer<Scalar>]?) -> [any Layer<Scalar>] { part ?? [] }
  /// Those of an `if` or a first `case`.
  public static func buildEither(first part: [any Layer<Scalar>]) -> [any Layer<Scalar>] { part }
  /// Those of an `else` or another `case`.
  public static func buildEither(second part: [any Layer<Scalar>]) -> [any Layer<Scalar>] { part }
  /// Those of a `for`.
  public static func buildArray(_ parts: [[any Layer<Scalar>]]) -> [any Layer<Scalar>] { parts.flatMap(\.self) }
}
