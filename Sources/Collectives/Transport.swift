/// How the ranks of a group reach each other: bytes alone, in collective calls.
///
/// Every rank makes the same calls in the same order, each of which returns when this rank's part of it is done.
protocol Transport: Sendable {
  /// This rank's number, from 0.
  var rank: Int { get }
  /// The number of ranks.
  var size: Int { get }

  /// Puts the blocks of all ranks one after another; `counts` are their bytes.
  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int])

  /// Gives each rank a part of `own`, and puts those meant for this rank into `all`.
  ///
  /// `given` says where the parts lie in `own`, `taken` where that of each rank goes in `all`; `largest` are the bytes of the
  /// largest part on any rank.
  func exchange(
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Range<Int>],
    largest: Int)

  /// Makes every rank's bytes those of one.
  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int)

  /// Waits until every rank has come here.
  func barrier()

  /// Takes leave of the others; nothing may be called after it.
  func finish()

  /// Ends the processes of all ranks.
  func abort(_ status: Int32)
}

/// Where blocks that lie one after another begin.
func starts(of counts: [Int]) -> [Int] {
  var start = 0
  return counts.map { count in
    defer { start += count }
    return start
  }
}

/// The same, with their ends.
func ranges(of counts: [Int]) -> [Range<Int>] { zip(starts(of: counts), counts).map { $0..<$0 + $1 } }

extension UnsafeRawBufferPointer {
  /// Some of the bytes, counted from 0 again.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}

extension UnsafeMutableRawBufferPointer {
  /// Some of the bytes, counted from 0 again.
  func part(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: self[range])
  }

  /// Copies bytes to a place.
  func write(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    if !bytes.isEmpty { part(start..<start + bytes.count).copyMemory(from: bytes) }
  }
}

/// A group of one rank, which has nobody to reach.
struct Alone: Transport {
  var rank: Int { 0 }
  var size: Int { 1 }

  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]) {
    all.copyMemory(from: own)
  }

  func exchange(
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Range<Int>],
    largest: Int
  ) {
    all.write(own.part(given[0]), at: taken[0].lowerBound)
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {}
  func barrier() {}
  func finish() {}
  func abort(_ status: Int32) {}
}
