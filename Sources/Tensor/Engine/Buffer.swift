/// Memory to work in: aligned, uninitialised at first, returned to the pool when nobody uses it.
final class Buffer<Element>: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Element>
  let count: Int
  private let block: BufferPool.Block

  init(count: Int) {
    block = BufferPool.shared.take(bytes: byteCount(of: count, Element.self))
    pointer = block.address.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  deinit {
    BufferPool.shared.give(block)
  }
}
