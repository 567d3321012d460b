import Foundation
import Synchronization
import Testing

@testable import Tensor

@Suite struct ThreadPoolTests {
  @Test func everyPartRunsOnce() {
    let pool = ThreadPool()
    for round in 0..<2000 {
      let parts = 1 + round % 5
      let counts = (0..<parts).map { _ in Counter() }
      #expect(pool.run(parts) { counts[$0].value.add(1, ordering: .relaxed) })
      #expect(counts.allSatisfy { $0.value.load(ordering: .relaxed) == 1 })
    }
  }

  @Test func aLoopWithinALoopIsDeclined() {
    let pool = ThreadPool()
    let declined = Counter()
    #expect(
      pool.run(3) { _ in
        if !pool.run(2, { _ in }) { declined.value.add(1, ordering: .relaxed) }
      })
    #expect(declined.value.load(ordering: .relaxed) == 3)
    #expect(pool.run(2) { _ in })
  }

  /// Threads that ask at the same time, nested loops and pauses that let the helpers sleep.
  @Test func loopsOfManyThreadsAreWhole() {
    let total = Counter()
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<200 {
        parallel(40, grain: 1) { outer in
          parallel(outer.count * 10, grain: 1) { inner in
            total.value.add(inner.count, ordering: .relaxed)
          }
        }
        if round % 50 == thread { usleep(1000) }
      }
    }
    #expect(total.value.load(ordering: .relaxed) == 8 * 200 * 400)
  }
}

private final class Counter: Sendable {
  let value = Atomic<Int>(0)
}
