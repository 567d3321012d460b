import CKernels

// Attention head by head: the matrix of weights of one head stays in cache and is made again for the gradients.
extension Engine {
  /// `softmax(scale · q · kᵀ) · v` for each head: `[…, queries, dimensions]`, `[…, keys, dimensions]` and `[…, keys, values]` with the
  /// same axes before, `[heads]` or `[batch, heads]` say, give `[…, queries, values]`; with the weight 0 where `hidden`,
  /// `[…, queries, keys]`, is true.
  ///
  /// In memory the result's heads lie side by side in each query: put in that order and reshaped, it copies nothing.
  static func attention<Scalar: TensorScalar>(
    _ query: NDArray<Scalar>, _ key: NDArray<Scalar>, _ value: NDArray<Scalar>, hiding hidden: NDArray<Bool>?,
    scale: Scalar
  ) -> NDArray<Scalar> {
    let arrays = [query, key, value].map(inRows)
    let (q, k, v) = (AttentionRows(arrays[0]), AttentionRows(arrays[1]), AttentionRows(arrays[2]))
    let isNarrow = storesBFloat16 && arrays.contains { $0.isBFloat16 }
    let result = sideBySide(query.shape.dropLast() + [v.width], isBFloat16: isNarrow, as: Scalar.self)
    let (mask, target) = (hidden.map(AttentionMask.init), AttentionRows(result))
    parallel(q.starts.count, grain: 1) { part in
      let room = AttentionRoom(Scalar.element, q, k, v)
      defer { withExtendedLifetime(room) {} }
      for head in part {
        room.weigh(q, k, head, Double(scale), hiding: mask)
        room.product(room.weights, v.matrix(head, room.values), to: target, head)
      }
    }
    withExtendedLifetime((arrays, hidden)) {}
    return result
  }

  /// The gradients of `attention` for queries, keys and values.
  static func attentionPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, _ query: NDArray<Scalar>, _ key: NDArray<Scalar>, _ value: NDArray<Scalar>,
    hiding hidden: NDArray<Bool>?, scale: Scalar
  ) -> (query: NDArray<Scalar>, key: NDArray<Scalar>, value: NDArray<Scalar>) {
    let arrays = [query, key, value, g].map(inRows)
    let (q, k, v, gradient) = (
      AttentionRows(arrays[0]), AttentionRows(arrays[1]), AttentionRows(arrays[2]), AttentionRows(arrays[3])
    )
    let results = arrays[..<3].map {
      sideBySide($0.shape, isBFloat16: storesBFloat16 && $0.isBFloat16, as: Scalar.self)
    }
    let (dq, dk, dv) = (AttentionRows(results[0]), AttentionRows(results[1]), AttentionRows(results[2]))
    let mask = hidden.map(AttentionMask.init)
    parallel(q.starts.count, grain: 1) { part in
      let room = AttentionRoom(Scalar.element, q, k, v)
      defer { withExtendedLifetime(room) {} }
      for head in part {
        room.weigh(q, k, head, Double(scale), hiding: mask)
        let output = gradient.matrix(head, room.outputs)
        room.product(room.weights.transposed, output, to: dv, head)
        room.multiply(output, v.matrix(head, room.values).transposed, to: room.scores)
        ck_softmax_pull(Scalar.element, q.rows, k.rows, Double(scale), room.weights.address, room.scores.address)
        room.fillScores(with: 0, where: mask, head)
        room.product(room.scores, k.matrix(head, room.keys), to: dq, head)
        room.product(room.scores.transposed, q.matrix(head, room.queries), to: dk, head)
      }
    }
    withExtendedLifetime((arrays, hidden)) {}
    return (results[0], results[1], results[2])
  }

  /// The array itself, or copied where the last axis has gaps or rows overlap.
  private static func inRows<Scalar>(_ array: NDArray<Scalar>) -> NDArray<Scalar> {
    let (rows, width) = (array.shape[array.rank - 2], array.shape[array.rank - 1])
    let strides = array.layout.strides.suffix(2)
    return strides.last == 1 && (rows < 2 || strides.first! >= width) ? array : array.rowMajor()
  }

  /// Room for `[…, heads, rows, width]` whose heads lie behind the rows in memory.
  private static func sideBySide<Scalar: TensorScalar>(
    _ shape: [Int], isBFloat16: Bool, as: Scalar.Type
  ) -> NDArray<Scalar> {
    var axes = Array(shape.indices)
    if axes.count > 2 { axes.swapAt(axes.count - 3, axes.count - 2) }
    let inMemory = axes.map { shape[$0] }
    let memory: NDArray<Scalar> =
      isBFloat16 ? NDArray(uninitializedBFloat16: inMemory) : NDArray(uninitialized: inMemory)
    return memory.seen(as: memory.layout.permuted(axes))
  }
}

// What is below is not generic: it runs for each head, of which there may be thousands, all small.

/// One side of an attention, `[…, rows, width]`, whose last axis has no gaps in memory; the array must outlive it.
private struct AttentionRows {
  let (rows, width, leading): (Int, Int, Int)
  /// Where each head's matrix starts.
  let starts: [UnsafeMutableRawPointer]
  private let element: ck_element
  private let isNarrow: Bool

  init<Scalar: TensorScalar>(_ array: NDArray<Scalar>) {
    (rows, width) = (array.shape[array.rank - 2], array.shape[array.rank - 1])
    leading = rows < 2 ? width : array.layout.strides[array.rank - 2]
    (element, isNarrow) = (array.element, array.isBFloat16)
    starts = array.layout.startsOfMatrices.map { array.address($0) }
  }

