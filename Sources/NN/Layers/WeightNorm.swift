import Tensor

/// A layer whose weight is a direction times a magnitude for each place along its first axis, which of most layers are the outputs (Salimans and
/// Kingma, 2016).
///
/// One thread at a time may call it, because it lends the layer its weight.
/// The layer's own weight becomes the direction, `layer.weight`, and counts by its direction only; the magnitudes are those that it had.
public final class WeightNorm<Scalar: TensorScalar>: Layer {
  /// The length of the weight at each place of the first axis, `[places, 1, …]`.
  public let magnitude: Parameter<Scalar>
  /// The layer, with its weight's direction.
  public let layer: any Layer<Scalar>
  private let direction: Parameter<Scalar>

  /// Normalises the parameter of a layer that is called `weight`, or as given.
  ///
  /// Traps where the layer has no such parameter.
  public init(
    _ layer: any Layer<Scalar>, name: String = "weight", file: StaticString = #fileID, line: UInt = #line
  ) {
    self.layer = layer
    direction = requireParameter("WeightNorm", of: layer, name, file, line)
    magnitude = Parameter(lengths(of: direction.value.detached))
  }

  /// The layer's output with the weight of these lengths.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let value = direction.value
    return Parameter.substituting([value * (magnitude.value / lengths(of: value))], for: [direction]) { layer(input) }
  }
}

/// A layer whose weight is divided by its greatest singular value (Miyato et al., 2018), as estimated by one step of the power method for each call while training.
///
/// The weight counts as a matrix with a row for each output. One thread at a time may call it, because it lends the layer its weight.
public final class SpectralNorm<Scalar: TensorScalar>: Layer {
  /// The layer, with its weight before the division.
  public let layer: any Layer<Scalar>
  /// The estimate's left singular vector, `[outputs]`.
  public let u: Parameter<Scalar>
  /// The estimate's right singular vector, `[inputs · …]`.
  public let v: Parameter<Scalar>
  /// Whether the estimate goes on.
  public let mode = Mode()
  private let weight: Parameter<Scalar>
  private let outputAxis: Int
  private let epsilon: Scalar

  /// Divides the parameter of a layer that is called `weight`, or as given; begins with 15 steps of the power method.
  ///
  /// Traps where the layer has no such parameter.
  public init(
    _ layer: any Layer<Scalar>, name: String = "weight", epsilon: Scalar = 1e-12,
    using generator: inout RandomGenerator, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.layer = layer
    self.epsilon = epsilon
    weight = requireParameter("SpectralNorm", of: layer, name, file, line)
    outputAxis = layer is TransposedConvolution<Scalar> ? 1 : 0
    let matrix = rows(of: weight.value.detached, along: outputAxis)
    u = Parameter(
      Tensor.normal([matrix.shape[0]], using: &generator).normalized(along: 0, epsilon: epsilon), role: .statistic)
    v = Parameter(
      Tensor.normal([matrix.shape[1]], using: &generator).normalized(along: 0, epsilon: epsilon), role: .statistic)
    for _ in 0..<15 { improve(matrix) }
  }

  /// The layer's output with the divided weight.
  public func callAsFunction(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
    let value = weight.value
    let matrix = rows(of: value, along: outputAxis)
    let (left, right) = replayed {
      if mode.isTraining { improve(matrix.detached) }
      return (u.value, v.value)
    }
    let greatest = left.dot(matrix.matmul(right))
    return Parameter.substituting([value / greatest], for: [weight]) { layer(input) }
  }

  private func improve(_ matrix: Tensor<Scalar>) {
    withoutRecording {
      u.update(matrix.matmul(v.value).normalized(along: 0, epsilon: epsilon))
      v.update(matrix.transposed().matmul(u.value).normalized(along: 0, epsilon: epsilon))
    }
  }
}

/// The lengths at each place of the first axis, with axes of size one for the others.
private func lengths<Scalar: TensorScalar>(of weight: Tensor<Scalar>) -> Tensor<Scalar> {
  sqrt(square(weight).sum(along: Array(1..<weight.rank), keepsAxes: true))
}

private func rows<Scalar: TensorScalar>(of weight: Tensor<Scalar>, along axis: Int) -> Tensor<Scalar> {
  weight.movingAxis(axis, to: 0).reshaped([weight.shape[axis], weight.count / weight.shape[axis]])
}

private func requireParameter<Scalar: TensorScalar>(
  _ name: StaticString, of layer: any Layer<Scalar>, _ wanted: String, _ file: StaticString, _ line: UInt
) -> Parameter<Scalar> {
  let all = layer.parameters
  guard let found = all.first(where: { $0.name == wanted })?.parameter, found.shape.count >= 2 else {
    trap("\(name): no matrix is called '\(wanted)' among \(all.map(\.name))", file: file, line: line)
  }
  return found
}
