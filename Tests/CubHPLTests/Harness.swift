import Foundation
import Testing

@testable import CubHPL

/// The program within this process: the one way in which tests run it.
enum Harness {
  /// Does what a command line asks for, as the built program does; throws what would become its line.
  static func run(_ arguments: [String], methods: MethodList = .standard) throws {
    try CubHPL.run(["cub-hpl"] + arguments, methods: methods)
  }

  /// Trains, and reads what was written.
  static func results(_ arguments: [String], in folder: String, methods: MethodList = .standard) throws -> Results {
    try run(arguments + ["--output", folder, "--quiet"], methods: methods)
    return try results(in: folder)
  }

  /// The `results.json` of a folder.
  static func results(in folder: String) throws -> Results {
    try JSONDecoder().decode(Results.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder)/results.json")))
  }

  /// What a command takes from a command line, on a machine of two cores.
  static func given(
    _ arguments: [String], for command: any Command.Type = TrainCommand.self, methods: MethodList = .standard
  ) throws(UsageError) -> Given {
    var given = Given(methods: methods, cores: 2, now: Samples.date)
    given.values = try OptionParser.parse(arguments, for: command, methods: methods)
    return given
  }

  /// The settings that options of `train` make.
  static func settings(_ arguments: String..., methods: MethodList = .standard) throws -> Settings {
    try settings(arguments, methods: methods)
  }

  static func settings(_ arguments: [String], methods: MethodList = .standard) throws -> Settings {
    try Settings(given(arguments, methods: methods))
  }
}

/// What the program would print of the error that `body` throws.
func failure<Result>(_ body: () throws -> Result) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return Failure.line(for: error)
  }
}
