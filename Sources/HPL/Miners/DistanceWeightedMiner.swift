import Foundation
import Tensor

/// For each positive pair a negative that is drawn so that all distances are equally likely (Wu et al., ICCV 2017).
///
/// On a sphere in n dimensions, distances pile up at √2. A negative at distance d has the weight `d^{2−n}·(1 − d²/4)^{(3−n)/2}`, with
/// d at least `least`; beyond `most`, where a margin loss would be 0, it is never drawn.
public final class DistanceWeightedMiner: Miner {
  private let dimensions: Int
  private let least: Double
  private let most: Double
  private var generator: RandomGenerator

  /// Makes the miner for embeddings of a length; it draws from a generator of its own that is split off.
  public init(dimensions: Int, least: Double = 0.5, most: Double = 1.4, using generator: inout RandomGenerator) {
    (self.dimensions, self.least, self.most) = (dimensions, least, most)
    self.generator = generator.split()
  }

  /// A triplet for each positive pair whose anchor has a negative within reach.
  public func mine(_ batch: BatchDistances) -> Mined {
    var triplets: [Triplet] = []
    for anchor in 0..<batch.count {
      let negatives = batch.negatives(of: anchor).filter { batch[anchor, $0] < most }
      let logWeights = negatives.map { logWeight(batch[anchor, $0]) }
      guard let largest = logWeights.max() else { continue }
      let sums = logWeights.reduce(into: [Double]()) { $0.append(($0.last ?? 0) + exp($1 - largest)) }
      for positive in batch.positives(of: anchor) {
        let draw = generator.uniform() * sums[sums.count - 1]
        let chosen = sums.firstIndex { draw < $0 } ?? sums.count - 1
        triplets.append(Triplet(anchor: anchor, positive: positive, negative: negatives[chosen]))
      }
    }
    return .triplets(triplets)
  }

  /// The logarithm of the inverse density of a distance.
  private func logWeight(_ distance: Double) -> Double {
    let (d, n) = (max(distance, least), Double(dimensions))
    return (2 - n) * log(d) - (n - 3) / 2 * log(max(1 - d * d / 4, 1e-8))
  }
}
