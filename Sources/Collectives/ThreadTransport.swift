import Foundation
import Tensor

/// The ranks of a group as threads of one process: each puts its memory where the others see it, and all copy.
final class ThreadTransport: Transport {
  let rank: Int
  private let table: Table

  var size: Int { table.size }

  init(rank: Int, _ table: Table) { (self.rank, self.table) = (rank, table) }

  /// What the ranks share.
  final class Table: @unchecked Sendable {
    struct Place {
      var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      var parts: [Range<Int>] = []
    }

    let size: Int
    private let condition = NSCondition()
    private var places: [Place]
    private var (arrived, round) = (0, 0)

    init(size: Int) {
      self.size = size
      places = Array(repeating: Place(), count: size)
    }

    /// Waits until every rank has come here.
    func meet() {
      condition.withLock {
        arrived += 1
        guard arrived < size else {
          (arrived, round) = (0, round + 1)
          condition.broadcast()
          return
        }
        let own = round
        while round == own { condition.wait() }
      }
    }

    /// Shows a rank's memory to all, lets each of them look, and returns when nobody looks any more.
    func show(_ place: Place, of rank: Int, look: ([Place]) -> Void) {
      condition.withLock { places[rank] = place }
      meet()
      look(condition.withLock { places })
      meet()
    }
  }

  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]) {
    table.show(.init(bytes: own), of: rank) { places in
      for (place, start) in zip(places, starts(of: counts)) { all.write(place.bytes, at: start) }
    }
  }

  func exchange(
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Range<Int>],
    largest: Int
  ) {
    table.show(.init(bytes: own, parts: given), of: rank) { places in
      for (place, target) in zip(places, taken) {
        all.write(place.bytes.part(place.parts[rank]), at: target.lowerBound)
      }
    }
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {
    table.show(.init(bytes: UnsafeRawBufferPointer(bytes)), of: rank) { places in
      if rank != root { bytes.write(places[root].bytes, at: 0) }
    }
  }

  func barrier() { table.meet() }
  func finish() {}

  func abort(_ status: Int32) {
    trap("a rank of a group of threads has given up, for which the others would wait", file: #fileID, line: #line)
  }
}

extension Group {
  /// Runs `body` on threads that are the ranks of a group, and returns what each of them returned: to test what is meant for
  /// several machines.
  ///
  /// Threads of one process compute no faster than one process. Throws the error of the lowest rank that threw one, which
  /// must be thrown on all ranks (see `agree(_:)`), because the others wait for a rank that has left. Traps for fewer than one.
  public static func threads<Result: Sendable>(
    _ size: Int, file: StaticString = #fileID, line: UInt = #line, _ body: @escaping @Sendable (Group) throws -> Result
  ) throws -> [Result] {
    require(size >= 1, "Group.threads: \(size) threads", file: file, line: line)
    let table = ThreadTransport.Table(size: size)
    let results = Results<Result>(size)
    for rank in 0..<size {
      let thread = Thread {
        results.set(rank, Swift.Result { try body(Group(ThreadTransport(rank: rank, table))) })
      }
      thread.name = "Rank \(rank)"
      thread.stackSize = 1 << 23
      thread.start()
    }
    return try results.all().map { try $0.get() }
  }

  /// What the threads come to.
  private final class Results<Value>: @unchecked Sendable {
    private let condition = NSCondition()
    private var values: [Swift.Result<Value, any Error>?]

    init(_ count: Int) { values = Array(repeating: nil, count: count) }

    func set(_ rank: Int, _ value: Swift.Result<Value, any Error>) {
      condition.withLock {
        values[rank] = value
        condition.signal()
      }
    }

    /// Waits for all of them.
    func all() -> [Swift.Result<Value, any Error>] {
      condition.withLock {
        while values.contains(where: { $0 == nil }) { condition.wait() }
        return values.map { $0! }
      }
    }
  }
}
