import CKernels
import Foundation

// What only moves elements, and sums of what is moved to one place.
extension Engine {
  /// Zeros, or `false`, in memory of its own for every element.
  static func zeros<Scalar>(_ shape: [Int]) -> NDArray<Scalar> {
    let result = NDArray<Scalar>(uninitialized: shape)
    let (y, size) = (UnsafeMutableRawPointer(result.target), MemoryLayout<Scalar>.stride)
    parallel(result.count, grain: elementGrain) { part in memset(y + part.lowerBound * size, 0, part.count * size) }
    return result
  }

  /// The same values in row-major order and in full, in memory of their own.
  static func copy<Scalar>(_ x: NDArray<Scalar>) -> NDArray<Scalar> { x.copied() }

  /// Arrays one after another along an axis, in a shape of which the other axes are theirs.
  static func concatenate<Scalar>(_ parts: [NDArray<Scalar>], along axis: Int, shape: [Int]) -> NDArray<Scalar> {
    let isNarrow = storesBFloat16 && parts.contains(where: \.isBFloat16)
    let result: NDArray<Scalar> = isNarrow ? NDArray(uninitializedBFloat16: shape) : NDArray(uninitialized: shape)
    var start = 0
    for part in parts {
      let target = result.layout.sliced(axis: axis, start: start, count: part.shape[axis], step: 1)
      if part.count > 0 { (isNarrow ? part.narrowed() : part.widened()).copy(into: result, target) }
      start += part.shape[axis]
    }
    return result
  }

  /// Whole rows (along the first axis) in the order of `rows`: shape `rows.shape + x.shape[1...]`.
  static func takeRows<Scalar>(_ x: NDArray<Scalar>, _ rows: NDArray<Int>) -> NDArray<Scalar> {
    let isNarrow = x.isBFloat16 && storesBFloat16
    let (source, rows) = (isNarrow ? x.rowMajor() : x.contiguous(), rows.contiguous())
    defer { withExtendedLifetime((source, rows)) {} }
    let shape = rows.shape + x.shape.dropFirst()
    let result: NDArray<Scalar> = isNarrow ? NDArray(uninitializedBFloat16: shape) : NDArray(uninitialized: shape)
    let bytes = x.shape.dropFirst().reduce(1, *) * source.bytesPerElement
    ck_take_rows(rows.count, bytes, rows.pointer, source.address(), result.address())
    return result
  }

