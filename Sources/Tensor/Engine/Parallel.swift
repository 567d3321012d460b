import Dispatch
import Synchronization

/// How many threads tensor operations use.
public enum Threads {
  private static let setting = Atomic<Int>(0)

  /// The number of threads; at first the environment's `HPL_THREADS` or else the number of processors.
  ///
  /// Results depend on it only in rounding; the same number gives the same bits. Traps for less than 1.
  public static var count: Int {
    get {
      let count = setting.load(ordering: .relaxed)
      return count > 0 ? count : initial
    }
    set {
      require(newValue >= 1, "Threads.count: \(newValue) is not a number of threads")
      setting.store(newValue, ordering: .relaxed)
    }
  }

  private static let initial = max(1, environment("HPL_THREADS").flatMap(Int.init) ?? processorCount)
}

/// Runs `body` on contiguous parts of `0..<count`, at most one part a thread and none smaller than `grain`.
package func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  let parts = min(Threads.count, count / max(grain, 1))
  guard parts > 1 else {
    if count > 0 { body(0..<count) }
    return
  }
  withoutActuallyEscaping(body) { body in
    nonisolated(unsafe) let body = body  // the parts are disjoint, and all end before this function returns
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      body(part * count / parts..<(part + 1) * count / parts)
    }
  }
}

/// The parts that `parallel` makes of `0..<count`, at least one, where there are so many threads.
package func parts(of count: Int, grain: Int, threads: Int) -> [Range<Int>] {
  let parts = max(1, min(threads, count / max(grain, 1)))
  return (0..<parts).map { $0 * count / parts..<($0 + 1) * count / parts }
}

/// Splits `0..<count` into a number of shares of nearly one size and runs `body` on each, at most one a thread.
///
/// For partial sums: the shares, and so the order of additions, depend on their number alone.
package func forEachShare(of count: Int, parts: Int, _ body: (_ part: Int, _ share: Range<Int>) -> Void) {
  parallel(parts, grain: 1) { range in
    for part in range { body(part, part * count / parts..<(part + 1) * count / parts) }
  }
}

/// The least number of elements worth a thread.
package let elementGrain = 1 << 15
