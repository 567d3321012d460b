import Collectives
import Foundation
import Synchronization
import Tensor

/// The ranks that a launcher has started, as the program sees them: all do the same, and the first prints and writes.
enum World {
  /// Whether this process prints and writes.
  static let speaks = Group.launchedRank == 0

  private static let joined = Mutex<Group?>(nil)

  /// The ranks, when they have found each other; this process alone where there is no launcher.
  ///
  /// Throws `MPIError` where they do not.
  static func join() throws -> Group {
    let group = try Group.launched()
    joined.withLock { $0 = group }
    return group
  }

  /// Takes leave of the other ranks at the end of the program.
  static func leave() { joined.withLock { $0 }?.finish() }

  /// How long a rank other than the first waits before it tells what has ended it, in seconds: whatever has ended the first one too is
  /// told by that, and the launcher then ends the others.
  private static let patience = 4.0

  /// Ends the process after an error, and with it those of all ranks.
  static func fail(_ error: any Error) -> Never {
    let error = shared(error)
    let status = Failure.exitStatus(for: error)
    // Who reads no more is told no more, as with other programs in a pipe.
    let isTold = (error as? Interruption)?.signal != SIGPIPE
    let group = joined.withLock { $0 }
    if let group, error is RankError {
      // All know, and end together, unless the launcher sees one end before the others.
      Interruption.silence()
      Terminal.write(Failure.line(for: error) + "\n")
      group.barrier()
      group.finish()
    } else {
      let line = lateLine { Failure.line(for: $0.map { RankError(rank: $0, reason: "\(error)") } ?? error) }
      if isTold { Terminal.writeAlways(line + "\n") }
      Interruption.silence()
      if let group, group.size > 1 {
        // The others do not know, and wait.
        group.abort(status: status)
      }
    }
    exit(status)
  }

  /// A wrong command line, before the ranks have come together, as the error of all of them; any other error as it is.
  private static func shared(_ error: any Error) -> any Error {
    guard let wrong = error as? UsageError, joined.withLock({ $0 }) == nil, let group = try? join(), group.size > 1
    else {
      return error
    }
    do {
      try RanksError.check(commandLine: [], wrong, over: group)
    } catch let error { return error }
    return error
  }

  /// A line about this rank alone, which gets its number unless it is the first and waits if it is not.
  static func lateLine(_ text: (_ rank: Int?) -> String) -> String {
    if speaks { return text(nil) }
    Thread.sleep(forTimeInterval: patience)
    return text(Group.launchedRank)
  }

  /// The threads that compute without `--threads`: the processors, shared out among the ranks of this machine.
  static var threads: Int {
    let ranks = Group.launchedRanksHere
    guard ranks > 1 else { return Threads.count }
    // A launcher that binds its ranks to processors has shared them out already.
    return max(1, min(Threads.count, ProcessInfo.processInfo.processorCount / ranks))
  }
}
