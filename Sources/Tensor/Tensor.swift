import CKernels

/// An n-dimensional array of `Scalar`s that remembers how it was computed, so that it can be differentiated.
///
/// A tensor is a value: nothing that you do with it changes another one. Views (`transposed()`, `sliced(along:_:)`,
/// `expanded(to:)`, …) copy nothing. Shapes are known at run time; errors in them trap and name the operation, the
/// shapes and, for methods, the caller's line.
public struct Tensor<Scalar: TensorElement>: Sendable {
  nonisolated(unsafe) private(set) var buffer: Storage<Scalar>
  let layout: Layout
  /// The tensor's place in the recorded graph; nil for constants.
  private(set) var node: Node?

  init(buffer: Storage<Scalar>, layout: Layout, node: Node? = nil) {
    self.buffer = buffer
    self.layout = layout
    self.node = node
  }

  /// The size along each axis; empty for a single number.
  public var shape: [Int] { layout.shape }

  /// The number of axes.
  public var rank: Int { layout.rank }

  /// The number of elements.
  public var count: Int { layout.count }

  /// Whether gradients can flow to or through this tensor.
  public var isTracked: Bool { node != nil }

  /// A copy of the elements in row-major order.
  public var scalars: [Scalar] {
    withUnsafeScalars { Array($0) }
  }

  /// The only element of a tensor that has just one.
  ///
  /// Traps for any other number of elements; a property cannot name its caller's line.
  public var item: Scalar {
    require(count == 1, "item: a tensor of shape \(shape) has \(count) elements, not one")
    return buffer.pointer[layout.offset]
  }

  /// Calls `body` with the elements in row-major order, valid only during the call.
  public func withUnsafeScalars<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    let dense = contiguous()
    defer { withExtendedLifetime(dense) {} }
    return try body(UnsafeBufferPointer(start: dense.pointer, count: count))
  }

  /// The first element's address; the elements follow in row-major order only if the layout is contiguous.
  var pointer: UnsafePointer<Scalar> { UnsafePointer(buffer.pointer + layout.offset) }

  /// The same values outside the graph: a constant with regard to gradients, which stop here.
  public var detached: Tensor { Tensor(buffer: buffer, layout: layout) }

  /// The same values in row-major order, copied only where they are not; outside the graph.
  func contiguous() -> Tensor {
    if layout.isContiguous { return detached }
    let result = Tensor(uninitialized: layout.shape)
    copyElements(from: self, into: result.buffer.pointer, result.layout)
    return result
  }

  /// The same values at a place in the graph.
  @inline(__always)
  consuming func placed(at node: Node) -> Tensor {
    self.node = node
    return self
  }

  /// Whether nobody else sees the memory, so that it may be written to.
  var isUnshared: Bool {
    mutating get { isKnownUniquelyReferenced(&buffer) }
  }

  /// A new contiguous tensor whose elements the caller must write before sharing it.
  init(uninitialized shape: [Int]) {
    let layout = Layout(contiguous: shape)
    self.init(buffer: Storage.make(count: layout.count), layout: layout)
  }

  init(uninitializedLike layout: Layout) {
    if layout.isContiguous && layout.offset == 0 {
      self.init(buffer: Storage.make(count: layout.count), layout: layout)
    } else {
      self.init(uninitialized: layout.shape)
    }
  }
}

/// Class indices, one a sample.
public typealias Labels = Tensor<Int>

/// Copies `source` to `target`, which has the same shape and any strides.
func copyElements<Scalar>(
  from source: Tensor<Scalar>, into target: UnsafeMutablePointer<Scalar>, _ layout: Layout
) {
  let loop = StridedLoop(shape: source.shape, strides: [source.layout.strides, layout.strides])
  let rowCount = source.count / max(loop.shape[0], 1)
  let size = MemoryLayout<Scalar>.stride
  let from = source.pointer
  let to = target + layout.offset
  parallel(loop.shape[0], grain: elementGrain / max(rowCount, 1) + 1) { part in
    var shape = loop.shape
    shape[0] = part.count
    ck_copy(
      size, shape.count, shape, from + part.lowerBound * loop.strides[0][0], loop.strides[0],
      to + part.lowerBound * loop.strides[1][0], loop.strides[1])
  }
}

/// The least number of elements worth a thread.
let elementGrain = 1 << 15
