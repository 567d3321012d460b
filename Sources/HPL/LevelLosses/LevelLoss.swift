import Tensor

/// A loss that compares the samples of a batch whose classes stand in levels: a ranking that puts near relatives before far ones.
public protocol LevelLoss<Scalar> {
  /// The scalar type of the embeddings.
  associatedtype Scalar: TensorScalar

  /// The loss of a batch, a single number.
  ///
  /// `embeddings` are `[batch, dimensions]`; `levels` name each sample's class and, on each coarser level, its group, each
  /// `[batch]`, classes first.
  func callAsFunction(_ embeddings: Tensor<Scalar>, levels: [Labels]) -> Tensor<Scalar>
}

/// Traps unless there are embeddings `[batch, dimensions]` and, on at least one level, labels `[batch]`.
func requireLevels<Scalar: TensorScalar>(_ embeddings: Tensor<Scalar>, _ levels: [Labels], _ name: StaticString) {
  require(
    embeddings.rank == 2 && !levels.isEmpty && levels.allSatisfy { $0.shape == [embeddings.shape[0]] },
    "\(name): embeddings \(embeddings.shape) and levels \(levels.map(\.shape)) are not [batch, dimensions] and at least one [batch]"
  )
}
