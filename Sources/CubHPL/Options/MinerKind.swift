import HPL
import Tensor

/// How pair losses choose what to learn from in a batch.
enum MinerKind: String, CaseIterable, Codable, Sendable {
  case all
  case hard
  case semiHard = "semi-hard"
  case batchHard = "batch-hard"
  case distanceWeighted = "distance-weighted"
  case multiSimilarity = "multi-similarity"
  case easyPositive = "easy-positive"
  case angular
  case pairMargin = "pair-margin"

  /// The margin of the miners and of the triplet loss.
  static let margin = 0.2

  /// Makes the miner for embeddings of a length; only the distance-weighted one draws numbers.
  func makeMiner(dimensions: Int, using generator: inout RandomGenerator) -> any Miner {
    switch self {
    case .all: AllMiner()
    case .hard: TripletMarginMiner(.hard, margin: Self.margin)
    case .semiHard: TripletMarginMiner(.semiHard, margin: Self.margin)
    case .batchHard: BatchHardMiner()
    case .distanceWeighted: DistanceWeightedMiner(dimensions: dimensions, using: &generator)
    case .multiSimilarity: MultiSimilarityMiner()
    case .easyPositive: BatchEasyHardMiner()
    case .angular: AngularMiner()
    case .pairMargin: PairMarginMiner()
    }
  }
}
