import Collectives
import Tensor

/// How a command computes, and what it says meanwhile.
struct Compute: Sendable {
  let threads: Int
  let workers: Int
  let isQuiet: Bool
  /// What is told of work that takes long.
  let meter: Meter
  private let commandLine: [String]

  init(_ given: Given) {
    (threads, workers, isQuiet, commandLine) = (given.threads, given.workers, given.quiet, given.commandLine)
    meter = Meter(World.speaks ? .suitable(quiet: given.quiet) : .quiet)
  }

  /// Sets the number of threads, and gives the ranks that work together and the function that tells a person what happens.
  ///
  /// Throws `MPIError` where the ranks of a launcher do not find each other, and `RankError` where they were given different
  /// commands.
  func begin() throws -> (group: Group, say: (String) -> Void) {
    _ = Backend.blas  // set up before any thread starts
    Threads.count = threads
    let group = try World.join()
    try RanksError.check(commandLine: commandLine, over: group)
    return (group, { text in if !isQuiet { Terminal.note(text) } })
  }
}
