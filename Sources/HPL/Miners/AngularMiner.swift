import Foundation
import Tensor

/// The triplets whose negative sees anchor and positive under a large angle (Wang et al., ICCV 2017, angular loss).
///
/// With the middle c of anchor and positive, the angle is `arctan(‖a − p‖ / (2‖n − c‖))`.
public struct AngularMiner: Miner, Sendable {
  /// What the angle must exceed, in radians, at least 0 and less than π/2; traps for another.
  public var angle: Double { didSet { AngularMiner.check(angle, #fileID, #line) } }

  /// Makes the miner; the default, 20°, is that of pytorch-metric-learning.
  ///
  /// Traps for an angle that no triplet can exceed, as one in degrees.
  public init(angle: Double = 20 * .pi / 180, file: StaticString = #fileID, line: UInt = #line) {
    AngularMiner.check(angle, file, line)
    self.angle = angle
  }

  private static func check(_ angle: Double, _ file: StaticString, _ line: UInt) {
    require(
      (0..<Double.pi / 2).contains(angle),
      "AngularMiner: the angle \(angle) is not in radians, at least 0 and less than π/2", file: file, line: line)
  }

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
