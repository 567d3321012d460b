/// What is wrong with one option's value; the parser adds which option it was.
struct InvalidValue: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// A command line that cannot be understood.
enum UsageError: Error, Equatable, CustomStringConvertible {
  case unknownOption(String, of: String, suggestion: String?)
  case unknownCommand(String, suggestion: String?)
  case unexpectedArgument(String)
  case missingValue(option: String, placeholder: String)
  case unexpectedValue(option: String)
  case repeated(option: String)
  case invalidValue(option: String, value: String, reason: String)
  case otherCommand(option: String, command: String, takers: [String])
  case becameCommand(option: String, command: String)
  case conflict(String)

  var description: String {
    switch self {
    case .unknownOption(let option, _, let suggestion?): "unknown option \(option); did you mean \(suggestion)?"
    case .unknownOption(let option, let command, nil):
      "unknown option \(option); \(Program.name) \(command) --help lists the options"
    case .unknownCommand(let word, let suggestion?): "unknown command '\(word)'; did you mean \(suggestion)?"
    case .unknownCommand(let word, nil):
      "unknown command '\(word)'; there are \(Commands.all.map { $0.word }.joined(separator: ", ")), see --help"
    case .unexpectedArgument(let text): "unexpected argument '\(text)'; options start with --, see --help"
    case .missingValue(let option, let placeholder): "\(option) needs a value: \(option) \(placeholder)"
    case .unexpectedValue(let option): "\(option) takes no value but 'false', which turns it off"
    case .repeated(let option): "\(option) is given twice"
    case .invalidValue(let option, let value, let reason): "\(option) '\(value)': \(reason)"
    case .otherCommand(let option, let command, let takers):
      "\(option) belongs to the \(takers.count == 1 ? "command" : "commands") "
        + (takers.dropLast().joined(separator: ", ") + " and " + takers.last!).trimmingPrefix(" and ")
        + "; \(Program.name) \(command) --help lists the options of \(command)"
    case .becameCommand(let option, let command):
      "\(option) is no option but a command: \(Program.name) \(command)"
    case .conflict(let reason): reason
    }
  }
}
