/// What the person asked the program to do.
enum Invocation: Sendable {
  /// The help, of one command or of all.
  case help((any Command.Type)?)
  case version
  case run(any Command)

  /// The word that asks for help.
  static let help = "help"
  /// What is answered whatever else is typed.
  static let answers = ["--help", "--version"]

  /// Reads the command line, the program's name first; `--help`, the word `help` and `--version` win over everything else.
  ///
  /// Throws `UsageError`, and where there is a `--config`, what reading it throws.
  init(_ commandLine: [String], methods: MethodList = .standard) throws {
    let arguments = Array(commandLine.dropFirst())
    var rest = arguments[...]
    var word = Self.word(&rest)
    var asksForHelp = arguments.contains("--help") || arguments.contains("-h")
    if word == Self.help {
      asksForHelp = true
      word = Self.word(&rest)
    }
    let command = try word.map(Self.command)
    if asksForHelp {
      self = .help(command)
    } else if arguments.contains("--version") {
      self = .version
    } else {
      let command = command ?? TrainCommand.self
      var given = Given(methods: methods)
      given.commandLine = commandLine
      if let operand = command.operand {
        given.operand = Self.word(&rest)
        while operand.hasSuffix("…"), let word = Self.word(&rest) { given.operands.append(word) }
      }
      given.values = try OptionParser.parse(Array(rest), for: command, methods: methods)
      self = .run(try Self.make(command, given))
    }
  }

  /// Makes a command, where it trains with the options of `--config` too.
  private static func make(_ command: any Command.Type, _ given: Given) throws -> any Command {
    guard let path = given.config, let kind = ExperimentKind(rawValue: command.word) else {
      return try command.init(given)
    }
    var given = given
    try SettingsFile.apply(path, to: &given, for: kind)
    do {
      return try command.init(given)
    } catch UsageError.conflict(let reason) {
      throw UsageError.conflict("\(reason) (with the options of \(path))")
    }
  }

  /// Takes the next argument, if it is no option.
  private static func word(_ rest: inout ArraySlice<String>) -> String? {
    guard let word = rest.first, !word.hasPrefix("-") else { return nil }
    return rest.removeFirst()
  }

  private static func command(_ word: String) throws(UsageError) -> any Command.Type {
    if let command = Commands.all.first(where: { $0.word == word }) { return command }
    throw .unknownCommand(word, suggestion: nearest(to: word, among: Commands.all.map { $0.word } + [help]))
  }
}
