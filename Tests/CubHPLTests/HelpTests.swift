import Testing

@testable import CubHPL

@Suite struct HelpTests {
  private var lines: [Substring] { Help.text().split(separator: "\n", omittingEmptySubsequences: false) }

  @Test func helpFitsEightyColumns() {
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func helpNamesEveryOptionOnceWithItsDefault() {
    for option in OptionSpecification.all() {
      let entries = lines.filter { $0.hasPrefix("  \(option.name) ") }
      #expect(entries.count == 1, "\(option.name)")
    }
    let words = Help.text().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for option in OptionSpecification.all() {
      if let standard = option.standard { #expect(words.contains("[\(standard)]"), "\(option.name)") }
    }
  }

  /// A command's help has the options that the command takes, and no others.
  @Test(arguments: Command.allCases)
  func aCommandHasItsOwnHelp(_ command: Command) throws {
    let text = Help.text(command: command)
    let lines = text.split(separator: "\n")
    #expect(lines[0].hasPrefix("Usage: cub-hpl \(command.rawValue)"))
    for line in lines { #expect(line.count <= 80, "\(line)") }
    for option in OptionSpecification.all() {
      #expect(
        lines.contains { $0.hasPrefix("  \(option.name) ") } == option.commands.contains(command), "\(option.name)")
    }
    #expect(lines.contains { $0.hasPrefix("  cub-hpl ") }, "an example")
    #expect(Help.text(command: .inspect).split(separator: "\n").count < 20)
    for arguments in [
      ["help", command.rawValue], [command.rawValue, "--help"], [command.rawValue, "--epochs", "x", "-h"],
    ] {
      #expect(try Invocation(arguments: arguments) == .help(command))
    }
  }

  @Test func theWordHelpIsKnown() throws {
    #expect(try Invocation(arguments: ["help"]) == .help(nil))
    #expect(Help.text().contains("\n  help [command] "))
    #expect(throws: UsageError.unknownCommand("hlep", suggestion: "help")) { try Invocation(arguments: ["hlep"]) }
    #expect(throws: UsageError.unknownCommand("serch", suggestion: "search")) {
      try Invocation(arguments: ["help", "serch"])
    }
  }

  @Test func namesAreDistinct() {
    #expect(Set(OptionSpecification.all().map(\.name)).count == OptionSpecification.all().count)
  }

  @Test func theExamplesParse() throws {
    let examples = lines.filter { $0.hasPrefix("  cub-hpl ") }
    #expect(examples.count == 9)
    for example in examples {
      let words = example.split(separator: " ").dropFirst().map(String.init)
      guard case .run(let options) = try Invocation(arguments: words) else { throw CancellationError() }
      _ = try Settings(options)
    }
  }

  @Test func wrappingKeepsWordsWhole() {
    #expect(wrapped("one two three", width: 7) == ["one two", "three"])
    #expect(wrapped("extraordinary x", width: 5) == ["extraordinary", "x"])
    #expect(wrapped("", width: 5) == [""])
  }
}
