import Foundation
import Tensor

/// A factor over steps or epochs, of a learning rate or of a weight: a function of a count that starts at 0.
///
/// ```swift
/// optimizer.learningRateFactor = Schedule.cosine(over: 100).warmingUp(over: 5).factor(at: epoch)
/// loss.coarseWeightFactor = Schedule.ramp(2..<10).factor(at: epoch)
/// ```
public struct Schedule: Sendable {
  private let function: @Sendable (Int) -> Double

  /// Makes a schedule of your own.
  public init(_ function: @escaping @Sendable (Int) -> Double) { self.function = function }

  /// The factor at a count.
  public func factor(at count: Int) -> Double { function(count) }

  /// Always 1.
  public static let constant = Schedule { _ in 1 }

  /// Multiplied by `factor` after every `period` counts (PyTorch's `StepLR`).
  ///
  /// Traps unless the period is at least 1.
  public static func step(
    every period: Int, factor: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(period >= 1, "Schedule.step: a period of \(period) is less than 1", file: file, line: line)
    return Schedule { pow(factor, Double($0 / period)) }
  }

  /// Multiplied by `factor` at each of the milestones (PyTorch's `MultiStepLR`).
  public static func steps(at milestones: [Int], factor: Double) -> Schedule {
    Schedule { count in pow(factor, Double(milestones.count { $0 <= count })) }
  }

  /// Half a cosine from 1 to `floor` over `total` counts, then `floor` (PyTorch's `CosineAnnealingLR`).
  ///
  /// Traps unless the total is at least 1.
  public static func cosine(
    over total: Int, floor: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(total >= 1, "Schedule.cosine: a total of \(total) is less than 1", file: file, line: line)
    return Schedule { count in floor + (1 - floor) * (1 + cos(.pi * Double(min(count, total)) / Double(total))) / 2 }
  }

  /// 0 up to the start of a range, then linearly up to 1 at its end, then 1.
  public static func ramp(_ range: Range<Int>) -> Schedule {
    Schedule { count in
      range.contains(count)
        ? Double(count - range.lowerBound) / Double(range.count) : count < range.lowerBound ? 0 : 1
    }
  }

  /// Rises linearly from `start` to 1 over `total` counts (PyTorch's `LinearLR`), then follows this schedule from its start.
  public func warmingUp(over total: Int, from start: Double = 0.1) -> Schedule {
    Schedule { count in
      count < total ? start + (1 - start) * Double(count) / Double(total) : factor(at: count - total)
    }
  }
}
