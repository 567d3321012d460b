import CKernels

/// Elements in memory and how they lie there: what the engine takes and gives.
///
/// The elements of an array of `Float`s may be stored as bfloat16: what reads `pointer` takes `contiguous()` or `widened()` first,
/// which are full floats. It knows neither gradients nor the tape. A value: its elements are written only while nobody else sees the memory.
struct NDArray<Scalar: TensorElement>: Sendable {
  nonisolated(unsafe) private(set) var storage: Storage<Scalar>
  let layout: Layout

  @inline(__always)
  init(storage: Storage<Scalar>, layout: Layout) {
    self.storage = storage
    self.layout = layout
  }

  /// A new contiguous array whose elements the caller must write before sharing it.
  init(uninitialized shape: [Int]) {
    let layout = Layout(contiguous: shape)
    self.init(storage: Storage.make(count: layout.count), layout: layout)
  }

  /// The same in the shape of a layout.
  init(uninitializedLike layout: Layout) {
    if layout.isContiguous && layout.offset == 0 {
      self.init(storage: Storage.make(count: layout.count), layout: layout)
    } else {
      self.init(uninitialized: layout.shape)
    }
  }

  var shape: [Int] { layout.shape }
  var rank: Int { layout.rank }
  var count: Int { layout.count }

  /// The first element's address; the elements follow in row-major order only if the layout is contiguous.
  var pointer: UnsafePointer<Scalar> { UnsafePointer(storage.pointer + layout.offset) }

  /// Where to write a new array's elements.
  var target: UnsafeMutablePointer<Scalar> { storage.pointer + layout.offset }

  /// Whether each element is stored in half the bits.
  ///
  /// Asked for at every operation: the storage is not retained for it.
  @inline(__always)
  var isBFloat16: Bool { Unmanaged.passUnretained(storage)._withUnsafeGuaranteedRef { $0.isBFloat16 } }

  /// How the kernels name the elements as they are stored.
  @inline(__always)
  var element: ck_element { isBFloat16 ? CK_BF16 : Scalar.element }

  /// The address of an element, counted from the first as they lie in memory, in whichever form they are stored.
  @inline(__always)
  func address(_ position: Int = 0) -> UnsafeMutableRawPointer {
    storage.address + (layout.offset + position) * bytesPerElement
  }

  @inline(__always)
  var bytesPerElement: Int { isBFloat16 ? 2 : MemoryLayout<Scalar>.stride }

  /// Whether nobody else sees the memory, so that it may be written to.
  var isUnshared: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) }
  }

  /// The same memory seen in another way.
  func seen(as layout: Layout) -> NDArray { NDArray(storage: storage, layout: layout) }
}
