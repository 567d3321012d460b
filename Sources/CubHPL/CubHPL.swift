import Foundation

/// The program: trains embeddings with proxies, flat and hierarchical, and compares them on classes never seen in training.
public enum CubHPL {
  /// Does what the command line asks for; where that fails, prints one line and ends the process.
  ///
  /// The exit status is 2 for a wrong command line and 1 for anything that fails later.
  ///
  /// - Parameters:
  ///   - methods: losses of your own beside the library's; those on proxies can be trained flat and as `hpl-NAME`. Two of one
  ///     name trap.
  ///   - arguments: the command line, the program's name first.
  public static func main(methods own: [Method] = [], arguments: [String] = CommandLine.arguments) {
    let methods = MethodList(adding: own)
    do {
      switch try Invocation(arguments: Array(arguments.dropFirst()), methods: methods) {
      case .help: print(Help.text(methods))
      case .version: print("\(Program.name) \(Program.version)")
      case .run(let options) where options.command == .tsne:
        try ProjectionCommand.run(options, command: arguments, methods: methods)
      case .run(let options) where options.command == .embed: try EmbedCommand.run(options, methods: methods)
      case .run(let options) where options.command == .search: try SearchCommand.run(options, methods: methods)
      case .run(let options) where options.command == .inspect:
        print(try InspectCommand.text(options, methods: methods))
      case .run(let options): try Experiment.run(options, command: arguments, methods: methods)
      }
    } catch {
      FileHandle.standardError.write(Data((Failure.line(for: error) + "\n").utf8))
      exit(Failure.exitStatus(for: error))
    }
  }
}
