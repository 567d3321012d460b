import ClassTree
import Tensor

/// The samples of a batch, the anchors, and the samples that they are compared with: the batch itself, or others.
///
/// Two samples are a positive pair where they are of the same class or, of several classes each, have one in common.
public struct PairBatch<Scalar: TensorScalar> {
  /// The embeddings of the batch, `[batch, dimensions]`.
  public let anchors: Tensor<Scalar>
  /// What the anchors are compared with, `[others, dimensions]`.
  public let others: Tensor<Scalar>
  /// For each anchor its own place among the others, which is no pair; nil where it has none.
  public let places: [Int?]
  private let classes: Classes
  private let isOfOneBatch: Bool

  private enum Classes {
    case one(Labels, others: Labels)
    case several(Memberships, others: Memberships)
  }

  /// A batch that is compared with itself, `[batch, dimensions]` with labels `[batch]`; traps where these do not fit, naming
  /// the loss that it is for.
  public init(_ embeddings: Tensor<Scalar>, labels: Labels, for loss: String = "PairBatch") {
    PairBatch.check(embeddings, labels.shape, loss)
    self.init(embeddings, .one(labels, others: labels))
  }

  /// A batch of samples that may have several classes, `[batch, dimensions]`, which is compared with itself; traps where these do not
  /// fit, naming the loss that it is for.
  public init(_ embeddings: Tensor<Scalar>, memberships: Memberships, for loss: String = "PairBatch") {
    PairBatch.check(embeddings, [memberships.count], loss)
    self.init(embeddings, .several(memberships, others: memberships))
  }

  /// A batch that is compared with other samples, `[others, dimensions]` with labels `[others]`.
  ///
  /// `places` say where among them the anchors themselves are, nil for one that is not there. Traps where the shapes do not fit.
  public init(
    _ embeddings: Tensor<Scalar>, labels: Labels, others: Tensor<Scalar>, otherLabels: Labels, places: [Int?]
  ) {
    PairBatch.check(embeddings, labels.shape, "PairBatch")
    PairBatch.check(others, otherLabels.shape, "PairBatch, others")
    require(
      embeddings.shape[1] == others.shape[1] && places.count == labels.count,
      "PairBatch: embeddings \(embeddings.shape) with \(places.count) places do not fit others \(others.shape)")
    (anchors, self.others, self.places) = (embeddings, others, places)
    (classes, isOfOneBatch) = (.one(labels, others: otherLabels), false)
  }

  private init(_ embeddings: Tensor<Scalar>, _ classes: Classes) {
    (anchors, others, places) = (embeddings, embeddings, Array(0..<embeddings.shape[0]))
    (self.classes, isOfOneBatch) = (classes, true)
  }

  private static func check(_ embeddings: Tensor<Scalar>, _ labels: [Int], _ name: String) {
    require(
      embeddings.rank == 2 && labels == [embeddings.shape[0]],
      "\(name): embeddings \(embeddings.shape) and labels \(labels) are not [batch, dimensions] and [batch]")
  }

  /// The number of anchors.
  public var count: Int { anchors.shape[0] }

  /// The classes of the batch, `[batch]`; traps where samples have several.
  public var labels: Labels {
    guard let labels = singleLabels else {
      trap(
        "PairBatch.labels: the samples may have several classes, and this loss needs the class of each", file: #fileID,
        line: #line)
    }
    return labels
  }

  /// The same, nil where samples may have several.
  private var singleLabels: Labels? {
    if case .one(let labels, _) = classes { labels } else { nil }
  }

  /// For each anchor and each of the others whether they are of one class, `[batch, others]`; so is an anchor with itself, unless it has no
  /// class.
  public var isPositive: Tensor<Bool> {
    switch classes {
    case .one(let own, let others): own.unsqueezed(1) .== others.unsqueezed(0)
    case .several(let own, let others): own.sharesClass(with: others)
    }
  }

  /// How much the classes of each anchor and each of the others overlap, `[batch, others]`: Jaccard's index, which is 1 or 0 where each has one
  /// class.
  public var overlaps: Tensor<Scalar> {
    switch classes {
    case .one: isPositive.cast(to: Scalar.self)
    case .several(let own, let others): own.overlaps(with: others).cast(to: Scalar.self)
    }
  }

  /// From every anchor to all others, `[batch, others]`; greater is farther, so that a similarity has its sign changed.
  public func distances(by distance: any Distance<Scalar>) -> Tensor<Scalar> {
    let matrix = matrix(by: distance)
    return distance.isSimilarity ? -matrix : matrix
  }

  /// From every anchor to all others, `[batch, others]`; greater is nearer, so that a distance has its sign changed.
  public func similarities(by distance: any Distance<Scalar>) -> Tensor<Scalar> {
    let matrix = matrix(by: distance)
    return distance.isSimilarity ? matrix : -matrix
  }

  private func matrix(by distance: any Distance<Scalar>) -> Tensor<Scalar> {
    isOfOneBatch ? distance(among: anchors) : distance(anchors, to: others)
  }

  /// What a miner chooses, by the Euclidean distances of the normalised embeddings; not recorded.
  public func mined(by miner: any Miner) -> Mined {
    withoutRecording {
      miner.mine(BatchDistances(matrix(by: LpDistance()), isPositive: isPositive, places: places))
    }
  }

  /// Terms with their anchors and the classes of the batch, for a reducer.
  public func terms(
    _ values: Tensor<Scalar>, anchors: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> LossTerms<Scalar> {
    LossTerms(values, anchors: anchors, samples: count, labels: singleLabels, file, line)
  }

  /// A term for each sample of the batch, `[batch]`, for a reducer.
  public func terms(
    ofSamples values: Tensor<Scalar>, file: StaticString = #fileID, line: UInt = #line
  ) -> LossTerms<Scalar> {
    terms(values, anchors: Array(0..<count), file: file, line: line)
  }
}
