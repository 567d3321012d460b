/// Numbers nodes in the order in which they are first seen: an open-addressing table of their addresses.
struct NodeNumbers: ~Copyable {
  private static let none: UInt32 = .max
  private var nodes: ContiguousArray<UInt> = []
  private var slots: UnsafeMutablePointer<UInt32>
  private var bits = 8

  init() { slots = NodeNumbers.emptySlots(bits) }

  deinit { slots.deallocate() }

  private static func emptySlots(_ bits: Int) -> UnsafeMutablePointer<UInt32> {
    let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: 1 << bits)
    slots.initialize(repeating: none, count: 1 << bits)
    return slots
  }

  /// The node's number; a new one if it has none yet.
  @inline(__always)
  mutating func number(of node: Unmanaged<Node>) -> (number: Int, isNew: Bool) {
    let address = UInt(bitPattern: node.toOpaque())
    let slot = find(address)
    if slot.pointee != NodeNumbers.none { return (Int(slot.pointee), false) }
    let number = nodes.count
    slot.pointee = UInt32(number)
    nodes.append(address)
    if number > 1 << (bits - 1) { grow() }
    return (number, true)
  }

  /// The slot of a node, or the empty one where it belongs; Fibonacci hashing and linear probing.
  @inline(__always)
  private func find(_ address: UInt) -> UnsafeMutablePointer<UInt32> {
    var index = Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> UInt(64 &- bits))
    while slots[index] != NodeNumbers.none, nodes[Int(slots[index])] != address {
      index = (index &+ 1) & (1 << bits &- 1)
    }
    return slots + index
  }

  @inline(never)
  private mutating func grow() {
    slots.deallocate()
    bits += 2
    slots = NodeNumbers.emptySlots(bits)
    for (number, address) in nodes.enumerated() { find(address).pointee = UInt32(number) }
  }
}
