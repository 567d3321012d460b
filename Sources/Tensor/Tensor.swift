/// An n-dimensional array of `Scalar`s that remembers how it was computed, so that it can be differentiated.
///
/// A tensor is a value: nothing that you do with it changes another one. Views (`transposed()`, `sliced(along:_:)`,
/// `expanded(to:)`, …) copy nothing. Shapes are known at run time; errors in them trap and name the operation, the
/// shapes and, for methods, the caller's line.
public struct Tensor<Scalar: TensorElement>: Sendable {
  /// The elements, without the graph; changed only by those who own them alone.
  var array: NDArray<Scalar>
  /// The tensor's place in the recorded graph; nil for constants.
  var node: Node?

  /// Elements at a place in the graph, or a constant.
  @inline(__always)
  init(_ array: NDArray<Scalar>, node: Node? = nil) {
    self.array = array
    self.node = node
  }

  @inline(__always)
  var layout: Layout { array.layout }

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
    return withUnsafeScalars { $0[0] }
  }

  /// Calls `body` with the elements in row-major order, valid only during the call.
  public func withUnsafeScalars<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
    let dense = array.contiguous()
    defer { withExtendedLifetime(dense) {} }
    return try body(UnsafeBufferPointer(start: dense.pointer, count: count))
  }

  /// The same values outside the graph: a constant with regard to gradients, which stop here.
  public var detached: Tensor { Tensor(array) }

  /// The same values in row-major order, copied only where they are not; outside the graph.
  func contiguous() -> Tensor { Tensor(array.contiguous()) }
}

/// Class indices, one a sample.
public typealias Labels = Tensor<Int>
