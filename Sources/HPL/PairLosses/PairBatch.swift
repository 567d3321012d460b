import Tensor

/// The samples of a batch, the anchors, and the samples that they are compared with: the batch itself, or others.
public struct PairBatch<Scalar: TensorScalar> {
  /// The embeddings of the batch, `[batch, dimensions]`.
  public let anchors: Tensor<Scalar>
  /// The classes of the batch, `[batch]`.
  public let labels: Labels
  /// What the anchors are compared with, `[others, dimensions]`.
  public let others: Tensor<Scalar>
  /// The classes of these, `[others]`.
  public let otherLabels: Labels
  /// For each anchor its own place among the others, which is no pair; nil where it has none.
  public let places: [Int?]
  private let isOfOneBatch: Bool

  /// A batch that is compared with itself, `[batch, dimensions]` with labels `[batch]`; traps where these do not fit, naming
  /// the loss that it is for.
  public init(_ embeddings: Tensor<Scalar>, labels: Labels, for loss: String = "PairBatch") {
    PairBatch.check(embeddings, labels, loss)
    (anchors, self.labels) = (embeddings, labels)
    (others, otherLabels, places) = (embeddings, labels, Array(0..<labels.count))
    isOfOneBatch = true
  }

  /// A batch that is compared with other samples, `[others, dimensions]` with labels `[others]`.
  ///
  /// `places` say where among them the anchors themselves are, nil for one that is not there. Traps where the shapes do not fit.
  public init(
    _ embeddings: Tensor<Scalar>, labels: Labels, others: Tensor<Scalar>, otherLabels: Labels, places: [Int?]
  ) {
    PairBatch.check(embeddings, labels, "PairBatch")
    PairBatch.check(others, otherLabels, "PairBatch, others")
    require(
      embeddings.shape[1] == others.shape[1] && places.count == labels.count,
      "PairBatch: embeddings \(embeddings.shape) with \(places.count) places do not fit others \(others.shape)")
    (anchors, self.labels) = (embeddings, labels)
    (self.others, self.otherLabels, self.places) = (others, otherLabels, places)
    isOfOneBatch = false
  }

  private static func check(_ embeddings: Tensor<Scalar>, _ labels: Labels, _ name: String) {
    require(
      embeddings.rank == 2 && labels.shape == [embeddings.shape[0]],
      "\(name): embeddings \(embeddings.shape) and labels \(labels.shape) are not [batch, dimensions] and [batch]")
  }

  /// The number of anchors.
  public var count: Int { labels.count }

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
      let distances = matrix(by: LpDistance())
      return miner.mine(BatchDistances(distances, labels, otherLabels: otherLabels, places: places))
    }
  }

  /// Terms with their anchors and the classes of the batch, for a reducer.
  public func terms(
    _ values: Tensor<Scalar>, anchors: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> LossTerms<Scalar> {
    LossTerms(values, anchors: anchors, labels: labels, file: file, line: line)
  }
}
