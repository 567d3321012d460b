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

  /// Gives each rank its part of `own`, and puts the parts meant for this rank one after another.
  ///
  /// `given` says where the parts lie in `own`, `taken` how many bytes each rank has for this one, `largest`
  /// those of the largest part on any rank.
  func exchange(
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Int],
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

/// A group of one rank, which has nobody to reach.
struct Alone: Transport {
  var rank: Int { 0 }
  var size: Int { 1 }

  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]) {
    all.copyMemory(from: own)
  }

  func exchange(
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Int],
    largest: Int
  ) {
    all.copyMemory(from: UnsafeRawBufferPointer(rebasing: own[given[0]]))
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {}
  func barrier() {}
  func finish() {}
  func abort(_ status: Int32) {}
}
