import Testing
import _TestSupport

@testable import CubHPL

@Suite struct HelpTests {
  private static let words = Commands.all.map { $0.word }

  private static func command(_ word: String) -> any Command.Type { Commands.all.first { $0.word == word }! }

  @Test func helpFitsEightyColumns() {
    for command in [nil] + Commands.all.map(Optional.init) {
      for line in Help.text(command: command).split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  /// A command's help has the options that the command takes, each once and with its default, and no others.
  @Test(arguments: words)
  func aCommandHasItsOwnHelp(_ word: String) throws {
    let command = Self.command(word)
    let text = Help.text(command: command)
    let lines = text.split(separator: "\n")
    #expect(lines[0] == "Usage: cub-hpl \(command.usage) [options]" || command.groups(.standard).isEmpty)
    let own = command.options(.standard)
    for option in Commands.all.flatMap({ $0.options(.standard) }) {
      let entries = lines.count { $0.hasPrefix("  \(option.name) ") || $0 == "  \(option.name)" }
      expectEqual(entries, (own.contains { $0.name == option.name } ? 1 : 0), "\(option.name)")
    }
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for option in own {
      if let standard = option.standardWords { #expect(words.contains("[\(standard)]"), "\(option.name)") }
    }
    for arguments in [["help", word], [word, "--help"], [word, "--epochs", "x", "-h"]] {
      guard case .help(let asked?) = try Invocation(["cub-hpl"] + arguments) else { throw CancellationError() }
      expectEqual(asked.word, word)
    }
  }

  @Test func theWordHelpIsKnown() throws {
    guard case .help(nil) = try Invocation(["cub-hpl", "help"]) else { throw CancellationError() }
    #expect(throws: UsageError.unknownCommand("hlep", suggestion: "help")) { try Invocation(["cub-hpl", "hlep"]) }
    #expect(throws: UsageError.unknownCommand("serch", suggestion: "search")) {
      try Invocation(["cub-hpl", "help", "serch"])
    }
  }

  @Test func namesAndKeysAreDistinct() {
    for command in Commands.all {
      let options = command.options(.standard)
      expectEqual(Set(options.map(\.name)).count, options.count)
      expectEqual(Set(options.compactMap(\.key)).count, options.compactMap(\.key).count)
    }
    expectEqual(Set(Self.words).count, 13)
  }

  @Test func theExamplesParse() throws {
    let examples = Commands.all.flatMap { $0.examples }
    expectEqual(examples.count, 16)
    for example in examples {
      guard case .run = try Invocation(["cub-hpl"] + example.arguments.split(separator: " ").map(String.init)) else {
        throw CancellationError()
      }
    }
  }

  @Test func wrappingKeepsWordsWhole() {
    expectEqual(wrapped("one two three", width: 7), ["one two", "three"])
    expectEqual(wrapped("extraordinary x", width: 5), ["extraordinary", "x"])
    expectEqual(wrapped("", width: 5), [""])
  }
}
