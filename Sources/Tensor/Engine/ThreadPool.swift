import CKernels
import Dispatch
import Foundation
import Synchronization

/// Threads that share one loop at a time with the thread that asks.
///
/// Before they sleep they look out for the next loop for a moment, because waking a thread takes longer than many loops do.
final class ThreadPool: @unchecked Sendable {
  static let shared = ThreadPool()

  /// The loop in progress: its number, how many parts it has and how many of these are taken, in 32, 16 and 16 bits.
  private let ticket = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let isBusy = Atomic<Bool>(false)
  /// Set by who has made the pool busy, and read by who has taken a part that is not finished.
  @exclusivity(unchecked)
  private var body: ((Int) -> Void)?
  private var helpers: [Helper] = []

  /// Runs `body` for each of `0..<parts`; false, without having run it, where another loop has the pool.
  func run(_ parts: Int, _ body: (Int) -> Void) -> Bool {
    guard parts < 1 << 16, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return false
    }
    while helpers.count < parts - 1 { helpers.append(Helper(in: self)) }
    withoutActuallyEscaping(body) { body in
      self.body = body
      finished.store(0, ordering: .relaxed)
      let number = (ticket.load(ordering: .relaxed) >> 32) &+ 1
      ticket.store(number << 32 | UInt64(parts) << 16, ordering: .sequentiallyConsistent)
      for helper in helpers.prefix(parts - 1) { helper.wake() }
      work()
      var looks = 0
      while finished.load(ordering: .acquiring) < parts {
        looks += 1
        if looks < Helper.mostLooks { ck_pause() } else { sched_yield() }
      }
      self.body = nil
    }
    isBusy.store(false, ordering: .releasing)
    return true
  }

  /// Whether a part waits for somebody.
  fileprivate var hasWork: Bool {
    let (parts, taken) = ThreadPool.counts(ticket.load(ordering: .sequentiallyConsistent))
    return taken < parts
  }

  /// Takes parts and runs them until none is left.
  fileprivate func work() {
    while true {
      let seen = ticket.load(ordering: .acquiring)
      let (parts, taken) = ThreadPool.counts(seen)
      guard taken < parts else { return }
      guard ticket.compareExchange(expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing).exchanged else {
        continue
      }
      runPart(taken)
      finished.add(1, ordering: .releasing)
    }
  }

  /// Not inlined, so that nothing holds the body when the part is said to be finished.
  @inline(never)
  private func runPart(_ part: Int) { body!(part) }

  private static func counts(_ ticket: UInt64) -> (parts: Int, taken: Int) {
    (Int(ticket >> 16 & 0xFFFF), Int(ticket & 0xFFFF))
  }
}

/// A thread of the pool.
private final class Helper: Sendable {
  /// How often to look before sleeping: some 50 µs.
  static let mostLooks = 2000

  private let isAsleep = Atomic<Bool>(false)
  private let alarm = DispatchSemaphore(value: 0)

  init(in pool: ThreadPool) {
    let thread = Thread { [self] in
      while true {
        pool.work()
        awaitWork(in: pool)
      }
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  func wake() {
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { alarm.signal() }
  }

  private func awaitWork(in pool: ThreadPool) {
    for _ in 0..<Helper.mostLooks {
      if pool.hasWork { return }
      ck_pause()
    }
    isAsleep.store(true, ordering: .sequentiallyConsistent)
    // Work that came meanwhile may not have seen that this thread sleeps; if it has, the alarm has been set.
    if pool.hasWork, isAsleep.exchange(false, ordering: .sequentiallyConsistent) { return }
    alarm.wait()
  }
}