  /// A head's matrix: in place, or where it is stored in half the bits, or is to be scaled, in a room for it.
  func matrix(_ head: Int, scale: Double = 1, _ room: RawMatrix) -> RawMatrix {
    if scale == 1, let matrix = inPlace(head) { return matrix }
    ck_gather_scaled(element, rows, width, leading, scale, starts[head], room.address)
    return room
  }

  /// A head's matrix where it lies, or nil where it is stored in half the bits.
  func inPlace(_ head: Int) -> RawMatrix? {
    isNarrow ? nil : RawMatrix(rows: rows, columns: width, address: starts[head], leading: leading)
  }

  func write(_ matrix: RawMatrix, _ head: Int) {
    ck_spread_rows(element, rows, width, leading, matrix.address, starts[head])
  }
}

/// Which keys each query must not look at, `[…, queries, keys]`; the array must outlive it.
private struct AttentionMask {
  let starts: [UnsafeMutableRawPointer]
  let (row, column): (Int, Int)

  init(_ hidden: NDArray<Bool>) {
    starts = hidden.layout.startsOfMatrices.map { hidden.address($0) }
    (row, column) = (hidden.layout.strides[hidden.rank - 2], hidden.layout.strides[hidden.rank - 1])
  }
}

/// What one thread needs for a head: the weights with what they are made of, and room for what is scaled or not stored in full.
private struct AttentionRoom {
  let (queries, keys, values, outputs): (RawMatrix, RawMatrix, RawMatrix, RawMatrix)
  let (scores, weights): (RawMatrix, RawMatrix)
  private let product: UnsafeMutableRawPointer
  /// For the packed right-hand side of small products, which take less time than a call of BLAS; nil where they are not small.
  private let panels: (address: UnsafeMutableRawPointer, elements: Int)?
  private let element: ck_element
  private let memory: Buffer<UInt8>

  /// The longest side of matrices whose products are small.
  private static var smallLength: Int { 32 }

  init(_ element: ck_element, _ q: AttentionRows, _ k: AttentionRows, _ v: AttentionRows) {
    let longest = max(q.rows, k.rows, q.width, v.width)
    let isSmall = kernelsAreOptimized && longest <= AttentionRoom.smallLength
    let bytes = element == CK_F64 ? 8 : 4
    let sizes = [
      (q.rows, q.width), (k.rows, k.width), (v.rows, v.width), (q.rows, v.width), (q.rows, k.rows), (q.rows, k.rows),
    ]
    let lengths =
      sizes.map { $0.0 * $0.1 }
      + [
        max(q.rows, k.rows) * max(q.width, v.width),
        isSmall ? Panels(element, depth: longest, columns: longest).elements : 0,
      ]
    // Each part begins at a vector's boundary.
    let starts = lengths.reduce(into: [0]) { $0.append($0.last! + ($1 * bytes + 63) / 64 * 64) }
    let memory = Buffer<UInt8>(count: starts.last!)
    let parts = starts.map { UnsafeMutableRawPointer(memory.pointer) + $0 }
    let matrices = zip(sizes, parts).map {
      RawMatrix(rows: $0.0, columns: $0.1, address: $1, leading: $0.1)
    }
    (queries, keys, values, outputs) = (matrices[0], matrices[1], matrices[2], matrices[3])
    (scores, weights) = (matrices[4], matrices[5])
    (product, panels) = (parts[6], isSmall ? (parts[7], lengths[7]) : nil)
    (self.element, self.memory) = (element, memory)
  }

  /// Makes the weights of a head.
  func weigh(_ q: AttentionRows, _ k: AttentionRows, _ head: Int, _ scale: Double, hiding mask: AttentionMask?) {
    multiply(q.matrix(head, scale: scale, queries), k.matrix(head, keys).transposed, to: scores)
    fillScores(with: -.infinity, where: mask, head)
    ck_softmax_rows(element, weights.rows, weights.columns, 0, scores.address, weights.address)
  }

  /// Puts a value where a head's mask is true.
  func fillScores(with value: Double, where mask: AttentionMask?, _ head: Int) {
    guard let mask else { return }
    ck_fill_where(
      element, scores.rows, scores.columns, mask.starts[head], mask.row, mask.column, value, scores.address)
  }

  func multiply(_ a: RawMatrix, _ b: RawMatrix, to c: RawMatrix) {
    guard let panels else { return gemm(element, a, b, beta: 0, to: c) }
    let shape = Panels(element, depth: b.rows, columns: b.columns)
    require(
      shape.elements <= panels.elements, "attention: \(shape.elements) packed elements in room for \(panels.elements)")
    shape.pack(0..<shape.count, of: b, into: panels.address)
    shape.product(a, panels.address, to: c)
  }

  /// A product that is a head's part of a result.
  func product(_ a: RawMatrix, _ b: RawMatrix, to result: AttentionRows, _ head: Int) {
    if let place = result.inPlace(head) { return multiply(a, b, to: place) }
    let whole = RawMatrix(rows: result.rows, columns: result.width, address: product, leading: result.width)
    multiply(a, b, to: whole)
    result.write(whole, head)
  }
}

extension Layout {
  /// Where each matrix of the last two axes starts, counted from the offset.
  fileprivate var startsOfMatrices: [Int] {
    zip(shape, strides).dropLast(2).reduce([0]) { starts, axis in
      starts.flatMap { start in (0..<axis.0).map { start + $0 * axis.1 } }
    }
  }
}
