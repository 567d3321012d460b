import Foundation
import NN

/// The learning rate over the epochs, as `--schedule` writes it.
enum ScheduleSpecification: Equatable, Sendable, CustomStringConvertible {
  /// Rises over the first epoch, then falls along half a cosine to 0.
  case cosine
  case constant
  /// Multiplied by the factor after every so many epochs.
  case step(every: Int, factor: Double)

  static let grammar = "cosine, constant or step:EPOCHS:FACTOR, as in step:10:0.5"

  init(_ text: String) throws(InvalidValue) {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    switch (fields[0], fields.count) {
    case ("cosine", 1): self = .cosine
    case ("constant", 1): self = .constant
    case ("step", 3):
      guard let every = Int(fields[1]), (1...100_000).contains(every) else {
        throw InvalidValue("'\(fields[1])' is not a number of epochs; the form is \(Self.grammar)")
      }
      guard let factor = Double(fields[2]), factor.isFinite, factor > 0 else {
        throw InvalidValue("'\(fields[2])' is not a factor above 0; the form is \(Self.grammar)")
      }
      self = .step(every: every, factor: factor)
    default: throw InvalidValue("the form is \(Self.grammar)")
    }
  }

  var description: String {
    switch self {
    case .cosine: "cosine"
    case .constant: "constant"
    case .step(let every, let factor): "step:\(every):\(factor)"
    }
  }

  /// The factor over the steps of a run.
  func schedule(epochs: Int, stepsPerEpoch steps: Int) -> Schedule {
    switch self {
    case .cosine: Schedule.cosine(over: max(1, (epochs - 1) * steps)).warmingUp(over: steps)
    case .constant: Schedule.constant
    case .step(let every, let factor): Schedule.step(every: every * steps, factor: factor)
    }
  }
}

/// Stored as it is written.
extension ScheduleSpecification: Codable {
  init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
