/// Reads `--name value` and `--name=value` by the table of options, of which each command takes its own.
enum OptionParser {
  static func parse(
    _ arguments: [String], for command: Command = .train, methods: MethodList = .standard
  ) throws(UsageError) -> Options {
    var options = Options()
    let known = OptionSpecification.all(methods)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-"), argument != "-" else { throw .unexpectedArgument(argument) }
      let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let specification = try find(halves[0], in: known)
      guard specification.commands.contains(command) else {
        throw .otherCommand(option: specification.name, command: command, takers: specification.commands)
      }
      guard options.given.insert(specification.name).inserted || specification.isRepeatable else {
        throw .repeated(option: specification.name)
      }
      let attached = halves.count == 2 ? halves[1] : nil
      let value = try takeValue(of: specification, attached: attached, from: &rest)
      do {
        try specification.apply(&options, value)
      } catch {
        throw .invalidValue(option: specification.name, value: value, reason: error.reason)
      }
    }
    return options
  }

  private static func find(_ name: String, in known: [OptionSpecification]) throws(UsageError) -> OptionSpecification {
    if let found = known.first(where: { $0.name == name }) { return found }
    throw .unknownOption(name, suggestion: nearest(to: name, among: known.map(\.name)))
  }

  private static func takeValue(
    of specification: OptionSpecification, attached: String?, from rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    guard let placeholder = specification.placeholder else {
      if attached != nil { throw .unexpectedValue(option: specification.name) }
      return ""
    }
    if let attached { return attached }
    guard let next = rest.first, !next.hasPrefix("--") else {
      throw .missingValue(option: specification.name, placeholder: placeholder)
    }
    rest.removeFirst()
    return next
  }
}