  /// Zeros of a shape with each row of `x` added to the row that `rows` names: the adjoint of `takeRows`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  static func scatterRows<Scalar>(_ x: NDArray<Scalar>, _ rows: NDArray<Int>, into shape: [Int]) -> NDArray<Scalar> {
    let (source, indices) = (x.contiguous(), rows.contiguous())
    let result: NDArray<Scalar> = zeros(shape)
    defer { withExtendedLifetime((source, indices)) {} }
    let width = shape.dropFirst().reduce(1, *)
    let (x, index, y) = (source.pointer, indices.pointer, result.target)
    // Every thread takes some columns of all rows, so that no two write to the same place.
    parallel(width, grain: elementGrain / max(indices.count, 1) + 16) { columns in
      let start = columns.lowerBound
      ck_scatter_add_rows(Scalar.element, indices.count, columns.count, width, index, x + start, y + start)
    }
    return result
  }

  /// Puts whole rows (along the first axis), all different, in the places of others; false, and nothing done, where somebody
  /// else sees the memory or it is not in row-major order.
  static func putRows<Scalar>(_ x: NDArray<Scalar>, _ rows: NDArray<Int>, into y: inout NDArray<Scalar>) -> Bool {
    guard y.layout.isContiguous, !y.isBFloat16, y.isUnshared else { return false }
    let (source, rows) = (x.contiguous(), rows.contiguous())
    defer { withExtendedLifetime((source, rows)) {} }
    let width = y.shape.dropFirst().reduce(1, *)
    let (x, index, y) = (source.pointer, rows.pointer, y.target)
    parallel(rows.count, grain: elementGrain / max(width, 1) + 1) { part in
      for row in part { (y + index[row] * width).update(from: x + row * width, count: width) }
    }
    return true
  }

  /// Zeros of a shape with `x` added through a view of it, whose elements may overlap: the adjoint of the view.
  static func addThrough<Scalar>(_ view: Layout, _ x: NDArray<Scalar>, into shape: [Int]) -> NDArray<Scalar> {
    let result: NDArray<Scalar> = zeros(shape)
    accumulate(x.widened(), through: view, of: result)
    return result
  }

  /// The same in place; false, and nothing done, where somebody else sees the memory or it is not in row-major order.
  static func add<Scalar>(_ x: NDArray<Scalar>, through view: Layout, of y: inout NDArray<Scalar>) -> Bool {
    guard y.layout.isContiguous, !y.isBFloat16, y.isUnshared else { return false }
    accumulate(x.widened(), through: view, of: y)
    return true
  }

  private static func accumulate<Scalar>(_ x: NDArray<Scalar>, through view: Layout, of y: NDArray<Scalar>) {
    guard x.count > 0 else { return }
    let loop = StridedLoop(shape: x.shape, strides: [x.layout.strides, view.strides])
    ck_accumulate(
      Scalar.element, loop.shape.count, loop.shape, x.pointer, loop.strides[0], y.storage.pointer + view.offset,
      loop.strides[1])
    withExtendedLifetime(x) {}
  }

  /// Adds a vector in place at some row-major positions, all different; false, and nothing done, where somebody else sees the
  /// memory or it is not in row-major order.
  static func add<Scalar>(_ x: NDArray<Scalar>, at positions: NDArray<Int>, of y: inout NDArray<Scalar>) -> Bool {
    guard y.layout.isContiguous, !y.isBFloat16, y.isUnshared else { return false }
    let (x, positions) = (x.contiguous(), positions.contiguous())
    ck_add_at(Scalar.element, x.count, positions.pointer, x.pointer, y.target)
    withExtendedLifetime((x, positions)) {}
    return true
  }
}

// Positions.
extension Engine {
  /// The first index that is outside `0..<size`.
  static func firstOutside(_ index: NDArray<Int>, size: Int) -> Int? {
    let index = index.contiguous()
    defer { withExtendedLifetime(index) {} }
    let position = ck_first_outside(index.count, index.pointer, size)
    return position < 0 ? nil : index.pointer[position]
  }

  /// The row-major positions in `[outer, size, inner]` of what an index `[outer, picks, inner]` names along the middle: a vector.
  static func positions(_ index: NDArray<Int>, outer: Int, picks: Int, inner: Int, size: Int) -> NDArray<Int> {
    let (index, result) = (index.contiguous(), NDArray<Int>(uninitialized: [index.count]))
    ck_positions_along(outer, picks, inner, size, index.pointer, result.target)
    withExtendedLifetime(index) {}
    return result
  }

  /// How many elements are true.
  static func trueCount(_ mask: NDArray<Bool>) -> Int {
    let mask = mask.contiguous()
    return withExtendedLifetime(mask) { ck_true_positions(mask.count, mask.pointer, nil) }
  }

  /// The row-major positions of the true elements: a vector.
  static func truePositions(_ mask: NDArray<Bool>) -> NDArray<Int> {
    let (mask, result) = (mask.contiguous(), NDArray<Int>(uninitialized: [trueCount(mask)]))
    return withExtendedLifetime(mask) {
      _ = ck_true_positions(mask.count, mask.pointer, result.target)
      return result
    }
  }

  /// True at some row-major positions of a shape and false elsewhere.
  static func mask(at positions: NDArray<Int>, shape: [Int]) -> NDArray<Bool> {
    let (positions, result): (_, NDArray<Bool>) = (positions.contiguous(), zeros(shape))
    let (p, y) = (positions.pointer, result.target)
    for i in 0..<positions.count { y[p[i]] = true }
    withExtendedLifetime(positions) {}
    return result
  }
}
