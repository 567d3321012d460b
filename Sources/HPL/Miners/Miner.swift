import Tensor

/// Chooses the pairs or triplets of a batch that a `PairLoss` learns from.
public protocol Miner {
  /// The choice, from the distances between all samples.
  func mine(_ batch: BatchDistances) -> Mined
}

/// The Euclidean distances between the normalised embeddings of a batch, and the classes.
public struct BatchDistances: Sendable {
  /// Each sample's class.
  public let labels: [Int]
  private let distances: [Double]

  /// Takes distances `[batch, batch]` and labels `[batch]`; traps where they do not fit.
  public init<Scalar: TensorScalar>(_ distances: Tensor<Scalar>, _ labels: Labels) {
    require(
      distances.shape == [labels.count, labels.count],
      "BatchDistances: distances \(distances.shape) and labels \(labels.shape) are not [batch, batch] and [batch]")
    self.labels = labels.scalars
    self.distances = distances.scalars.map { Double($0) }
  }

  /// The number of samples.
  public var count: Int { labels.count }

  /// The distance between two samples.
  public subscript(_ a: Int, _ b: Int) -> Double { distances[a * labels.count + b] }

  /// The other samples of a sample's class.
  public func positives(of anchor: Int) -> [Int] {
    labels.indices.filter { $0 != anchor && labels[$0] == labels[anchor] }
  }

  /// The samples of other classes.
  public func negatives(of anchor: Int) -> [Int] { labels.indices.filter { labels[$0] != labels[anchor] } }
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
