/// One option: how it is written, what the help says and what it does to `Options`.
struct OptionSpecification: Sendable {
  /// A heading of the help.
  enum Group: String, CaseIterable, Sendable {
    case data = "Data"
    case method = "Method"
    case training = "Training"
    case sweep = "Sweep"
    case models = "Trained models"
    case run = "Run"
    case other = "Other"
  }

  let name: String
  /// The name of the value in the help; nil for a flag.
  let placeholder: String?
  let group: Group
  let help: String
  /// What happens without the option, as the help says it; nil when the help text already does.
  let standard: String?
  /// Whether it may be given several times.
  var isRepeatable = false
  /// The commands that take it.
  var commands = Command.training
  /// What a method must have for the option to mean something to it; nil where every method has it.
  var needs: MethodPart?
  let apply: @Sendable (inout Options, String) throws(InvalidValue) -> Void
}

extension OptionSpecification {
  /// The same for other commands than those that train.
  func taken(by commands: [Command]) -> Self {
    var option = self
    option.commands = commands
    return option
  }

  /// The same for some methods only.
  func needing(_ part: MethodPart) -> Self {
    var option = self
    option.needs = part
    return option
  }

  typealias Key<Value> = WritableKeyPath<Options, Value> & Sendable

  static func flag(_ name: String, _ key: any Key<Bool>, _ group: Group, _ help: String) -> Self {
    Self(name: name, placeholder: nil, group: group, help: help, standard: nil) { options, _ in
      options[keyPath: key] = true
    }
  }

  static func text(
    _ name: String, _ placeholder: String, _ key: any Key<String?>, _ group: Group, _ help: String, standard: String?
  ) -> Self {
    Self(name: name, placeholder: placeholder, group: group, help: help, standard: standard) {
      (options, value) throws(InvalidValue) in
      guard !value.isEmpty else { throw InvalidValue("must not be empty") }
      options[keyPath: key] = value
    }
  }

  static func integer<Number: FixedWidthInteger & Sendable>(
    _ name: String, _ key: any Key<Number?>, in range: ClosedRange<Number>, _ group: Group, _ help: String,
    standard: String
  ) -> Self {
    Self(name: name, placeholder: "N", group: group, help: help, standard: standard) {
      (options, value) throws(InvalidValue) in
      guard let number = Number(value) else {
        throw InvalidValue("must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
      guard number >= range.lowerBound else { throw InvalidValue("must be at least \(range.lowerBound)") }
      guard number <= range.upperBound else { throw InvalidValue("must be at most \(range.upperBound)") }
      options[keyPath: key] = number
    }
  }

  static func positive(
    _ name: String, _ key: any Key<Double?>, _ group: Group, _ help: String, standard: String
  ) -> Self {
    Self(name: name, placeholder: "X", group: group, help: help, standard: standard) {
      (options, value) throws(InvalidValue) in
      guard let number = Double(value), number.isFinite, number > 0 else {
        throw InvalidValue("must be a number above 0")
      }
      options[keyPath: key] = number
    }
  }

  static func value<Value>(
    _ name: String, _ placeholder: String, _ key: any Key<Value?>, _ group: Group, _ help: String, standard: String?,
    _ read: @escaping @Sendable (String) throws(InvalidValue) -> Value
  ) -> Self {
    Self(name: name, placeholder: placeholder, group: group, help: help, standard: standard) {
      (options, value) throws(InvalidValue) in options[keyPath: key] = try read(value)
    }
  }

  /// An answer that `Invocation` gives before any option is read; listed here for the help and the suggestions.
  static func answer(_ name: String, _ help: String) -> Self {
    Self(name: name, placeholder: nil, group: .other, help: help, standard: nil, commands: Command.allCases) { _, _ in }
  }
}
