import Foundation
import Tensor

/// The triplets whose negative sees anchor and positive under a large angle (Wang et al., ICCV 2017, angular loss).
///
/// With the middle c of anchor and positive, the angle is `arctan(‖a − p‖ / (2‖n − c‖))`.
public struct AngularMiner: Miner, Sendable {
  /// What the angle must exceed, in radians.
  public var angle: Double

  /// Makes the miner; the default, 20°, is that of pytorch-metric-learning.
  public init(angle: Double = 20 * .pi / 180) { self.angle = angle }

  /// The triplets, ordered by anchor, positive and negative; traps unless the batch is compared with itself, because the distance
  /// from a positive to a negative is asked for.
  public func mine(_ batch: BatchDistances) -> Mined {
    require(batch.isOfOneBatch, "AngularMiner: it chooses from a batch that is compared with itself")
    return .triplets(
      AllMiner().mine(batch).triplets.filter {
        let sides = (batch[$0.anchor, $0.negative], batch[$0.positive, $0.negative], batch[$0.anchor, $0.positive])
        // The median of a triangle.
        let squared = (sides.0 * sides.0 + sides.1 * sides.1) / 2 - sides.2 * sides.2 / 4
        return atan2(sides.2, 2 * max(squared, 0).squareRoot()) > angle
      })
  }
}
