/// The text of `--help`, made from the table of options.
enum Help {
  static let width = 80
  private static let column = 25

  static func text(_ methods: MethodList = .standard) -> String {
    var lines = wrapped(
      "Trains a small residual network to embed pictures of birds so that pictures of one species lie close "
        + "together, with hierarchical proxy losses (HPL) and the losses they build on, and measures retrieval on "
        + "species that it never saw. Without options it uses an embedded data set and takes a few minutes.",
      width: width)
    lines = ["Usage: \(Program.name) [command] [options]", ""] + lines + ["", "Commands:"]
    for command in Command.allCases {
      lines += entry("  \(command.rawValue)\(command.takesFolder ? " DIR" : "")", command.help)
    }
    for group in OptionSpecification.Group.allCases {
      lines += ["", "\(group.rawValue):"]
      for option in OptionSpecification.all(methods) where option.group == group { lines += entry(option) }
    }
    lines += ["", "Examples:"] + examples
    lines += ["", "A value follows its option after a space or an equals sign: --epochs=5."]
    lines += ["Exit status: 0 done, 1 the run failed, 2 the command line is wrong."]
    return lines.joined(separator: "\n") + "\n"
  }

  private static let examples = [
    "  \(Program.name) --method proxy-anchor,hpl-pa --seeds 3",
    "      the paper's main comparison on the embedded birds, over three seeds",
    "  \(Program.name) --data CUB_200_2011 --levels 1.0,clusters:20:0.1 --epochs 60",
    "      every method on CUB-200-2011, with 20 coarse proxies",
    "  \(Program.name) compare --output runs/table",
    "      the table of losses; given again, it goes on where it stopped",
    "  \(Program.name) sweep --over coarse --values 2,4,8,12",
    "      retrieval by the number of coarse proxies",
    "  \(Program.name) tsne --checkpoint a/last.safetensors --checkpoint b/last.safetensors",
    "      the embeddings of two models side by side",
    "  \(Program.name) search --query bird.jpg --data photos --checkpoint last.safetensors",
    "      the pictures of a folder that are nearest to one",
    "  \(Program.name) --method hpl-pa --levels 1.0,clusters:20:0.1,clusters:5:0.05",
    "      three levels: classes, 20 groups of classes, 5 groups of groups",
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
