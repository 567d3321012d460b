import ClassTree
import Tensor

/// A loss that compares the samples of a batch with one another.
///
/// A loss of your own that is written with a `PairBatch` is a `ReferencePairLoss`, which can do more.
public protocol PairLoss<Scalar> {
  /// The scalar type of the embeddings.
  associatedtype Scalar: TensorScalar

  /// Whether a batch may as well be compared with other samples; a `ReferencePairLoss` says so, unless it is made of losses that do not.
  var takesReferences: Bool { get }

  /// The loss of a batch, a single number; 0 where there is nothing to compare.
  ///
  /// `embeddings` are `[batch, dimensions]`, and are normalised where the loss or its distance does so; `labels` are classes, `[batch]`.
  func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar>
}

/// A loss on pairs that may as well compare a batch with other samples, such as those of a `CrossBatchMemory`.
///
/// Choose pairs or triplets with a `Miner`, compute terms from their distances, and leave the rest to a `Reducer`:
///
/// ```swift
/// struct LogisticTriplets<Scalar: TensorScalar>: ReferencePairLoss {
///   func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar> {
///     let triplets = batch.mined(by: AllMiner()).triplets
///     let distances = batch.distances(by: LpDistance())
///     let near = distances.elements(at: triplets.map { ($0.anchor, $0.positive) })
///     let far = distances.elements(at: triplets.map { ($0.anchor, $0.negative) })
///     return MeanReducer()(batch.terms(softplus(near - far), anchors: triplets.map(\.anchor)))
///   }
/// }
/// ```
public protocol ReferencePairLoss<Scalar>: PairLoss {
  /// The loss of a batch and what it is compared with, a single number; 0 where there is nothing to compare.
  func callAsFunction(_ batch: PairBatch<Scalar>) -> Tensor<Scalar>
}

extension PairLoss {
  /// No: a batch is compared with itself alone.
  public var takesReferences: Bool { false }

  /// The loss of a batch and what it is compared with; traps where this loss compares a batch with itself alone.
  func value(of batch: PairBatch<Scalar>) -> Tensor<Scalar> {
    guard let loss = self as? any ReferencePairLoss<Scalar> else {
      trap("\(Self.self) compares a batch with itself alone", file: #fileID, line: #line)
    }
    return loss(batch)
  }
}

extension ReferencePairLoss {
  /// Yes.
  public var takesReferences: Bool { true }

  /// The loss of a batch that is compared with itself, `[batch, dimensions]` with labels `[batch]`.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, labels: Labels) -> Tensor<Scalar> {
    self(PairBatch(embeddings, labels: labels, for: "\(Self.self)"))
  }

  /// The loss of a batch of samples that may have several classes, `[batch, dimensions]`, which is compared with itself: pairs with a class
  /// in common are positive, all others negative.
  ///
  /// Traps where the loss or its reducer needs the one class of a sample, as a `MarginLoss` with a boundary for each class does.
  public func callAsFunction(_ embeddings: Tensor<Scalar>, memberships: Memberships) -> Tensor<Scalar> {
    self(PairBatch(embeddings, memberships: memberships, for: "\(Self.self)"))
  }
}
