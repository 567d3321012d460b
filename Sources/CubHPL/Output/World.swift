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

  /// How long a rank other than the first waits before it tells its error: what all ranks find wrong, the first one tells, and ends
  /// the others.
  private static let patience = 2.0

  /// Ends the process after an error, and with it those of all ranks.
  static func fail(_ error: any Error) -> Never {
    let status = Failure.exitStatus(for: error)
    // Who reads no more is told no more, as with other programs in a pipe.
    let isTold = (error as? Interruption)?.signal != SIGPIPE
    let group = joined.withLock { $0 }
    if let group, group.size > 1, !(error is RankError) {
      // The others do not know, and wait.
      if !speaks { Thread.sleep(forTimeInterval: patience) }
      let line = speaks ? Failure.line(for: error) : Failure.line(for: RankError(rank: group.rank, reason: "\(error)"))
      if isTold { Terminal.writeAlways(line + "\n") }
      group.abort(status: status)
    } else {
      if isTold { Terminal.write(Failure.line(for: error) + "\n") }
      // A launcher ends all ranks when it has seen one fail: the first must have told by then.
      if !speaks { Thread.sleep(forTimeInterval: patience / 2) }
      group?.finish()
    }
    exit(status)
  }

  /// The threads that compute without `--threads`: the processors, shared out among the ranks of this machine.
  static var threads: Int {
    let ranks = Group.launchedRanksHere
    guard ranks > 1 else { return Threads.count }
    // A launcher that binds its ranks to processors has shared them out already.
    return max(1, min(Threads.count, ProcessInfo.processInfo.processorCount / ranks))
  }
}
