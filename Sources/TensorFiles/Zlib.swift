import CFiles
import Foundation
import Tensor

/// The parts of zlib that archives and pictures need, loaded at run time: only compressed archives need it installed.
package struct Zlib: Sendable {
  /// `z_stream`.
  private struct Stream {
    var nextIn: UnsafePointer<UInt8>?
    var availableIn: UInt32 = 0
    var totalIn: UInt = 0
    var nextOut: UnsafeMutablePointer<UInt8>?
    var availableOut: UInt32 = 0
    var totalOut: UInt = 0
    var message: UnsafePointer<CChar>?
    var state: OpaquePointer?
    var allocate: OpaquePointer?
    var free: OpaquePointer?
    var opaque: OpaquePointer?
    var dataType: CInt = 0
    var adler: UInt = 0
    var reserved: UInt = 0
  }

  private typealias Step = @Sendable @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
  private typealias End = @Sendable @convention(c) (UnsafeMutableRawPointer) -> CInt

  private let inflateInit: @Sendable @convention(c) (UnsafeMutableRawPointer, CInt, UnsafePointer<CChar>, CInt) -> CInt
  private let inflate: Step
  private let inflateEnd: End
  private let deflateInit:
    @Sendable @convention(c) (
      UnsafeMutableRawPointer, CInt, CInt, CInt, CInt, CInt, UnsafePointer<CChar>, CInt
    ) -> CInt
  private let deflate: Step
  private let deflateEnd: End

  /// Why the library is not there.
  package struct Missing: Error {
    let library: String
    let reason: String

    func error(in file: String) -> TensorFileError {
      .libraryMissing(file: file, library: library, package: "zlib1g", reason: reason)
    }
  }

  /// The library of this process, loaded once; the failure is kept and thrown again.
  package static let shared = Result { try Zlib(library: "libz.so.1") }

  init(library: String) throws {
    guard let image = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
      throw Missing(library: library, reason: dlerror().map { String(cString: $0) } ?? "dlopen failed")
    }
    func function<Function>(_ name: String, as type: Function.Type = Function.self) throws -> Function {
      guard let symbol = dlsym(image, name) else {
        throw Missing(library: library, reason: "it has no function \(name)")
      }
      return unsafeBitCast(symbol, to: Function.self)
    }
    inflateInit = try function("inflateInit2_")
    inflate = try function("inflate")
    inflateEnd = try function("inflateEnd")
    deflateInit = try function("deflateInit2_")
    deflate = try function("deflate")
    deflateEnd = try function("deflateEnd")
  }

  /// Decompresses a raw deflate stream that takes all of `source` and gives exactly `count` bytes.
  ///
  /// Memory grows with what really comes out, so that a lying `count` costs nothing.
  func inflated(_ source: UnsafeRawBufferPointer, count: Int) throws(FormatProblem) -> FileBytes {
    guard count / Zlib.largestRatio <= source.count else {
      throw FormatProblem("\(source.count) compressed bytes cannot give \(count)")
    }
    let bytes = try inflated(source, windowBits: -15, atMost: count)
    guard bytes.count == count else { throw FormatProblem("the compressed bytes are damaged") }
    return bytes
  }

  /// Decompresses a stream with zlib's header and checksum that takes all of `source`, however many bytes it gives.
  func inflated(stream source: UnsafeRawBufferPointer) throws(FormatProblem) -> FileBytes {
    try inflated(source, windowBits: 15, atMost: source.count * Zlib.largestRatio)
  }

  /// What deflate makes of one byte, at most.
  private static let largestRatio = 1032

  private func inflated(
    _ source: UnsafeRawBufferPointer, windowBits: CInt, atMost limit: Int
  ) throws(FormatProblem) -> FileBytes {
    guard source.count < UInt32.max else { throw FormatProblem("\(source.count) compressed bytes are too many") }
    let stream = UnsafeMutablePointer<Stream>.allocate(capacity: 1)
    stream.initialize(to: Stream())
    defer { stream.deallocate() }
    guard inflateInit(stream, windowBits, "1.2.3", CInt(MemoryLayout<Stream>.size)) == 0 else {
      throw FormatProblem("the decompressor of zlib does not start")
    }
    defer { _ = inflateEnd(stream) }
    stream.pointee.nextIn = source.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.availableIn = UInt32(source.count)

    var capacity = 0
    var memory: UnsafeMutableRawPointer?
    var filled = 0
    var status: CInt = 0
    while status == 0 {
      if filled == capacity {
        guard filled <= limit else { break }
        capacity = min(limit + 1, max(1 << 16, 2 * capacity))
        guard let larger = realloc(memory, capacity) else { break }
        memory = larger
      }
      let room = UInt32(min(capacity - filled, 1 << 30))
      stream.pointee.nextOut = memory!.assumingMemoryBound(to: UInt8.self) + filled
      stream.pointee.availableOut = room
      status = inflate(stream, 0)
      filled += Int(room - stream.pointee.availableOut)
    }
    guard status == 1, filled <= limit, stream.pointee.availableIn == 0 else {
      free(memory)
      throw FormatProblem("the compressed bytes are damaged")
    }
    return FileBytes(adopting: memory, count: filled)
  }

  /// Compresses the parts that `feed` hands over one after the other into one stream, raw or with zlib's header and checksum.
  package func deflated(
    hasHeader: Bool = false, _ feed: ((UnsafeRawBufferPointer) -> Void) throws -> Void
  ) rethrows -> [UInt8] {
    let stream = UnsafeMutablePointer<Stream>.allocate(capacity: 1)
    stream.initialize(to: Stream())
    defer { stream.deallocate() }
    let status = deflateInit(stream, 6, 8, hasHeader ? 15 : -15, 8, 0, "1.2.3", CInt(MemoryLayout<Stream>.size))
    require(status == 0, "the compressor of zlib does not start: status \(status)")
    defer { _ = deflateEnd(stream) }
    var result: [UInt8] = []
    let room = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
    defer { room.deallocate() }
    /// Compresses what the stream has been given; `flush` is 0, or 4 at the end.
    func run(_ flush: CInt) {
      repeat {
        stream.pointee.nextOut = room.baseAddress
        stream.pointee.availableOut = UInt32(room.count)
        _ = deflate(stream, flush)
        result += room[..<(room.count - Int(stream.pointee.availableOut))]
      } while stream.pointee.availableOut == 0
    }
    try feed { part in
      for start in stride(from: 0, to: part.count, by: 1 << 30) {
        let piece = UnsafeRawBufferPointer(rebasing: part[start..<min(start + (1 << 30), part.count)])
        stream.pointee.nextIn = piece.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.availableIn = UInt32(piece.count)
        run(0)
      }
    }
    run(4)
    return result
  }
}

/// The CRC-32 of zip archives and PNG files.
package func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 { ck_crc32(0, bytes.count, bytes.baseAddress) }
