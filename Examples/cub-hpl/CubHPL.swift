import Foundation

/// Trains embeddings with proxies, flat and hierarchical, and compares them on classes never seen in training.
@main
struct CubHPL {
  static func main() {
    do {
      switch try Invocation(arguments: Array(CommandLine.arguments.dropFirst())) {
      case .help: print(Help.text)
      case .version: print("\(Program.name) \(Program.version)")
      case .run(let options): try Experiment.run(options, command: CommandLine.arguments)
      }
    } catch {
      FileHandle.standardError.write(Data((Failure.line(for: error) + "\n").utf8))
      exit(Failure.exitStatus(for: error))
    }
  }
}
