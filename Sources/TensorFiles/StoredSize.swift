/// The number of bytes that a file needs for elements in a shape, or nil for a shape that no tensor can have: a negative
/// size, more elements than `Int` counts (empty axes aside, for strides), or too many axes.
func storedByteCount(_ shape: [Int], size: Int) -> Int? {
  guard shape.count <= mostStoredAxes, shape.allSatisfy({ $0 >= 0 }) else { return nil }
  var bound = MemoryLayout<Int>.size
  for axis in shape {
    let (product, overflow) = bound.multipliedReportingOverflow(by: max(axis, 1))
    if overflow { return nil }
    bound = product
  }
  return shape.reduce(size, *)
}

/// As many axes as the engine's loops walk.
let mostStoredAxes = 16
