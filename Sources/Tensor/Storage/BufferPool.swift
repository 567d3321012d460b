import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps freed blocks of memory for the next buffer: page faults of fresh memory cost more than most kernels.
///
/// Blocks come in size classes an eighth of a power of two apart. Never more memory is held than was once in use at the
/// same time (or `leastKept`): before that would happen, idle blocks go back to the system. Small blocks go straight to
/// `malloc`, which is good at them; large ones lie in huge pages where the system has them.
final class BufferPool: Sendable {
  struct Block: @unchecked Sendable {
    let address: UnsafeMutableRawPointer
    let bytes: Int
  }

  static let shared = BufferPool()

  private static let alignment = 64
  private static let hugePage = 1 << 21
  private static let smallestPooled = 1 << 15
  private static let leastKept = 1 << 29

  private struct State {
    var idle: [Int: [Block]] = [:]
    var idleBytes = 0
    var usedBytes = 0
    var mostUsedBytes = BufferPool.leastKept

    /// A block of this size class, or of one of the next two.
    mutating func reuse(_ bytes: Int) -> Block? {
      var size = bytes
      for _ in 0..<3 {
        if let block = idle[size]?.popLast() {
          idleBytes -= size
          return block
        }
        size = BufferPool.sizeClass(size + 1)
      }
      return nil
    }

    /// Takes out idle blocks, the largest first, until no more is held than was once in use.
    mutating func surplus() -> [Block] {
      var blocks: [Block] = []
      while idleBytes > 0, idleBytes + usedBytes > mostUsedBytes,
        let size = idle.filter({ !$0.value.isEmpty }).keys.max(), let block = idle[size]?.popLast()
      {
        idleBytes -= size
        blocks.append(block)
      }
      return blocks
    }
  }

  private let state = Mutex(State())

  func take(bytes requested: Int) -> Block {
    let bytes = BufferPool.sizeClass(requested)
    guard bytes >= BufferPool.smallestPooled else { return BufferPool.allocate(bytes) }
    let (reused, surplus) = state.withLock { state -> (Block?, [Block]) in
      let block = state.reuse(bytes)
      state.usedBytes += block?.bytes ?? bytes
      state.mostUsedBytes = max(state.mostUsedBytes, state.usedBytes)
      return (block, block == nil ? state.surplus() : [])
    }
    for block in surplus { free(block.address) }
    if let block = reused ?? BufferPool.allocated(bytes) { return block }
    let idle = state.withLock { state in
      defer { (state.idle, state.idleBytes) = ([:], 0) }
      return state.idle.values.joined()
    }
    for block in idle { free(block.address) }
    return BufferPool.allocate(bytes)
  }

  func give(_ block: Block) {
    guard block.bytes >= BufferPool.smallestPooled else { return free(block.address) }
    state.withLock { state in
      state.idle[block.bytes, default: []].append(block)
      state.idleBytes += block.bytes
      state.usedBytes -= block.bytes
    }
  }

  private static func allocate(_ bytes: Int) -> Block {
    guard let block = allocated(bytes) else { OutOfMemory.report(bytes) }
    return block
  }

  /// Fresh memory, or nil where the system has no more.
  private static func allocated(_ bytes: Int) -> Block? {
    var address: UnsafeMutableRawPointer?
    let isHuge = bytes >= 2 * hugePage
    guard posix_memalign(&address, isHuge ? hugePage : alignment, bytes) == 0, let address else { return nil }
    #if os(Linux)
      if isHuge { madvise(address, bytes, Int32(MADV_HUGEPAGE)) }
    #endif
    return Block(address: address, bytes: bytes)
  }

  private static func sizeClass(_ bytes: Int) -> Int {
    guard bytes >= smallestPooled else { return max(bytes, alignment) }
    let step = (1 << (Int.bitWidth - 1 - bytes.leadingZeroBitCount)) / 8
    return (bytes + step - 1) / step * step
  }
}
