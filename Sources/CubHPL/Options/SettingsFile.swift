import Foundation
import TensorFiles

/// What a file of settings says that cannot be, with the key where it stands.
struct SettingsFileError: Error, Equatable, CustomStringConvertible {
  let file: String
  let key: String
  let problem: String

  var description: String { "\(file): \(key): \(problem)" }
}

/// The options of an experiment as one file in its folder, from which it can be repeated and varied.
struct SettingsFile: Encodable {
  /// What the folder of an experiment calls it.
  static let name = "settings.json"

  private enum Key: String, CodingKey, CaseIterable {
    case checksum, command, version
    /// What was typed, or set in the file that this one started from.
    case set
    /// What stood in the place of the other options.
    case defaulted
  }

  private let kind: ExperimentKind
  private let values: Values
  private let given: Set<String>

  init(_ plan: ExperimentPlan) {
    (kind, given) = (plan.settings.command, plan.given.values.names)
    var values = plan.settings.values
    for option in Self.options(of: kind, plan.methods) where option.key == nil {
      option.resolve(plan.given, into: &values)
    }
    self.values = values
  }

  /// All but what says where one experiment lies and came from.
  private static func options(of kind: ExperimentKind, _ methods: MethodList) -> [any AnyOption] {
    TrainingOptions.all(of: kind, methods).filter { !isOfOneExperiment($0.name) }
  }

  private static func isOfOneExperiment(_ name: String) -> Bool {
    [TrainingOptions.run.output.name, TrainingOptions.run.config.name].contains(name)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .command)
    try container.encode(Program.version, forKey: .version)
    var set = container.nestedContainer(keyedBy: TextKey.self, forKey: .set)
    var defaulted = container.nestedContainer(keyedBy: TextKey.self, forKey: .defaulted)
    for option in Self.options(of: kind, .standard) {
      guard let spelling = option.spelling(in: values) else { continue }
      func encode(to container: inout KeyedEncodingContainer<TextKey>) throws {
        let key = TextKey(stringValue: String(option.name.dropFirst(2)))
        if option.form == .text {
          try container.encode(spelling, forKey: key)
        } else {
          try option.encode(values, to: &container, as: key)
        }
      }
      try given.contains(option.name) ? encode(to: &set) : encode(to: &defaulted)
    }
  }

  /// Reads a file for a command: what is set there counts as given, and what was a default there is one again.
  ///
  /// What was typed wins. Throws `TensorFileError` where there is no JSON, or a checksum that does not fit, and
  /// `SettingsFileError` for what the command does not take.
  static func apply(_ path: String, to given: inout Given, for kind: ExperimentKind) throws {
    let text = try JSONText(contentsOf: path)
    func refuse(_ key: String, _ problem: String) -> SettingsFileError {
      SettingsFileError(file: path, key: key, problem: problem)
    }
    guard case .object(let content)? = try? JSONDecoder().decode(SettingsValue.self, from: text.data) else {
      throw refuse("the whole", "must be an object with the keys command, version, set and defaulted")
    }
    let keys = Key.allCases.map(\.rawValue)
    if let key = content.keys.sorted().first(where: { !keys.contains($0) }) {
      throw refuse(key, "is unknown; the keys are command, version, set and defaulted")
    }
    guard let command = content[Key.command.rawValue] else { throw refuse("command", "is missing") }
    guard command.form == .text, let word = command.text else {
      throw refuse("command", "must be a text, not \(command.kind)")
    }
    guard word == kind.rawValue else {
      throw refuse("command", "the file is of the command '\(word)', and this is \(kind.rawValue)")
    }
    if let version = content[Key.version.rawValue], version.text != Program.version {
      throw refuse(
        "version",
        "\(version.text ?? version.kind) is not \(Program.version); take the key out to start from it all the same")
    }
    let known = options(of: kind, given.methods)
    var seen: Set<String> = []
    for part in [Key.set, .defaulted] {
      guard let entries = content[part.rawValue] else { continue }
      guard case .object(let entries) = entries else {
        throw refuse(part.rawValue, "must be an object, not \(entries.kind)")
      }
      for (name, value) in entries.sorted(by: { $0.key < $1.key }) {
        let key = "\(part.rawValue).\(name)"
        guard !isOfOneExperiment("--\(name)") else { throw refuse(key, "is of one experiment alone: give --\(name)") }
        guard let option = known.first(where: { $0.name == "--\(name)" }) else {
          let hint = nearest(to: "--\(name)", among: known.map(\.name)).map { "; did you mean \($0.dropFirst(2))?" }
          throw refuse(key, "is no option of \(kind.rawValue)\(hint ?? "")")
        }
        guard seen.insert(name).inserted else { throw refuse(key, "stands in set as well") }
        guard value.form == option.form, let text = value.text else {
          throw refuse(key, "must be \(option.form.rawValue), not \(value.kind)")
        }
        do throws(InvalidValue) {
          var read = Values()
          try option.read(text, into: &read)
          if part == .defaulted {
            try option.read(text, into: &given.kept)
          } else if !given.values.names.contains(option.name) {
            try option.read(text, into: &given.values)
          }
        } catch {
          throw refuse(key, "'\(text)' \(error.reason)")
        }
      }
    }
  }
}

/// A value of a file of settings.
private enum SettingsValue: Decodable {
  case value(OptionForm, String)
  case object([String: SettingsValue])
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .value(.flag, "\(flag)")
    } else if let number = try? container.decode(Int.self) {
      self = .value(.number, "\(number)")
    } else if let number = try? container.decode(UInt64.self) {
      self = .value(.number, "\(number)")
    } else if let number = try? container.decode(Double.self) {
      self = .value(.number, "\(number)")
    } else if let text = try? container.decode(String.self) {
      self = .value(.text, text)
    } else if let object = try? container.decode([String: SettingsValue].self) {
      self = .object(object)
    } else {
      self = .other
    }
  }

  /// As the command line has it.
  var text: String? {
    if case .value(_, let text) = self { text } else { nil }
  }

  var form: OptionForm? {
    if case .value(let form, _) = self { form } else { nil }
  }

  /// What it is, in words.
  var kind: String {
    switch self {
    case .value(let form, _): form.rawValue
    case .object: "an object"
    case .other: "a list or nothing"
    }
  }
}
