import Foundation

/// The program: trains embeddings with proxies, flat and hierarchical, and compares them on classes never seen in training.
public enum CubHPL {
  /// Does what the command line asks for; where that fails, prints one line and ends the process.
  ///
  /// The exit status is 2 for a wrong command line and 1 for anything that fails later.
  public static func main(_ arguments: [String] = CommandLine.arguments) {
    do {
      switch try Invocation(arguments: Array(arguments.dropFirst())) {
      case .help: print(Help.text)
      case .version: print("\(Program.name) \(Program.version)")
      case .run(let options): try Experiment.run(options, command: arguments)
      }
    } catch {
      FileHandle.standardError.write(Data((Failure.line(for: error) + "\n").utf8))
      exit(Failure.exitStatus(for: error))
    }
  }
}
