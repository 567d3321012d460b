/// The text of `--help` and `help`, made from the table of options.
enum Help {
  static let width = 80
  private static let column = 25

  /// The help of one command with its own options, or of the program with all.
  static func text(_ methods: MethodList = .standard, command: Command? = nil) -> String {
    let options = OptionSpecification.all(methods).filter { command.map($0.commands.contains) ?? true }
    var lines = command.map(introduction) ?? introduction
    for group in OptionSpecification.Group.allCases {
      let entries = options.filter { $0.group == group }.flatMap(entry)
      if !entries.isEmpty { lines += ["", "\(group.rawValue):"] + entries }
    }
    lines += ["", "Examples:"]
    for example in examples where command == nil || command == example.command {
      lines += ["  \(Program.name) \(example.arguments)", "      \(example.meaning)"]
    }
    lines += ["", "A value follows its option after a space or an equals sign: --epochs=5.", ""]
    lines += wrapped(
      "Exit status: 0 done, 1 the run failed, 2 the command line is wrong; 130, 143 or 129 stopped by SIGINT, SIGTERM or "
        + "SIGHUP, 141 nobody read the output.", width: width)
    return lines.joined(separator: "\n") + "\n"
  }

  private static var introduction: [String] {
    var lines = ["Usage: \(Program.name) [command] [options]", ""]
    lines += wrapped(
      "Trains a small residual network to embed pictures of birds so that pictures of one species lie close "
        + "together, with hierarchical proxy losses (HPL) and the losses they build on, and measures retrieval on "
        + "species that it never saw. Without options it uses an embedded data set and takes a few minutes.",
      width: width)
    lines += ["", "Commands:"]
    for command in Command.allCases { lines += entry("  \(words(command))", command.help) }
    return lines + entry("  help [command]", "print this text, or the options of one command alone")
  }

  private static func introduction(_ command: Command) -> [String] {
    let help = command.help.prefix(1).uppercased() + command.help.dropFirst() + "."
    return ["Usage: \(Program.name) \(words(command)) [options]", ""] + wrapped(help, width: width)
  }

  private static func words(_ command: Command) -> String { command.rawValue + (command.takesFolder ? " DIR" : "") }

  private static let examples: [(command: Command, arguments: String, meaning: String)] = [
    (
      .train, "--method proxy-anchor,hpl-pa --seeds 3",
      "the paper's main comparison on the embedded birds, over three seeds"
    ),
    (
      .train, "--data CUB_200_2011 --levels 1.0,clusters:20:0.1 --epochs 60",
      "every method on CUB-200-2011, with 20 coarse proxies"
    ),
    (
      .train, "--method hpl-pa --levels 1.0,clusters:20:0.1,clusters:5:0.05",
      "three levels: classes, 20 groups of classes, 5 groups of groups"
    ),
    (.compare, "compare --output runs/table", "the table of losses; given again, it goes on where it stopped"),
    (.sweep, "sweep --over coarse --values 2,4,8,12", "retrieval by the number of coarse proxies"),
    (
      .tsne, "tsne --checkpoint a/last.safetensors --checkpoint b/last.safetensors",
      "the embeddings of two models side by side"
    ),
    (
      .embed, "embed photos --checkpoint last.safetensors --output photos.npy",
      "the embeddings of a folder's pictures for other programs"
    ),
    (
      .search, "search --query bird.jpg --data photos --checkpoint last.safetensors",
      "the pictures of a folder that are nearest to one"
    ),
    (.inspect, "inspect --checkpoint last.safetensors", "what is in a checkpoint"),
  ]

  private static func entry(_ option: OptionSpecification) -> [String] {
    let name = "  " + ([option.name] + [option.placeholder].compactMap { $0 }).joined(separator: " ")
    return entry(name, option.help + (option.standard.map { " [\($0)]" } ?? ""))
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
