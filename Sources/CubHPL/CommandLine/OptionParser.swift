/// Reads `--name value` and `--name=value` by the options of a command.
enum OptionParser {
  /// What was once an option, and is a command.
  private static let commands = ["--export": ExportCommand.usage]

  static func parse(
    _ arguments: [String], for command: any Command.Type, methods: MethodList
  ) throws(UsageError) -> Values {
    var values = Values()
    let known = command.options(methods)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else { throw .unexpectedArgument(argument) }
      let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let option = try find(halves[0], of: command, in: known, methods)
      guard option.isRepeatable || !values.names.contains(option.name) else { throw .repeated(option: option.name) }
      let value = try takeValue(of: option, attached: halves.count == 2 ? halves[1] : nil, from: &rest)
      do {
        try option.read(value, into: &values)
      } catch {
        throw .invalidValue(option: option.name, value: value, reason: error.reason)
      }
    }
    return values
  }

  private static func find(
    _ name: String, of command: any Command.Type, in known: [any AnyOption], _ methods: MethodList
  ) throws(UsageError) -> any AnyOption {
    if let found = known.first(where: { $0.name == name }) { return found }
    if let command = commands[name] { throw .becameCommand(option: name, command: command) }
    let takers = Commands.taking(name, methods)
    guard takers.isEmpty else {
      throw .otherCommand(option: name, command: command.word, takers: takers.map { $0.word })
    }
    throw .unknownOption(
      name, of: command.word, suggestion: nearest(to: name, among: known.map(\.name) + Invocation.answers))
  }

  private static func takeValue(
    of option: any AnyOption, attached: String?, from rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let placeholder = option.placeholder else {
      // What a file of settings has turned on can be turned off.
      guard attached == nil || attached == "false" else { throw .unexpectedValue(option: option.name) }
      return attached ?? "true"
    }
    if let attached { return attached }
    guard let next = rest.first, !next.hasPrefix("--") else {
      throw .missingValue(option: option.name, placeholder: placeholder)
    }
    rest.removeFirst()
    return next
  }
}
