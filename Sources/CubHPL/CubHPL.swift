import Foundation
import Tensor

/// The program: trains embeddings with proxies, flat and hierarchical, and compares them on classes never seen in training.
public enum CubHPL {
  /// Does what the command line asks for; where that fails, prints one line and ends the process.
  ///
  /// The exit status is 2 for a wrong command line and 1 for anything that fails later. SIGINT, SIGTERM and SIGHUP are taken
  /// over: they end the process between two files, with a line and the status 130, 143 or 129. Where the reader of the
  /// standard output has gone, it ends without a line and with the status 141.
  ///
  /// - Parameters:
  ///   - own: losses of your own beside the library's; those on proxies can be trained flat and as `hpl-NAME`. Two of one
  ///     name trap.
  ///   - backbones: networks of your own, which `--backbone` takes beside the program's.
  ///   - transforms: changes of training pictures of your own, which `--augment` takes.
  ///   - samplers: samplers of your own, which `--sampler` takes.
  ///   - optimizers: optimizers of your own, which `--optimizer` takes.
  ///   - arguments: the command line, the program's name first.
  public static func main(
    methods own: [Method] = [], backbones: [NamedBackbone] = [], transforms: [NamedTransform] = [],
    samplers: [NamedSampler] = [], optimizers: [NamedOptimizer] = [], arguments: [String] = CommandLine.arguments
  ) {
    let parts = OwnParts(backbones: backbones, transforms: transforms, samplers: samplers, optimizers: optimizers)
    openClosedStandardStreams()
    Interruption.install()
    OutOfMemory.answer { bytes in
      let line = World.lateLine { rank in
        "\(Program.name): \(rank.map { "rank \($0): " } ?? "")\(Failure.outOfMemory(bytes))"
      }
      Terminal.end(line, status: 1)
    }
    do {
      try run(arguments, methods: MethodList(adding: own, parts))
      Interruption.finish()
      World.leave()
    } catch {
      World.fail(error)
    }
  }

  /// Does what a command line asks for, the program's name first; throws what goes wrong.
  static func run(_ commandLine: [String], methods: MethodList = .standard) throws {
    switch try Invocation(commandLine, methods: methods) {
    case .help(let command): try StandardOutput.print(Help.text(methods, command: command))
    case .version: try StandardOutput.print("\(Program.name) \(Program.version)")
    case .run(let command): try command.run()
    }
  }
}
