import Tensor

/// Chooses the pairs or triplets of a batch that a `PairLoss` learns from.
public protocol Miner {
  /// The choice, from the distances between all samples.
  func mine(_ batch: BatchDistances) -> Mined
}

/// The Euclidean distances from the normalised embeddings of a batch to those that it is compared with, and which of these are of a
/// sample's class.
public struct BatchDistances: Sendable {
  /// The number of samples that the batch is compared with.
  public let otherCount: Int
  private let isPositive: [Bool]
  private let places: [Int?]
  private let distances: [Double]

  /// Takes distances `[batch, batch]` and labels `[batch]`; traps where they do not fit.
  public init<Scalar: TensorScalar>(_ distances: Tensor<Scalar>, _ labels: Labels) {
    self.init(
      distances, isPositive: labels.unsqueezed(1) .== labels.unsqueezed(0), places: Array(0..<labels.count))
  }

  /// Takes distances and whether two samples have a class in common, both `[batch, others]`, and each sample's own place among the
  /// others; traps where they do not fit.
  public init<Scalar: TensorScalar>(_ distances: Tensor<Scalar>, isPositive: Tensor<Bool>, places: [Int?]) {
    require(
      distances.rank == 2 && isPositive.shape == distances.shape && places.count == distances.shape[0],
      "BatchDistances: distances \(distances.shape), positives \(isPositive.shape) and \(places.count) places are not "
        + "[batch, others], the same, and [batch]")
    (otherCount, self.isPositive, self.places) = (distances.shape[1], isPositive.scalars, places)
    self.distances = distances.scalars.map { Double($0) }
  }

  /// The number of samples.
  public var count: Int { places.count }

  /// Whether the batch is compared with itself, so that the distance between any two samples is known.
  public var isOfOneBatch: Bool { places.indices.allSatisfy { places[$0] == $0 } && otherCount == count }

  /// The distance from a sample to one of the others.
  public subscript(_ a: Int, _ b: Int) -> Double { distances[a * otherCount + b] }

  /// The others of a sample's class, without the sample itself.
  public func positives(of anchor: Int) -> [Int] {
    (0..<otherCount).filter { $0 != places[anchor] && isPositive[anchor * otherCount + $0] }
  }

  /// The others of other classes.
  ///
  /// A sample without a class is no negative of itself.
  public func negatives(of anchor: Int) -> [Int] {
    (0..<otherCount).filter { $0 != places[anchor] && !isPositive[anchor * otherCount + $0] }
  }
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
