import Tensor

/// A learned vector for each of a number of things, such as words or classes.
public final class Embedding<Scalar: TensorScalar>: Module {
  /// `[count, dimensions]`, initialised with a standard normal distribution, as in PyTorch.
  public let weight: Parameter<Scalar>
  private let paddingIndex: Int?

  /// Makes an embedding of `count` things; the one with the padding index, if given, stands for nothing: its vector starts at zero and
  /// gets no gradient.
  ///
  /// Traps for a padding index outside `0..<count`.
  public init(
    _ count: Int, dimensions: Int, paddingIndex: Int? = nil, using generator: inout RandomGenerator,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      paddingIndex.map((0..<count).contains) ?? true, "Embedding: no padding \(paddingIndex!) among \(count)",
      file: file, line: line)
    weight = Parameter(.normal([count, dimensions], using: &generator))
    self.paddingIndex = paddingIndex
    if let paddingIndex { weight.update(rows: Labels([paddingIndex]), .zeros([1, dimensions])) }
  }

  /// The vectors for some indices of any shape: `indices.shape + [dimensions]`.
  ///
  /// Indices may repeat; their gradients add up. Traps for an index outside `0..<count`.
  public func callAsFunction(_ indices: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Scalar>
  {
    let vectors = weight.value.take(indices, file: file, line: line)
    guard let paddingIndex else { return vectors }
    return Tensor.where((indices .== Tensor(paddingIndex)).unsqueezed(indices.rank), vectors.detached, vectors)
  }
}
