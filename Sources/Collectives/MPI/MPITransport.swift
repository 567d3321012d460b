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

  /// `MPI_Allgatherv` where there are few bytes; of many, each rank gives its block to all others.
  ///
  /// These are as many bytes on the way, and MPICH's own sends large blocks round a ring in pieces of 32 KiB, which takes a hundred
  /// times as long where there are more ranks than cores.
  func gather(_ own: UnsafeRawBufferPointer, into all: UnsafeMutableRawBufferPointer, counts: [Int]) {
    guard all.count <= min(1 << 15, mostBytes) else {
      let places = ranges(of: counts)
      func others(_ range: (Int) -> Range<Int>) -> [Range<Int>] { (0..<size).map { $0 == rank ? 0..<0 : range($0) } }
      all.write(own, at: places[rank].lowerBound)
      exchange(
        own, given: others { _ in 0..<own.count }, into: all, taken: others { places[$0] }, largest: counts.max()!)
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
    _ own: UnsafeRawBufferPointer, given: [Range<Int>], into all: UnsafeMutableRawBufferPointer, taken: [Range<Int>],
    largest: Int
  ) {
    // The same on all ranks: no rank has parts for others, or from them, beyond so many bytes.
    guard largest > mostBytes / size else {
      exchangeOnce(own, given, all, taken)
      return
    }
    let most = max(mostBytes / size, 1)
    for start in stride(from: 0, to: largest, by: most) {
      func piece(_ part: Range<Int>) -> Range<Int> {
        min(part.lowerBound + start, part.upperBound)..<min(part.lowerBound + start + most, part.upperBound)
      }
      let (sources, targets) = (given.map(piece), taken.map(piece))
      let (outgoing, incoming) = (ranges(of: sources.map(\.count)), ranges(of: targets.map(\.count)))
      withUnsafeTemporaryAllocation(byteCount: outgoing.last!.upperBound, alignment: 64) { packed in
        withUnsafeTemporaryAllocation(byteCount: incoming.last!.upperBound, alignment: 64) { arrived in
          for (source, place) in zip(sources, outgoing) { packed.write(own.part(source), at: place.lowerBound) }
          exchangeOnce(UnsafeRawBufferPointer(packed), outgoing, arrived, incoming)
          for (place, target) in zip(incoming, targets) {
            all.write(UnsafeRawBufferPointer(arrived).part(place), at: target.lowerBound)
          }
        }
      }
    }
  }

  private func exchangeOnce(
    _ own: UnsafeRawBufferPointer, _ given: [Range<Int>], _ all: UnsafeMutableRawBufferPointer,
    _ taken: [Range<Int>]
  ) {
    let (constants, exchange) = (library.constants, library.exchange)
    nonisolated(unsafe) let (own, all) = (own, all)  // the caller waits
    thread.call {
      _ = exchange(
        own.baseAddress, given.map { CInt($0.count) }, given.map { CInt($0.lowerBound) }, constants.byte,
        all.baseAddress, taken.map { CInt($0.count) }, taken.map { CInt($0.lowerBound) }, constants.byte,
        constants.world)
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

  func abort(_ status: Int32) {
    letTheLauncherRead()
    thread.call { _ = self.library.abort(self.library.constants.world, status) }
  }

  /// Waits until the launcher has what this rank wrote last, and a moment longer for it to pass that on: it ends everything at once.
  private func letTheLauncherRead() {
    var unread: CInt = 0
    for _ in 0..<100 where ioctl(STDERR_FILENO, UInt(FIONREAD), &unread) == 0 && unread > 0 { usleep(50_000) }
    usleep(500_000)
  }

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
