import Tensor

/// Which side of a weight counts for the scale of its initial values.
public enum Fan: Sendable {
  /// The number of inputs of an output: keeps the forward pass's variance.
  case `in`
  /// The number of outputs that an input feeds: keeps the backward pass's variance.
  case out
}

/// Where weights start, as PyTorch's `torch.nn.init` has it; `truncatedNormal`, `normal` and `uniform` are `Tensor`'s own.
///
/// Shapes are `[out, in, …]`: what follows counts for both fans.
extension Tensor where Scalar: TensorScalar {
  /// Normal with deviation `gain / √fan` (He et al., 2015); the gain for ReLU is √2.
  ///
  /// Traps for a shape with fewer than two axes.
  public static func kaimingNormal(
    _ shape: [Int], fan: Fan, gain: Scalar = Scalar(2).squareRoot(), using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let fan = fans("kaimingNormal", shape, file, line)[fan]
    return .normal(shape, deviation: gain / Scalar(fan).squareRoot(), using: &generator)
  }

  /// Uniform in ±`gain · √(3 / fan)` (He et al., 2015), which has the deviation of `kaimingNormal`.
  ///
  /// Traps for a shape with fewer than two axes.
  public static func kaimingUniform(
    _ shape: [Int], fan: Fan, gain: Scalar = Scalar(2).squareRoot(), using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let fan = fans("kaimingUniform", shape, file, line)[fan]
    return .uniform(shape, deviation: gain / Scalar(fan).squareRoot(), using: &generator)
  }

  /// Normal with deviation `gain · √(2 / (fan-in + fan-out))` (Glorot and Bengio, 2010); the gain for tanh is 5/3.
  ///
  /// Traps for a shape with fewer than two axes.
  public static func xavierNormal(
    _ shape: [Int], gain: Scalar = 1, using generator: inout RandomGenerator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let fans = fans("xavierNormal", shape, file, line)
    return .normal(shape, deviation: gain * (2 / Scalar(fans.in + fans.out)).squareRoot(), using: &generator)
  }

  /// Uniform in ±`gain · √(6 / (fan-in + fan-out))` (Glorot and Bengio, 2010), which has the deviation of `xavierNormal`.
  ///
  /// Traps for a shape with fewer than two axes.
  public static func xavierUniform(
    _ shape: [Int], gain: Scalar = 1, using generator: inout RandomGenerator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let fans = fans("xavierUniform", shape, file, line)
    return .uniform(shape, deviation: gain * (2 / Scalar(fans.in + fans.out)).squareRoot(), using: &generator)
  }

  /// A random matrix, `[out, …]`, whose rows are orthonormal, or its columns where there are fewer of them, times a gain (Saxe et al.,
  /// 2014).
  ///
  /// Traps for a shape with fewer than two axes.
  public static func orthogonal(
    _ shape: [Int], gain: Scalar = 1, using generator: inout RandomGenerator, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    require(shape.count >= 2, "orthogonal: shape \(shape) has no rows and columns", file: file, line: line)
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    guard rows > 0, columns > 0 else { return .zeros(shape) }
    return withoutRecording {
      let (q, r) = Tensor.normal([Swift.max(rows, columns), Swift.min(rows, columns)], using: &generator).qr()
      // The signs make every orthogonal matrix as likely as another (Mezzadri, 2007).
      let signed = q * sign(r.diagonal()) * gain
      return (rows < columns ? signed.transposed() : signed).reshaped(shape)
    }
  }

  /// Uniform in ±1/√fan-in, PyTorch's default for linear layers and convolutions.
  ///
  /// For a bias, `fanIn` is that of its weight.
  public static func scaledUniform(_ shape: [Int], fanIn: Int, using generator: inout RandomGenerator) -> Tensor {
    let bound = 1 / Scalar(fanIn).squareRoot()
    return .uniform(shape, in: -bound..<bound, using: &generator)
  }

  private static func uniform(
    _ shape: [Int], deviation: Scalar, using generator: inout RandomGenerator
  ) -> Tensor {
    let bound = deviation * Scalar(3).squareRoot()
    return .uniform(shape, in: -bound..<bound, using: &generator)
  }

  private static func fans(_ name: StaticString, _ shape: [Int], _ file: StaticString, _ line: UInt) -> Fans {
    require(shape.count >= 2, "\(name): shape \(shape) has no fan", file: file, line: line)
    let window = shape.dropFirst(2).reduce(1, *)
    return Fans(in: shape[1] * window, out: shape[0] * window)
  }
}

/// Both fans of a weight.
private struct Fans {
  let `in`: Int
  let out: Int

  subscript(fan: Fan) -> Int { fan == .in ? self.in : out }
}
