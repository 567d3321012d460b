/// How a tensor's elements lie in its buffer: a shape, a stride for each axis and an offset, all in elements.
final class Layout: Sendable {
  let shape: [Int]
  let strides: [Int]
  let offset: Int
  let count: Int
  /// Whether the elements lie in row-major order without gaps.
  let isContiguous: Bool

  init(shape: [Int], strides: [Int], offset: Int) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
    count = Layout.count(of: shape)
    var expected = 1
    var contiguous = true
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != expected { contiguous = false }
      expected &*= shape[axis]  // overflows only where another size is 0
    }
    isContiguous = contiguous || count == 0
  }

  init(contiguous shape: [Int]) {
    self.shape = shape
    count = Layout.count(of: shape)
    strides = Layout.contiguousStrides(shape)
    offset = 0
    isContiguous = true
  }

  var rank: Int { shape.count }

  static func count(of shape: [Int]) -> Int {
    guard let count = countIfAny(of: shape) else {
      trap("shape \(shape) has a negative size or more elements than Int can count", file: #fileID, line: #line)
    }
    return count
  }

  /// The number of elements, or nil where a size is negative or Int cannot count them.
  fileprivate static func countIfAny(of shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || size < 0 { return nil }
      count = product
    }
    return count
  }

  static func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var stride = 1
    for axis in shape.indices.reversed() {
      strides[axis] = stride
      stride &*= max(shape[axis], 1)  // overflows only where another size is 0
    }
    return strides
  }

  func permuted(_ axes: [Int]) -> Layout {
    Layout(shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] }, offset: offset)
  }

  /// Repeats axes of size one (and leading axes that are missing) by giving them stride zero.
  func expanded(to target: [Int]) -> Layout {
    let missing = target.count - rank
    let newStrides = target.indices.map { axis in
      axis < missing || shape[axis - missing] != target[axis] ? 0 : strides[axis - missing]
    }
    return Layout(shape: target, strides: newStrides, offset: offset)
  }

  /// Every `step`-th element of an axis, starting at `start`; a negative step walks backwards.
  func sliced(axis: Int, start: Int, count: Int, step: Int) -> Layout {
    var newShape = shape
    var newStrides = strides
    newShape[axis] = count
    newStrides[axis] = strides[axis] &* step  // overflows only where one element is left
    return Layout(shape: newShape, strides: newStrides, offset: count == 0 ? offset : offset + start * strides[axis])
  }

  func removing(axis: Int) -> Layout {
    var newShape = shape
    var newStrides = strides
    newShape.remove(at: axis)
    newStrides.remove(at: axis)
    return Layout(shape: newShape, strides: newStrides, offset: offset)
  }

  func inserting(axis: Int) -> Layout {
    var newShape = shape
    var newStrides = strides
    newShape.insert(1, at: axis)
    newStrides.insert(0, at: axis)
    return Layout(shape: newShape, strides: newStrides, offset: offset)
  }

  /// The shape with some axes of size one.
  func keeping(_ axes: [Int]) -> [Int] {
    var result = shape
    for axis in axes { result[axis] = 1 }
    return result
  }

  /// The sizes before, of and after an axis, for loops over contiguous elements.
  func around(_ axis: Int) -> (outer: Int, size: Int, inner: Int) { around(axis...axis) }

  /// The sizes before, of and after neighbouring axes, for loops over contiguous elements.
  func around(_ axes: ClosedRange<Int>) -> (outer: Int, size: Int, inner: Int) {
    (shape[..<axes.lowerBound].reduce(1, *), shape[axes].reduce(1, *), shape[(axes.upperBound + 1)...].reduce(1, *))
  }

  /// The layout of the same elements in another shape, if it needs no copy.
  func reshaped(to target: [Int]) -> Layout? {
    if isContiguous { return Layout(shape: target, strides: Layout.contiguousStrides(target), offset: offset) }
    return nil
  }
}

/// The shape that NumPy's broadcasting gives two shapes, or nil where they do not fit.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
  if a == b { return a }
  let rank = max(a.count, b.count)
  var shape = [Int](repeating: 1, count: rank)
  for axis in 0..<rank {
    let x = axis < rank - a.count ? 1 : a[axis - rank + a.count]
    let y = axis < rank - b.count ? 1 : b[axis - rank + b.count]
    if x != y && x != 1 && y != 1 { return nil }
    shape[axis] = x == 1 ? y : x
  }
  return shape
}

/// Traps where a shape has a negative size, or where its elements, `stride` bytes each, are more than Int can count.
func requireShape(_ name: StaticString, _ shape: [Int], stride: Int = 1, _ file: StaticString, _ line: UInt) {
  guard let count = Layout.countIfAny(of: shape) else {
    trap(
      "\(name): shape \(shape) has a negative size or more elements than Int can count", file: file, line: line)
  }
  require(
    count <= Int.max / 2 / stride, "\(name): shape \(shape) takes more bytes than Int can count", file: file, line: line
  )
}

/// Traps unless two shapes broadcast to one.
func requireBroadcast(_ name: StaticString, _ a: [Int], _ b: [Int], _ file: StaticString, _ line: UInt) {
  if a == b { return }
  require(
    broadcastShape(a, b) != nil, "\(name): \(a) and \(b) do not broadcast to one shape", file: file, line: line)
}
