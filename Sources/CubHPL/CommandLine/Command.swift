/// What the program does, named by the word before the options.
///
/// A command owns its options and refuses others.
protocol Command: Sendable {
  /// How it is typed.
  static var word: String { get }
  /// What follows the word; nil for nothing, and with `…` at the end for one or more.
  static var operand: String? { get }
  /// One line for the help.
  static var summary: String { get }
  static var examples: [CommandExample] { get }

  /// Its options, in the order of the help.
  static func groups(_ methods: MethodList) -> [any OptionGroup]

  /// Takes what was typed and holds the options against each other, without a look at any file.
  init(_ given: Given) throws(UsageError)

  /// Does it, and prints what the person asked for.
  func run() throws
}

/// A command line for the help.
struct CommandExample: Sendable {
  /// What follows the program's name.
  let arguments: String
  let meaning: String
}

extension Command {
  static var operand: String? { nil }

  static func options(_ methods: MethodList) -> [any AnyOption] { groups(methods).flatMap(\.options) }

  /// The word with what follows it.
  static var usage: String { [word, operand].compactMap(\.self).joined(separator: " ") }
}

/// The commands, in the order of the help.
enum Commands {
  static let all: [any Command.Type] = [
    TrainCommand.self, CompareCommand.self, SweepCommand.self, ProjectionCommand.self, EmbedCommand.self,
    SearchCommand.self, IndexCommand.self, AddCommand.self, RemoveCommand.self, ClassifyCommand.self,
    InspectCommand.self, ReportCommand.self, ExportCommand.self,
  ]

  /// Those that take an option.
  static func taking(_ option: String, _ methods: MethodList) -> [any Command.Type] {
    all.filter { $0.options(methods).contains { $0.name == option } }
  }
}
