/// Memory to work in: aligned, uninitialised at first, returned to the pool when nobody uses it.
package final class Buffer<Element>: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Element>
  package let count: Int
  private let block: BufferPool.Block

  package init(count: Int) {
    block = BufferPool.shared.take(bytes: byteCount(of: count, Element.self))
    pointer = block.address.bindMemory(to: Element.self, capacity: count)
    self.count = count
  }

  deinit {
    BufferPool.shared.give(block)
  }
}
