import CKernels

/// The axes of a strided loop over several operands, with neighbouring axes merged where every operand allows it.
struct StridedLoop {
  private(set) var shape: [Int] = []
  private(set) var strides: [[Int]]

  init(shape full: [Int], strides all: [[Int]]) {
    strides = all.map { _ in [] }
    for axis in full.indices where full[axis] != 1 {
      if let last = shape.last, all.indices.allSatisfy({ strides[$0].last! == all[$0][axis] * full[axis] }), last > 0 {
        shape[shape.count - 1] = last * full[axis]
        for k in all.indices { strides[k][strides[k].count - 1] = all[k][axis] }
      } else {
        shape.append(full[axis])
        for k in all.indices { strides[k].append(all[k][axis]) }
      }
    }
    require(
      shape.count <= Int(CK_MAX_DIMENSIONS),
      "an operation on shape \(full) walks \(shape.count) axes that do not merge, more than \(CK_MAX_DIMENSIONS)")
    if shape.isEmpty {
      shape = [1]
      strides = all.map { _ in [0] }
    }
  }
}
