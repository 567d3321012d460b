import Tensor

/// The mean cosine of a vector to its nearest other one: drives them apart (Zhao et al., CVPR 2019).
public struct RegularFaceRegularizer<Scalar: TensorScalar>: Regularizer {
  /// Makes the regulariser.
  public init() {}

  /// The mean of the greatest cosines; 0 of a single vector, which has no other.
  public func callAsFunction(_ vectors: Tensor<Scalar>) -> Tensor<Scalar> {
    let count = vectors.shape[0]
    guard count > 1 else { return vectors.sum() * 0 }
    let cosines = vectors.cosineSimilarities(to: vectors)
    return cosines.pick(cosines.detached.masked(Labels.range(count), by: -.infinity).argmax(along: 1)).mean()
  }
}
