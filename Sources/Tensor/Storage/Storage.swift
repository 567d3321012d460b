/// The memory behind one or more tensors: uninitialised at first, returned to the pool when nobody uses it.
///
/// Written only before it is shared; that is what lets tensors be `Sendable`. The elements of a small storage lie in the object
/// itself, which saves an allocation; those of a larger one are aligned to 64 bytes. `Float`s may be stored as bfloat16.
final class Storage<Element>: ManagedBuffer<StorageHeader, Element> {
  private static var mostBytesInside: Int { 1 << 10 }

  static func make(count: Int) -> Storage {
    let bytes = byteCount(of: count, Element.self)
    let isInside = bytes <= mostBytesInside
    let storage = create(minimumCapacity: isInside ? count : 0) { storage in
      if isInside {
        return storage.withUnsafeMutablePointerToElements {
          StorageHeader(address: $0, count: count, isBFloat16: false, block: nil)
        }
      }
      let block = BufferPool.shared.take(bytes: bytes)
      block.address.bindMemory(to: Element.self, capacity: count)
      return StorageHeader(address: block.address, count: count, isBFloat16: false, block: block)
    }
    return unsafeDowncast(storage, to: Storage.self)
  }

  /// The same for elements of half the bits.
  static func makeBFloat16(count: Int) -> Storage {
    let storage = create(minimumCapacity: 0) { storage in
      let block = BufferPool.shared.take(bytes: byteCount(of: count, UInt16.self))
      block.address.bindMemory(to: UInt16.self, capacity: count)
      return StorageHeader(address: block.address, count: count, isBFloat16: true, block: block)
    }
    return unsafeDowncast(storage, to: Storage.self)
  }

  /// The first element; traps where the elements have half the bits.
  @inline(__always)
  var pointer: UnsafeMutablePointer<Element> {
    withUnsafeMutablePointerToHeader {
      precondition(!$0.pointee.isBFloat16, "elements stored as bfloat16 have no address of full ones")
      return $0.pointee.address.assumingMemoryBound(to: Element.self)
    }
  }

  @inline(__always)
  var address: UnsafeMutableRawPointer { header.address }

  @inline(__always)
  var isBFloat16: Bool { withUnsafeMutablePointerToHeader { $0.pointee.isBFloat16 } }

  @inline(__always)
  var count: Int { header.count }

  deinit {
    if let block = withUnsafeMutablePointerToHeader({ $0.pointee.block }) { BufferPool.shared.give(block) }
  }
}

/// The bytes that elements take; traps where Int cannot count them.
func byteCount<Element>(of count: Int, _: Element.Type) -> Int {
  let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
  if overflow || bytes > Int.max / 2 {
    trap("\(count) elements of \(Element.self) take more bytes than Int can count", file: #fileID, line: #line)
  }
  return bytes
}

/// Where a storage's elements lie.
struct StorageHeader {
  let address: UnsafeMutableRawPointer
  let count: Int
  /// Whether each element is the upper half of a `Float`.
  let isBFloat16: Bool
  /// What the pool lent, unless the elements lie in the storage itself.
  let block: BufferPool.Block?
}
