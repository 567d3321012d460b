import Collectives
import Tensor

/// How a command computes, and what it says meanwhile.
struct Compute: Sendable {
  let threads: Int
  let workers: Int
  let isQuiet: Bool

  init(_ given: Given) { (threads, workers, isQuiet) = (given.threads, given.workers, given.quiet) }

  /// Sets the number of threads, and gives the ranks that work together and the function that tells a person what happens.
  ///
  /// Throws `MPIError` where the ranks of a launcher do not find each other.
  func begin() throws -> (group: Group, say: (String) -> Void) {
    _ = Backend.blas  // set up before any thread starts
    Threads.count = threads
    return (try World.join(), { text in if !isQuiet { Terminal.note(text) } })
  }
}
