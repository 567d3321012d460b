import Tensor
import Vision

/// What an option may hold: it can be written as on the command line, stored in files and compared.
protocol OptionValue: Codable, Equatable, Sendable {
  /// As the command line has it behind the option's name; nil for nothing.
  var spelling: String? { get }

  /// What JSON has for it in a file of settings.
  static var form: OptionForm { get }

  /// What stands for "not said"; nil where something always stands there.
  static var absent: Self? { get }
}

/// What JSON has for an option's value.
enum OptionForm: String, Sendable {
  case flag = "true or false"
  case number = "a number"
  case text = "a text"
}

extension OptionValue {
  static var form: OptionForm { .text }
  static var absent: Self? { nil }
}

extension OptionValue where Self: RawRepresentable<String> {
  var spelling: String? { rawValue }
}

extension OptionValue where Self: CustomStringConvertible {
  var spelling: String? { description }
}

extension Int: OptionValue { static var form: OptionForm { .number } }
extension UInt64: OptionValue { static var form: OptionForm { .number } }
extension Double: OptionValue { static var form: OptionForm { .number } }
extension Bool: OptionValue {
  static var form: OptionForm { .flag }
  /// A flag that is not said is off.
  static var absent: Bool? { false }
}
extension String: OptionValue {}
extension Augmentation: OptionValue {}
extension ClassSplit: OptionValue {}
extension DatasetKind: OptionValue {}
extension LevelSpecification: OptionValue {}
extension MinerKind: OptionValue {}
extension Precision: OptionValue {}
extension Recipe: OptionValue {}
extension ScheduleSpecification: OptionValue {}
extension Split: OptionValue {}
extension Sweep.Parameter: OptionValue {}
extension ValidationClasses: OptionValue {}

/// Lists have commas between their parts.
extension Array: OptionValue where Element: OptionValue {
  var spelling: String? { compactMap(\.spelling).joined(separator: ",") }
}

extension Optional: OptionValue where Wrapped: OptionValue {
  var spelling: String? { self?.spelling }
  static var form: OptionForm { Wrapped.form }
  static var absent: Self? { .some(nil) }
}
