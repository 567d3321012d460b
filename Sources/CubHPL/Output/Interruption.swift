import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The end of the program by a signal.
///
/// A thread of its own waits for SIGINT, SIGTERM or SIGHUP and ends the process, because no computation, however long, then has
/// to ask whether one came, and because what is not written is not kept anyway: a run goes on from its last checkpoint. It
/// waits for files that are being written (`holding`). A second signal ends the process at once.
struct Interruption: Error, CustomStringConvertible {
  let signal: Int32

  /// What a shell says of a process that the signal has ended.
  var exitStatus: Int32 { 128 + signal }

  var description: String { "stopped by \(Self.names[signal] ?? "signal \(signal)")" }

  private static let names: [Int32: String] = [
    SIGINT: "SIGINT", SIGTERM: "SIGTERM", SIGHUP: "SIGHUP", SIGPIPE: "SIGPIPE",
  ]

  /// What the end means to the command at work.
  private struct Work: Sendable {
    var advice = "nothing was written"
    var discard: @Sendable () -> Void = {}
  }

  private static let work = Mutex(Work())
  private static let received = Atomic<Int32>(0)
  private static let isSilent = Atomic<Bool>(false)
  private static let writing = NSRecursiveLock()
  nonisolated(unsafe) private static let arrival: UnsafeMutablePointer<sem_t> = {
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
    return semaphore
  }()

  /// Takes over the signals, but for those that the starter has the program ignore, as `nohup` does.
  ///
  /// Writing to a closed pipe, or beyond the largest size of a file, becomes an error like others.
  static func install() {
    for number in [SIGPIPE, SIGXFSZ] { setHandler(number, SIG_IGN) }
    _ = (arrival, received.load(ordering: .relaxed))  // made before a handler needs them
    let thread = Thread { end() }
    thread.name = "Signals"
    thread.start()
    var taken = sigset_t()
    sigemptyset(&taken)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = setHandler(number) { number in
        let (isFirst, first) = Interruption.received.compareExchange(
          expected: 0, desired: number, ordering: .sequentiallyConsistent)
        if isFirst { sem_post(Interruption.arrival) } else { _exit(128 + first) }
      }
      if unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { setHandler(number, SIG_IGN) }
      sigaddset(&taken, number)
    }
    // A starter that blocks them does so by accident, as a dispatch queue blocks all of them for what it starts.
    pthread_sigmask(SIG_UNBLOCK, &taken, nil)
  }

  /// Says what a person can do after a signal, and what else is to be cleared away then.
  static func prepare(_ advice: String, discarding discard: @escaping @Sendable () -> Void = {}) {
    work.withLock { $0 = Work(advice: advice, discard: discard) }
  }

  /// Does something that a signal must not interrupt: writes files that belong together.
  static func holding<Result>(_ body: () throws -> Result) rethrows -> Result {
    writing.lock()
    defer { writing.unlock() }
    return try body()
  }

  /// The same for the files that a command is there for.
  static func finishing(_ body: () throws -> Void) rethrows {
    try holding {
      try body()
      prepare("everything was written")
    }
  }

  /// Lets a signal end the process without a word from now on, because it has said already why it ends.
  static func silence() { isSilent.store(true, ordering: .sequentiallyConsistent) }

  /// Waits for the end where a signal has come.
  static func finish() {
    while received.load(ordering: .sequentiallyConsistent) != 0 { pause() }
  }

  /// Waits for the first signal, lets what is being written be finished, and ends the process.
  private static func end() {
    while sem_wait(arrival) != 0 {}
    let interruption = Interruption(signal: received.load(ordering: .sequentiallyConsistent))
    writing.lock()
    let work = work.withLock { $0 }
    work.discard()
    if isSilent.load(ordering: .sequentiallyConsistent) { _exit(interruption.exitStatus) }
    // The first rank may have files to finish; the launcher would end it when it sees another one end.
    let line = World.lateLine { rank in
      rank.map { "\(Program.name): rank \($0): \(interruption)" } ?? "\(Program.name): \(interruption); \(work.advice)"
    }
    Terminal.end(line, status: interruption.exitStatus)
  }
}

/// `signal`, which the property of that name hides.
@discardableResult private func setHandler(_ number: Int32, _ handler: __sighandler_t?) -> __sighandler_t? {
  signal(number, handler)
}
