import Foundation
import Tensor

/// Bytes to read tensors from: a file mapped into memory, or memory; parts share it.
package struct FileBytes: Sendable {
  private let storage: Storage
  private let range: Range<Int>

  /// Memory that is given back when nobody needs it any more, and not written to before.
  private final class Storage: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer
    let isMapped: Bool
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    init(
      _ bytes: UnsafeRawBufferPointer, isMapped: Bool = false,
      release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void
    ) {
      self.bytes = bytes
      self.isMapped = isMapped
      self.release = release
    }

    deinit { release(bytes) }
  }

  /// Files below this size are read at once: a map would cost more.
  package static let smallestMapped = 1 << 20

  var count: Int { range.count }

  /// A copy of some bytes.
  init(_ data: Data) {
    self.init(count: data.count) { target in _ = data.copyBytes(to: target) }
  }

  /// Fresh memory that `write` must fill.
  init(count: Int, initializedBy write: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    storage = Storage(UnsafeRawBufferPointer(memory)) { $0.deallocate() }
    range = 0..<count
    try write(memory)
  }

  /// Memory from `malloc`, which is freed when nobody needs it any more.
  init(adopting memory: UnsafeMutableRawPointer?, count: Int) {
    storage = Storage(UnsafeRawBufferPointer(start: memory, count: count)) {
      free(UnsafeMutableRawPointer(mutating: $0.baseAddress))
    }
    range = 0..<count
  }

  /// A regular file of `limit` bytes at most; a large one is mapped, so that only what is looked at is read.
  package init(
    contentsOf path: String, mappedFrom smallest: Int = smallestMapped, atMost limit: Int = .max
  ) throws(TensorFileError) {
    func failure() -> TensorFileError { .unreadable(file: path, reason: systemError()) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(file: path, reason: "not a regular file") }
    let size = Int(status.st_size)
    guard size <= limit else {
      throw .unreadable(file: path, reason: "\(size) bytes are too many; it may have \(limit)")
    }
    if size >= smallest && size > 0 {
      guard let map = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), map != MAP_FAILED else { throw failure() }
      storage = Storage(UnsafeRawBufferPointer(start: map, count: size), isMapped: true) {
        munmap(UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
      }
      range = 0..<size
      return
    }
    guard let memory = malloc(max(size, 1)) else { throw failure() }
    storage = Storage(UnsafeRawBufferPointer(start: memory, count: size)) {
      free(UnsafeMutableRawPointer(mutating: $0.baseAddress))
    }
    range = 0..<size
    var filled = 0
    while filled < size {
      let step = read(descriptor, memory + filled, size - filled)
      if step == 0 { throw .unreadable(file: path, reason: "it became shorter while it was read") }
      if step < 0 && errno != EINTR { throw failure() }
      filled += max(step, 0)
    }
  }

  private init(storage: Storage, range: Range<Int>) {
    self.storage = storage
    self.range = range
  }

  /// A part, which lies inside.
  subscript(part: Range<Int>) -> FileBytes {
    require(part.lowerBound >= 0 && part.upperBound <= count, "FileBytes: \(part) is not within \(count) bytes")
    return FileBytes(storage: storage, range: range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }

  /// Calls `body` with the bytes, valid only during the call.
  package func withUnsafeBytes<Result, Failure>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[range]))
  }

  /// Lets the system take back the memory that a large part of a mapped file came to occupy when it was looked at.
  func releasePages() {
    guard storage.isMapped, count >= FileBytes.smallestMapped, let base = storage.bytes.baseAddress else { return }
    let page = Int(getpagesize())
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED)
  }

  /// The unsigned little-endian number of `size` bytes at `offset`, both inside.
  func number(at offset: Int, size: Int) -> UInt64 {
    withUnsafeBytes { bytes in
      (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }
  }
}

/// The message for the current `errno`.
package func systemError() -> String { String(cString: strerror(errno)) }
