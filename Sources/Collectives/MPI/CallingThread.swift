import Foundation

/// A thread that does what it is told, one thing after the other, while whoever tells it waits.
final class CallingThread: @unchecked Sendable {
  private let condition = NSCondition()
  private var work: (() -> Void)?

  init() {
    // It lives as long as the process: MPI is not started twice.
    let thread = Thread { [self] in
      while true { condition.withLock { self.next() } }
    }
    thread.name = "MPI"
    thread.start()
  }

  /// Does something on the thread and returns what it returned.
  func call<Result>(_ body: @Sendable () -> Result) -> Result {
    withoutActuallyEscaping(body) { body in
      condition.withLock {
        while work != nil { condition.wait() }
        var result: Result?
        work = { result = body() }
        condition.broadcast()
        while result == nil { condition.wait() }
        return result!
      }
    }
  }

  /// Waits for work and does it, while the condition is locked.
  private func next() {
    while work == nil { condition.wait() }
    work!()
    work = nil
    condition.broadcast()
  }
}
