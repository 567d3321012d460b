import Foundation
import Tensor

extension Schedule {
  /// Multiplied by `factor` after every count (PyTorch's `ExponentialLR`).
  public static func exponential(factor: Double) -> Schedule { Schedule { pow(factor, Double($0)) } }

  /// Falls from 1 to 0 over `total` counts as a power of what is left of them, then 0 (PyTorch's `PolynomialLR`).
  ///
  /// Traps unless the total is at least 1.
  public static func polynomial(
    over total: Int, power: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(total >= 1, "Schedule.polynomial: a total of \(total) is less than 1", file: file, line: line)
    return Schedule { count in pow(1 - Double(min(count, total)) / Double(total), power) }
  }

  /// Half a cosine from 1 to `floor` over `period` counts, then again from 1, each time `stretch` times as long (PyTorch's
  /// `CosineAnnealingWarmRestarts`; Loshchilov and Hutter, 2017).
  ///
  /// Traps unless period and stretch are at least 1.
  public static func cosineRestarts(
    every period: Int, stretch: Int = 1, floor: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(
      period >= 1 && stretch >= 1,
      "Schedule.cosineRestarts: a period of \(period) or a stretch of \(stretch) is less than 1", file: file, line: line
    )
    return Schedule { count in
      var (position, length) = (stretch == 1 ? count % period : count, period)
      while position >= length {
        position -= length
        length *= stretch
      }
      return floor + (1 - floor) * (1 + cos(.pi * Double(position) / Double(length))) / 2
    }
  }

  /// What a phase of `oneCycle` goes along.
  public enum Curve: Sendable {
    /// Half a cosine.
    case cosine
    /// A straight line.
    case linear

    fileprivate func value(from start: Double, to end: Double, at share: Double) -> Double {
      switch self {
      case .cosine: end + (start - end) / 2 * (1 + cos(.pi * share))
      case .linear: start + (end - start) * share
      }
    }
  }

  /// Rises from `start` to 1 over the first `rise` of `total` counts and falls to `end` over the others (PyTorch's `OneCycleLR`; Smith
  /// and Topin, 2018): the group's learning rate is the greatest.
  ///
  /// With `isSymmetric` it falls back to `start` as slowly as it rose, and then to `end`. PyTorch's `div_factor` is `1 / start`, its
  /// `final_div_factor` `start / end`; the momentum stays as it is. Traps unless the total is at least 1 and `rise` from 0 to 1.
  public static func oneCycle(
    over total: Int, rise: Double = 0.3, start: Double = 1.0 / 25, end: Double = 1.0 / 250_000, curve: Curve = .cosine,
    isSymmetric: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(
      total >= 1 && (0...1).contains(rise),
      "Schedule.oneCycle: a total of \(total) is less than 1, or a rise of \(rise) not from 0 to 1", file: file,
      line: line)
    let top = rise * Double(total) - 1
    var phases = [(top, start, 1.0)]
    if isSymmetric { phases.append((2 * rise * Double(total) - 2, 1, start)) }
    phases.append((Double(total - 1), isSymmetric ? start : 1, end))
    return Schedule { [phases] count in
      var begin = 0.0
      let count = Double(min(count, total - 1))
      for (finish, from, to) in phases {
        if count <= finish {
          return finish == begin ? to : curve.value(from: from, to: to, at: (count - begin) / (finish - begin))
        }
        begin = finish
      }
      return end
    }
  }

  /// One schedule after the other, each from its start: the next begins at a milestone (PyTorch's `SequentialLR`).
  ///
  /// Traps unless there is one milestone fewer than schedules, and they ascend.
  public static func sequential(
    _ schedules: [Schedule], milestones: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    require(
      milestones.count == schedules.count - 1 && zip(milestones, milestones.dropFirst()).allSatisfy { $0 < $1 },
      "Schedule.sequential: \(milestones) are not the milestones between \(schedules.count) schedules", file: file,
      line: line)
    return Schedule { count in
      let index = milestones.count { $0 <= count }
      return schedules[index].factor(at: index == 0 ? count : count - milestones[index - 1])
    }
  }
}
