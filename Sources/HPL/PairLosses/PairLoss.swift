import Tensor

/// A loss that compares the samples of a batch with one another.
///
/// It owns no parameters. To write one, choose pairs or triplets with a `Miner` and compute from their distances.
public protocol PairLoss<Scalar> {
  /// The scalar type of the embeddings.
  associatedtype Scalar: TensorScalar

  /// The loss of a batch, a single number; 0 where there is nothing to compare.
  ///
  /// `embeddings` are `[batch, dimensions]` and are normalised here; `labels` are classes, `[batch]`.
  func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar>
}

extension Tensor where Scalar: TensorScalar {
  /// The elements of a matrix at the given places, `[places.count]`.
  func elements(at places: [(row: Int, column: Int)]) -> Tensor {
    reshaped([count]).take(Tensor<Int>(places.map { $0.row * shape[1] + $0.column }))
  }

  /// The mean of a vector's elements that are not 0; 0 where all are.
  func meanOfNonZero() -> Tensor {
    let others = (detached .!= 0).scalars.count { $0 }
    return sum() / Scalar(Swift.max(others, 1))
  }

  /// The Euclidean distances between normalised rows; traps where embeddings and labels do not fit.
  func batchDistances(_ name: StaticString, _ labels: Labels) -> Tensor {
    require(
      rank == 2 && labels.shape == [shape[0]],
      "\(name): embeddings \(shape) and labels \(labels.shape) are not [batch, dimensions] and [batch]")
    let unit = normalized(along: 1)
    return unit.distances(to: unit)
  }
}
