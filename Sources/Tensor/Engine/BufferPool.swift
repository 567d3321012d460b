import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps freed blocks of memory for the next buffer: page faults of fresh memory cost more than most kernels.
///
/// Blocks come in size classes an eighth of a power of two apart. Small blocks go straight to `malloc`, which is good at them.
final class BufferPool: Sendable {
  struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let bytes: Int
  }

  static let shared = BufferPool()

  private static let alignment = 64
  /// Blocks of this size and more are put on huge pages, where the system offers them: fewer faults, fewer misses.
  private static let smallestHuge = 1 << 22
  private static let hugePage = 1 << 21
  private static let smallestPooled = 1 << 15
  private static let mostIdleBytes = 1 << 29

  private struct Idle {
    var blocks: [Int: [Block]] = [:]
    var bytes = 0
  }

  private let idle = Mutex(Idle())

  func take(bytes requested: Int) -> Block {
    let bytes = BufferPool.sizeClass(requested)
    if bytes >= BufferPool.smallestPooled {
      let reused = idle.withLock { idle -> Block? in
        guard let block = idle.blocks[bytes]?.popLast() else { return nil }
        idle.bytes -= bytes
        return block
      }
      if let reused { return reused }
    }
    var address: UnsafeMutableRawPointer?
    let isHuge = bytes >= BufferPool.smallestHuge
    let alignment = isHuge ? BufferPool.hugePage : BufferPool.alignment
    guard posix_memalign(&address, alignment, bytes) == 0, let address else {
      trap("out of memory: \(bytes) bytes", file: #fileID, line: #line)
    }
    if isHuge { _ = madvise(address, bytes, Int32(MADV_HUGEPAGE)) }
    return Block(address: address, bytes: bytes)
  }

  func give(_ block: Block) {
    if block.bytes >= BufferPool.smallestPooled {
      let kept = idle.withLock { idle -> Bool in
        guard idle.bytes + block.bytes <= BufferPool.mostIdleBytes else { return false }
        idle.blocks[block.bytes, default: []].append(block)
        idle.bytes += block.bytes
        return true
      }
      if kept { return }
    }
    free(block.address)
  }

  private static func sizeClass(_ bytes: Int) -> Int {
    guard bytes >= smallestPooled else { return max(bytes, alignment) }
    let step = (1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount)) / 8
    return (bytes + step - 1) / step * step
  }
}
