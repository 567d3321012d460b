/// The text of `--help` and `help`, made from the commands and their options.
enum Help {
  static let width = 80
  private static let column = 25

  /// The help of one command with its options, or of the program.
  static func text(_ methods: MethodList = .standard, command: (any Command.Type)? = nil) -> String {
    let lines = command.map { text(of: $0, methods) } ?? overview
    let footer = wrapped(
      "Exit status: 0 done, 1 the run failed, 2 the command line is wrong; 130, 143 or 129 stopped by SIGINT, SIGTERM or "
        + "SIGHUP, 141 nobody read the output.", width: width)
    return (lines + [""] + footer).joined(separator: "\n") + "\n"
  }

  private static var overview: [String] {
    var lines = ["Usage: \(Program.name) [command] [options]", ""]
    lines += wrapped(
      "Trains a small residual network to embed pictures of birds so that pictures of one species lie close "
        + "together, with hierarchical proxy losses (HPL) and the losses they build on, and measures retrieval on "
        + "species that it never saw. Without options it uses an embedded data set and takes a few minutes.",
      width: width)
    lines += ["", "Commands:"]
    for command in Commands.all { lines += entry("  \(command.usage)", command.summary) }
    lines += entry("  help COMMAND", "print the options of a command, as COMMAND --help does")
    lines += entry("  --version", "print the version")
    lines += [""]
    lines += wrapped(
      "Without a command it trains: the options are those of \(TrainCommand.word), which "
        + "\(Program.name) help \(TrainCommand.word) lists.", width: width)
    return lines + examples(Commands.all.flatMap { $0.examples })
  }

  private static func text(of command: any Command.Type, _ methods: MethodList) -> [String] {
    let groups = command.groups(methods)
    var lines = ["Usage: \(Program.name) \(command.usage)\(groups.isEmpty ? "" : " [options]")", ""]
    lines += wrapped(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".", width: width)
    var headings: [String] = []
    for group in groups where !headings.contains(type(of: group).heading) { headings.append(type(of: group).heading) }
    for heading in headings {
      let options = groups.filter { type(of: $0).heading == heading }.flatMap(\.options)
      lines += ["", "\(heading):"] + options.flatMap(entry)
    }
    lines += examples(command.examples)
    return groups.isEmpty
      ? lines : lines + ["", "A value follows its option after a space or an equals sign: --threads=2."]
  }

  private static func examples(_ examples: [CommandExample]) -> [String] {
    ["", "Examples:"] + examples.flatMap { ["  \(Program.name) \($0.arguments)", "      \($0.meaning)"] }
  }

  private static func entry(_ option: any AnyOption) -> [String] {
    let name = "  " + ([option.name] + [option.placeholder].compactMap { $0 }).joined(separator: " ")
    return entry(name, option.help + (option.standardWords.map { " [\($0)]" } ?? ""))
  }

  private static func entry(_ name: String, _ words: String) -> [String] {
    let text = wrapped(words, width: width - column)
    let margin = String(repeating: " ", count: column)
    let isShort = name.count + 1 < column
    let first =
      isShort ? [name + String(repeating: " ", count: column - name.count) + text[0]] : [name, margin + text[0]]
    return first + text.dropFirst().map { margin + $0 }
  }
}

/// Breaks a text at spaces into lines of at most `width` characters; a longer word gets a line of its own.
func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(separator: " ") {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += line.isEmpty ? String(word) : " \(word)"
  }
  return lines + [line]
}
