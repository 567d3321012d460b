import Foundation
import Tensor

/// The processes of an MPI launcher.
///
/// One thread of its own makes every call, the first included: MPI then needs no support for threads, and whoever calls may be any
/// thread. Calls are blocking, one after the other.
final class MPITransport: Transport {
  let rank: Int
  let size: Int
  private let library: MPILibrary
  private let thread: CallingThread

  /// MPI counts bytes in 32 bits; what is larger than this goes in rounds.
  static let mostBytes = 1 << 30
  private let mostBytes: Int

  /// Starts MPI.
  ///
  /// Throws `MPIError` where it finds another number of processes than the launcher has started.
  init(_ library: MPILibrary, for launcher: Launcher, mostBytes: Int = MPITransport.mostBytes) throws(MPIError) {
    (self.library, self.mostBytes) = (library, mostBytes)
    thread = CallingThread()
    let (rank, size) = thread.call {
      _ = library.initialize(nil, nil)
      var (rank, size): (CInt, CInt) = (0, 0)
      _ = library.rank(library.constants.world, &rank)
      _ = library.size(library.constants.world, &size)
      return (Int(rank), Int(size))
    }
    (self.rank, self.size) = (rank, size)
    guard size == launcher.size else {
      finish()
      throw .otherSize(
        launcher: launcher.size, variable: launcher.variable, found: size, library: "\(library.title) (\(library.name))"
      )
    }
  }

  /// What the library says of itself.
  var title: String { library.title }

  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]) {
    guard all.count <= mostBytes else {
      for (root, start) in starts(of: counts).enumerated() {
        let block = UnsafeMutableRawBufferPointer(rebasing: all[start..<start + counts[root]])
        if root == rank { block.copyMemory(from: own) }
        broadcast(block, from: root)
      }
      return
    }
    let (constants, gather) = (library.constants, library.gather)
    nonisolated(unsafe) let (own, all) = (own, all)  // the caller waits
    thread.call {
      _ = gather(
        own.baseAddress, CInt(own.count), constants.byte, all.baseAddress, counts.map { CInt($0) },
        starts(of: counts).map { CInt($0) }, constants.byte, constants.world)
    }
  }

  func exchange(
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Int],
    largest: Int
  ) {
    let most = mostBytes / size
    guard largest > most || max(own.count, all.count) > CInt.max else {
      exchangeOnce(own, given, all, taken)
      return
    }
    for start in stride(from: 0, to: largest, by: most) {
      let pieces = given.map {
        min($0.lowerBound + start, $0.upperBound)..<min($0.lowerBound + start + most, $0.upperBound)
      }
      let outgoing = pieces.flatMap { own[$0] }
      let places = pieces.map(\.count)
      let counts = taken.map { max(0, min(most, $0 - start)) }
      var incoming = [UInt8](repeating: 0, count: counts.reduce(0, +))
      outgoing.withUnsafeBytes { source in
        incoming.withUnsafeMutableBytes { target in
          exchangeOnce(source, zip(starts(of: places), places).map { $0..<$0 + $1 }, target, counts)
        }
      }
      for (block, (from, count)) in zip(starts(of: taken), zip(starts(of: counts), counts)) where count > 0 {
        incoming.withUnsafeBytes {
          UnsafeMutableRawBufferPointer(rebasing: all[block + start..<block + start + count])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[from..<from + count]))
        }
      }
    }
  }

  private func exchangeOnce(
    _ own: UnsafeRawBufferPointer, _ given: [Range<Int>], _ all: UnsafeMutableRawBufferPointer, _ taken: [Int]
  ) {
    let (constants, exchange) = (library.constants, library.exchange)
    nonisolated(unsafe) let (own, all) = (own, all)  // the caller waits
    thread.call {
      _ = exchange(
        own.baseAddress, given.map { CInt($0.count) }, given.map { CInt($0.lowerBound) }, constants.byte,
        all.baseAddress, taken.map { CInt($0) }, starts(of: taken).map { CInt($0) }, constants.byte, constants.world)
    }
  }

  func broadcast(_ bytes: UnsafeMutableRawBufferPointer, from root: Int) {
    let (constants, broadcast) = (library.constants, library.broadcast)
    let mostBytes = mostBytes
    nonisolated(unsafe) let bytes = bytes  // the caller waits
    thread.call {
      for start in stride(from: 0, to: bytes.count, by: mostBytes) {
        _ = broadcast(
          bytes.baseAddress! + start, CInt(min(mostBytes, bytes.count - start)), constants.byte, CInt(root),
          constants.world)
      }
    }
  }

  func barrier() { thread.call { _ = self.library.barrier(self.library.constants.world) } }

  func finish() { thread.call { _ = self.library.finalize() } }

  func abort(_ status: Int32) { thread.call { _ = self.library.abort(self.library.constants.world, status) } }

  /// MPI's own sum, whose order of additions is its own: what `Group.sum` is measured against.
  func reduce(_ source: UnsafeBufferPointer<Float>, into target: UnsafeMutableBufferPointer<Float>) {
    let (constants, reduce) = (library.constants, library.reduce)
    nonisolated(unsafe) let (source, target) = (source, target)  // the caller waits
    thread.call {
      _ = reduce(
        source.baseAddress, target.baseAddress, CInt(source.count), constants.float, constants.sum, constants.world)
    }
  }
}
