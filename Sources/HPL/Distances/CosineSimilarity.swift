import Tensor

/// The cosine of the angle between two embeddings.
public struct CosineSimilarity<Scalar: TensorScalar>: Distance {
  /// Makes the similarity.
  public init() {}

  /// It is a similarity.
  public var isSimilarity: Bool { true }

  /// The cosines, `[m, n]`.
  public func callAsFunction(_ rows: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar> {
    rows.cosineSimilarities(to: others)
  }
}
