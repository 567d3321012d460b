import Tensor

/// The dot product of two embeddings as they are; pytorch-metric-learning's normalises them, which makes it the cosine.
public struct DotProductSimilarity<Scalar: TensorScalar>: Distance {
  /// Makes the similarity.
  public init() {}

  /// It is a similarity.
  public var isSimilarity: Bool { true }

  /// The dot products, `[m, n]`.
  public func callAsFunction(_ rows: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar> {
    rows.matmul(others.transposed())
  }
}
