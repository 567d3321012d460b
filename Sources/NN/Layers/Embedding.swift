import Tensor

/// A learned vector for each of a number of things, such as words or classes.
public final class Embedding<Scalar: TensorScalar>: Module {
  /// `[count, dimensions]`, initialised with a standard normal distribution, as in PyTorch.
  public let weight: Parameter<Scalar>

  /// Makes an embedding of `count` things.
  public init(_ count: Int, dimensions: Int, using generator: inout RandomGenerator) {
    weight = Parameter(.normal([count, dimensions], using: &generator))
  }

  /// The vectors for some indices of any shape: `indices.shape + [dimensions]`.
  ///
  /// Indices may repeat; their gradients add up. Traps for an index outside `0..<count`.
  public func callAsFunction(_ indices: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Scalar>
  {
    weight.value.take(indices, file: file, line: line)
  }
}
