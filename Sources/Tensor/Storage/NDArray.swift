/// Elements in memory and how they lie there: what the engine takes and gives.
///
/// It knows neither gradients nor the tape. A value: its elements are written only while nobody else sees the memory.
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

  /// Whether nobody else sees the memory, so that it may be written to.
  var isUnshared: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) }
  }

  /// The same memory seen in another way.
  func seen(as layout: Layout) -> NDArray { NDArray(storage: storage, layout: layout) }
}
