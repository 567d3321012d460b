import CKernels

/// Frees graphs of any depth with a bounded stack.
///
/// A dying node frees the nodes below it, as usual, but only to a fixed depth; what nodes further down hold is put into a
/// queue of the thread, which the uppermost of them empties.
final class ReleaseQueue {
  private static let mostDepth = 128
  private var items: [Any] = []

  /// Frees what a dying node holds: `release` lets go of it, `remove` takes it out of the node.
  @inline(__always)
  static func free(_ release: () -> Void, orLater remove: () -> Any) {
    let depth = ck_enter_release()
    if depth < mostDepth {
      release()
    } else {
      enqueue(remove())
    }
    if depth == 0, ck_release_queue() != nil { drain() }
    ck_leave_release()
  }

  @inline(never)
  private static func enqueue(_ item: Any) {
    if ck_release_queue() == nil { ck_set_release_queue(Unmanaged.passRetained(ReleaseQueue()).toOpaque()) }
    Unmanaged<ReleaseQueue>.fromOpaque(ck_release_queue()).takeUnretainedValue().items.append(item)
  }

  @inline(never)
  private static func drain() {
    let queue = Unmanaged<ReleaseQueue>.fromOpaque(ck_release_queue()).takeRetainedValue()
    while queue.freeOne() {}
    ck_set_release_queue(nil)
  }

  /// Not inlined, so that the item dies when the queue is no longer being changed.
  @inline(never)
  private func freeOne() -> Bool { removeLast() != nil }

  @inline(never)
  private func removeLast() -> Any? { items.popLast() }
}
