import Tensor

/// Chooses the pairs or triplets of a batch that a `PairLoss` learns from.
public protocol Miner {
  /// The choice, from the distances between all samples.
  func mine(_ batch: BatchDistances) -> Mined
}

/// The Euclidean distances from the normalised embeddings of a batch to those that it is compared with, and the classes.
public struct BatchDistances: Sendable {
  /// Each sample's class.
  public let labels: [Int]
  /// The class of each sample that the batch is compared with.
  public let otherLabels: [Int]
  private let places: [Int?]
  private let distances: [Double]

  /// Takes distances `[batch, batch]` and labels `[batch]`; traps where they do not fit.
  public init<Scalar: TensorScalar>(_ distances: Tensor<Scalar>, _ labels: Labels) {
    self.init(distances, labels, otherLabels: labels, places: Array(0..<labels.count))
  }

  /// Takes distances `[batch, others]`, labels `[batch]` and `[others]`, and each sample's own place among the others; traps
  /// where they do not fit.
  public init<Scalar: TensorScalar>(
    _ distances: Tensor<Scalar>, _ labels: Labels, otherLabels: Labels, places: [Int?]
  ) {
    require(
      distances.shape == [labels.count, otherLabels.count] && places.count == labels.count,
      "BatchDistances: distances \(distances.shape), labels \(labels.shape) and \(otherLabels.shape) are not [batch, others], "
        + "[batch] and [others]")
    (self.labels, self.otherLabels, self.places) = (labels.scalars, otherLabels.scalars, places)
    self.distances = distances.scalars.map { Double($0) }
  }

  /// The number of samples.
  public var count: Int { labels.count }

  /// Whether the batch is compared with itself, so that the distance between any two samples is known.
  public var isOfOneBatch: Bool { places.indices.allSatisfy { places[$0] == $0 } && otherLabels.count == labels.count }

  /// The distance from a sample to one of the others.
  public subscript(_ a: Int, _ b: Int) -> Double { distances[a * otherLabels.count + b] }

  /// The others of a sample's class, without the sample itself.
  public func positives(of anchor: Int) -> [Int] {
    otherLabels.indices.filter { $0 != places[anchor] && otherLabels[$0] == labels[anchor] }
  }

  /// The others of other classes.
  public func negatives(of anchor: Int) -> [Int] { otherLabels.indices.filter { otherLabels[$0] != labels[anchor] } }
}

/// An anchor, a sample of its class and one of another, by their places in the batch.
public struct Triplet: Hashable, Sendable {
  /// The sample that the others are compared with.
  public let anchor: Int
  /// Another sample of its class.
  public let positive: Int
  /// A sample of another class.
  public let negative: Int

  /// Makes a triplet.
  public init(anchor: Int, positive: Int, negative: Int) {
    (self.anchor, self.positive, self.negative) = (anchor, positive, negative)
  }
}

/// What a miner chose: pairs or triplets, each of which can be seen as the other.
public enum Mined: Sendable {
  /// Pairs of places in the batch.
  case pairs(positives: [(row: Int, column: Int)], negatives: [(row: Int, column: Int)])
  /// Triplets of places in the batch.
  case triplets([Triplet])

  /// The pairs themselves, or the triplets' distinct pairs of an anchor with a positive and with a negative.
  public var pairs: (positives: [(row: Int, column: Int)], negatives: [(row: Int, column: Int)]) {
    switch self {
    case .pairs(let positives, let negatives): (positives, negatives)
    case .triplets(let triplets):
      (
        Mined.distinct(triplets.map { ($0.anchor, $0.positive) }),
        Mined.distinct(triplets.map { ($0.anchor, $0.negative) })
      )
    }
  }

  /// The triplets themselves, or every positive pair with every negative pair of the same anchor.
  public var triplets: [Triplet] {
    switch self {
    case .triplets(let triplets): return triplets
    case .pairs(let positives, let negatives):
      let negatives = Dictionary(grouping: negatives, by: \.row)
      return positives.flatMap { positive in
        (negatives[positive.row] ?? []).map {
          Triplet(anchor: positive.row, positive: positive.column, negative: $0.column)
        }
      }
    }
  }

  private static func distinct(_ pairs: [(row: Int, column: Int)]) -> [(row: Int, column: Int)] {
    var seen: Set<[Int]> = []
    return pairs.filter { seen.insert([$0.row, $0.column]).inserted }
  }
}
