import Foundation
import Testing

@testable import CubHPL

/// The commands that the documentation tells people to type are understood.
@Suite struct CommandTests {
  /// A command of a shell block, without its comment.
  struct Command: CustomStringConvertible {
    let block: CodeBlock
    let words: [String]

    var description: String { "\(block): \(words.joined(separator: " "))" }

    /// The options for `cub-hpl`, where the command runs it.
    var programArguments: [String]? {
      let isProgram = { (word: String) in
        ["Examples/cub-hpl", "cub-hpl", "Scripts/demo"].contains(word) || word.hasSuffix("/Scripts/demo")
      }
      return words.firstIndex(where: isProgram).map { Array(words[($0 + 1)...]) }
    }
  }

  static let commands = Page.all.flatMap(\.blocks).filter { $0.language == "sh" }.flatMap { block in
    block.text.replacing("\\\n", with: " ").split(separator: "\n").map { line in
      let command = line.replacing(/(^|\s)#.*$/, with: "")
      return Command(block: block, words: command.split(separator: " ").map(String.init))
    }
  }

  @Test func programUnderstandsItsOptions() throws {
    let calls = Self.commands.filter { $0.programArguments != nil }
    #expect(calls.count >= 3)
    for call in calls {
      do {
        _ = try Invocation(["cub-hpl"] + withSettings(call.programArguments!))
      } catch {
        Issue.record("\(call): \(error)")
      }
    }
  }

  /// The arguments with a file for `--config`, of which the pages tell how it comes to be.
  private func withSettings(_ arguments: [String]) throws -> [String] {
    guard let place = arguments.firstIndex(of: "--config") else { return arguments }
    let command = arguments[0].hasPrefix("-") ? "train" : arguments[0]
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).json")
    try Data(#"{"command": "\#(command)"}"#.utf8).write(to: file)
    var arguments = arguments
    arguments[place + 1] = file.path
    return arguments
  }

  @Test func theExamplesPageRunsEveryExample() throws {
    let folder = packageFolder.appendingPathComponent("Examples").path
    let examples = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.contains(".") }
    let run = Self.commands.filter { $0.block.page == "Examples/README.md" }.compactMap(\.words.last)
    #expect(examples.count >= 7 && run.sorted() == examples.map { "Examples/\($0)" }.sorted())
  }

  @Test func scriptsExistAndCanBeRun() {
    let scripts = Self.commands.flatMap(\.words).filter {
      $0.firstMatch(of: /^(\.\/)?(Scripts|\.ci)\//) != nil
    }
    #expect(!scripts.isEmpty)
    for script in scripts {
      let path = packageFolder.appendingPathComponent(script).path
      #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
    }
  }
}
