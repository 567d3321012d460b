import Foundation

/// The decompressor of zlib, loaded at run time: only compressed archives need it installed.
struct Inflate: Sendable {
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

  private let begin: @Sendable @convention(c) (UnsafeMutableRawPointer, CInt, UnsafePointer<CChar>, CInt) -> CInt
  private let step: @Sendable @convention(c) (UnsafeMutableRawPointer, CInt) -> CInt
  private let end: @Sendable @convention(c) (UnsafeMutableRawPointer) -> CInt

  /// Why the library is not there.
  struct Missing: Error {
    let library: String
    let reason: String
  }

  /// The library of this process, loaded once; the failure is kept and thrown again.
  static let shared = Result { try Inflate(library: "libz.so.1") }

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
    begin = try function("inflateInit2_")
    step = try function("inflate")
    end = try function("inflateEnd")
  }

  /// Decompresses a raw deflate stream that takes all of `source` and gives exactly `count` bytes.
  ///
  /// Memory grows with what really comes out, so that a lying `count` costs nothing.
  func callAsFunction(_ source: UnsafeRawBufferPointer, count: Int) throws(FormatProblem) -> FileBytes {
    guard source.count < UInt32.max, count / 1032 <= source.count else {
      throw FormatProblem("\(source.count) compressed bytes cannot give \(count)")
    }
    let stream = UnsafeMutablePointer<Stream>.allocate(capacity: 1)
    stream.initialize(to: Stream())
    defer { stream.deallocate() }
    guard begin(stream, -15, "1.2.3", CInt(MemoryLayout<Stream>.size)) == 0 else {
      throw FormatProblem("the decompressor of zlib does not start")
    }
    defer { _ = end(stream) }
    stream.pointee.nextIn = source.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.availableIn = UInt32(source.count)

    var capacity = 0
    var memory: UnsafeMutableRawPointer?
    var filled = 0
    var status: CInt = 0
    while status == 0 {
      if filled == capacity {
        guard filled <= count else { break }
        capacity = min(count + 1, max(1 << 16, 2 * capacity))
        guard let larger = realloc(memory, capacity) else { break }
        memory = larger
      }
      let room = UInt32(min(capacity - filled, 1 << 30))
      stream.pointee.nextOut = memory!.assumingMemoryBound(to: UInt8.self) + filled
      stream.pointee.availableOut = room
      status = step(stream, 0)
      filled += Int(room - stream.pointee.availableOut)
    }
    guard status == 1, filled == count, stream.pointee.availableIn == 0 else {
      free(memory)
      throw FormatProblem("the compressed bytes are damaged")
    }
    return FileBytes(adopting: memory, count: count)
  }
}
