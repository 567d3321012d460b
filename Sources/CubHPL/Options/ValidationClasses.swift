/// How many of the training classes are held out to choose the epoch by: `0.1` is a share of them, `10` a number.
enum ValidationClasses: Equatable, Sendable, CustomStringConvertible {
  case share(Double)
  case count(Int)

  static let none = ValidationClasses.count(0)

  init(_ text: String) throws(InvalidValue) {
    if let count = Int(text), count >= 0 {
      self = .count(count)
    } else if let share = Double(text), share > 0, share < 1 {
      self = .share(share)
    } else {
      throw InvalidValue("must be a number of classes, or a share between 0 and 1")
    }
  }

  var description: String {
    switch self {
    case .share(let share): "\(share)"
    case .count(let count): "\(count)"
    }
  }

  /// The classes held out of `classes`, spread evenly over them.
  ///
  /// Throws `UsageError` unless two classes are left on either side.
  func heldOut(of classes: Int) throws(UsageError) -> [Int] {
    let count =
      switch self {
      case .count(let count): count
      case .share(let share): Int((share * Double(classes)).rounded())
      }
    if self == .none { return [] }
    guard count >= 2, classes - count >= 2 else {
      throw .conflict(
        "--validation-classes \(self) holds out \(count) of \(classes) training classes: at least 2 must be held out and 2 left"
      )
    }
    return (0..<classes).filter { ($0 + 1) * count / classes > $0 * count / classes }
  }
}

/// Stored as it is written.
extension ValidationClasses: Codable {
  init(from decoder: any Decoder) throws { try self.init(decoder.singleValueContainer().decode(String.self)) }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
