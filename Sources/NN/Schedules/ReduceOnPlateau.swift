import Tensor

/// A learning-rate factor that falls when a measure has stopped to get better (PyTorch's `ReduceLROnPlateau`).
///
/// ```swift
/// var plateau = ReduceOnPlateau(factor: 0.5, patience: 3)
/// // after each epoch:
/// optimizer.learningRateFactor = plateau.factor(after: validationLoss)
/// ```
///
/// A value, and `Codable`: keep it with the optimizer's state to go on later.
public struct ReduceOnPlateau: Codable, Sendable {
  /// What is better.
  public enum Goal: String, Codable, Sendable {
    /// Less, as of a loss.
    case minimum
    /// More, as of an accuracy.
    case maximum
  }

  /// By how much a measure must be better than the best one to count.
  public enum Threshold: Codable, Sendable, Equatable {
    /// By a share of the best.
    case relative(Double)
    /// By a number.
    case absolute(Double)
  }

  /// What is better.
  public let goal: Goal
  /// What the learning rate is multiplied by.
  public let reduction: Double
  /// How many counts in a row without a better measure are endured.
  public let patience: Int
  /// By how much a measure must be better to count.
  public let threshold: Threshold
  /// For how many counts after a reduction nothing is counted.
  public let cooldown: Int
  /// The least factor.
  public let floor: Double
  /// A reduction of the factor by no more than this is left out.
  public let epsilon: Double
  /// The factor now, 1 at first.
  public private(set) var factor = 1.0
  /// The best measure so far; nil before the first one that is a number.
  public private(set) var best: Double?
  private var badCounts = 0
  private var coolingDown = 0

  /// Starts with a factor of 1; PyTorch's `min_lr` and `eps` are `floor` and `epsilon` times the learning rate.
  ///
  /// Traps unless the factor is less than 1.
  public init(
    _ goal: Goal = .minimum, factor: Double = 0.1, patience: Int = 10, threshold: Threshold = .relative(1e-4),
    cooldown: Int = 0, floor: Double = 0, epsilon: Double = 1e-8, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(factor < 1, "ReduceOnPlateau: a factor of \(factor) is not less than 1", file: file, line: line)
    (self.goal, reduction, self.patience, self.threshold) = (goal, factor, patience, threshold)
    (self.cooldown, self.floor, self.epsilon) = (cooldown, floor, epsilon)
  }

  /// The factor after another measure.
  public mutating func factor(after measure: Double) -> Double {
    badCounts += 1
    if isBetter(measure) {
      best = measure
      badCounts = 0
    }
    if coolingDown > 0 {
      coolingDown -= 1
      badCounts = 0
    }
    if badCounts > patience {
      let reduced = max(factor * reduction, floor)
      if factor - reduced > epsilon { factor = reduced }
      coolingDown = cooldown
      badCounts = 0
    }
    return factor
  }

  private func isBetter(_ measure: Double) -> Bool {
    guard let best else { return measure.isFinite }
    return switch (goal, threshold) {
    case (.minimum, .relative(let share)): measure < best * (1 - share)
    case (.minimum, .absolute(let number)): measure < best - number
    case (.maximum, .relative(let share)): measure > best * (1 + share)
    case (.maximum, .absolute(let number)): measure > best + number
    }
  }
}
