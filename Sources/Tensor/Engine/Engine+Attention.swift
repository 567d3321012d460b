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
    let (q, k, v) = (AttentionRows(query), AttentionRows(key), AttentionRows(value))
    let isNarrow = storesBFloat16 && (query.isBFloat16 || key.isBFloat16 || value.isBFloat16)
    let result = AttentionRows(result: q.batch, rows: q.rows, width: v.width, isBFloat16: isNarrow, as: Scalar.self)
    parallel(q.heads, grain: 1) { part in
      let room = AttentionRoom(q, k, v)
      for head in part {
        room.read(q, k, v, head, scale)
        room.weigh(hiding: hidden, head)
        room.product(room.weights, room.values, to: result, head)
      }
    }
    withExtendedLifetime((q, k, v, hidden)) {}
    return result.array
  }

  /// The gradients of `attention` for queries, keys and values.
  static func attentionPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, _ query: NDArray<Scalar>, _ key: NDArray<Scalar>, _ value: NDArray<Scalar>,
    hiding hidden: NDArray<Bool>?, scale: Scalar
  ) -> (query: NDArray<Scalar>, key: NDArray<Scalar>, value: NDArray<Scalar>) {
    let (q, k, v, gradient) = (AttentionRows(query), AttentionRows(key), AttentionRows(value), AttentionRows(g))
    func result(_ rows: AttentionRows<Scalar>) -> AttentionRows<Scalar> {
      AttentionRows(
        result: rows.batch, rows: rows.rows, width: rows.width, isBFloat16: storesBFloat16 && rows.array.isBFloat16,
        as: Scalar.self)
    }
    let (dq, dk, dv) = (result(q), result(k), result(v))
    parallel(q.heads, grain: 1) { part in
      let room = AttentionRoom(q, k, v)
      let output = AttentionRoom<Scalar>.Matrix(q.rows, v.width)
      for head in part {
        room.read(q, k, v, head, scale)
        room.weigh(hiding: hidden, head)
        gradient.read(head, scale: 1, to: output)
        room.product(room.weights.transposed, output, to: dv, head)
        room.multiply(output, room.values.transposed, to: room.scores)
        ck_softmax_pull(
          Scalar.element, q.rows, k.rows, Double(scale), room.weights.buffer.pointer, room.scores.buffer.pointer)
        room.fillScores(with: 0, where: hidden, head)
        room.product(room.scores, room.keys, to: dq, head)
        q.read(head, scale: 1, to: room.queries)
        room.product(room.scores.transposed, room.queries, to: dk, head)
      }
    }
    withExtendedLifetime((q, k, v, gradient, hidden)) {}
    return (dq.array, dk.array, dv.array)
  }
}

/// One side of an attention: `[…, rows, width]` in memory whose last axis has no gaps.
private struct AttentionRows<Scalar: TensorScalar> {
  let array: NDArray<Scalar>

  var batch: [Int] { Array(array.shape.dropLast(2)) }
  var rows: Int { array.shape[array.rank - 2] }
  var width: Int { array.shape[array.rank - 1] }
  var heads: Int { Layout.count(of: batch) }
  private var leading: Int { array.layout.strides[array.rank - 2] }

  init(_ array: NDArray<Scalar>) {
    let strides = array.layout.strides.suffix(2)
    self.array = strides.last == 1 && strides.first! >= 0 ? array : array.rowMajor()
  }

  /// Room for a result; the last of the axes before the rows lies behind them in memory.
  init(result batch: [Int], rows: Int, width: Int, isBFloat16: Bool, as: Scalar.Type) {
    let shape: [Int] = Array(batch.dropLast(1)) + [rows] + Array(batch.suffix(1)) + [width]
    let memory: NDArray<Scalar> =
      isBFloat16 ? NDArray(uninitializedBFloat16: shape) : NDArray(uninitialized: shape)
    var axes = Array(0..<shape.count)
    if !batch.isEmpty { axes.swapAt(batch.count - 1, batch.count) }
    array = memory.seen(as: memory.layout.permuted(axes))
  }

  func read(_ head: Int, scale: Scalar, to matrix: AttentionRoom<Scalar>.Matrix) {
    ck_gather_scaled(
      array.element, rows, width, leading, Double(scale), array.address(array.layout.start(of: head)),
      matrix.buffer.pointer)
  }

  func write(_ matrix: AttentionRoom<Scalar>.Matrix, _ head: Int) {
    ck_spread_rows(
      array.element, rows, width, leading, matrix.buffer.pointer, array.address(array.layout.start(of: head)))
  }
}

/// What one thread needs for a head: queries times the scale, keys, values, and the weights with what they are made of, in full.
private struct AttentionRoom<Scalar: TensorScalar> {
  /// A matrix in memory of its own, perhaps seen transposed.
  struct Matrix {
    let (rows, columns): (Int, Int)
    let buffer: Buffer<Scalar>
    private let isTransposed: Bool

    init(_ rows: Int, _ columns: Int) {
      (self.rows, self.columns, isTransposed) = (rows, columns, false)
      buffer = Buffer(count: rows * columns)
    }

    private init(transposing other: Matrix) {
      (rows, columns, buffer, isTransposed) = (other.columns, other.rows, other.buffer, !other.isTransposed)
    }

    var transposed: Matrix { Matrix(transposing: self) }

    var operand: MatrixOperand<Scalar> {
      MatrixOperand(
        pointer: buffer.pointer, isTransposed: isTransposed, leading: max(isTransposed ? rows : columns, 1))
    }
  }

  let (queries, keys, values): (Matrix, Matrix, Matrix)
  let (scores, weights): (Matrix, Matrix)

  init(_ q: AttentionRows<Scalar>, _ k: AttentionRows<Scalar>, _ v: AttentionRows<Scalar>) {
    (queries, keys) = (Matrix(q.rows, q.width), Matrix(k.rows, k.width))
    values = Matrix(v.rows, v.width)
    (scores, weights) = (Matrix(q.rows, k.rows), Matrix(q.rows, k.rows))
  }

  func read(
    _ q: AttentionRows<Scalar>, _ k: AttentionRows<Scalar>, _ v: AttentionRows<Scalar>, _ head: Int, _ scale: Scalar
  ) {
    q.read(head, scale: scale, to: queries)
    k.read(head, scale: 1, to: keys)
    v.read(head, scale: 1, to: values)
  }

  /// Makes the weights of what has been read for a head.
  func weigh(hiding hidden: NDArray<Bool>?, _ head: Int) {
    multiply(queries, keys.transposed, to: scores)
    fillScores(with: -.infinity, where: hidden, head)
    ck_softmax_rows(
      Scalar.element, weights.rows, weights.columns, 0, scores.buffer.pointer, weights.buffer.pointer)
  }

  /// Puts a value where a head's mask is true.
  func fillScores(with value: Scalar, where hidden: NDArray<Bool>?, _ head: Int) {
    guard let hidden else { return }
    let (isHidden, target) = (hidden.pointer + hidden.layout.start(of: head), scores.buffer.pointer)
    let (rowStride, stride) = (hidden.layout.strides[hidden.rank - 2], hidden.layout.strides[hidden.rank - 1])
    for query in 0..<scores.rows {
      let (row, from) = (query * scores.columns, query * rowStride)
      for key in 0..<scores.columns where isHidden[from + key * stride] { target[row + key] = value }
    }
  }

  func multiply(_ a: Matrix, _ b: Matrix, to c: Matrix) {
    gemm(a.rows, b.columns, a.columns, a.operand, b.operand, beta: 0, c.buffer.pointer, leading: max(c.columns, 1))
  }

  /// A product that is a head's part of a result.
  func product(_ a: Matrix, _ b: Matrix, to result: AttentionRows<Scalar>, _ head: Int) {
    let c = Matrix(result.rows, result.width)
    multiply(a, b, to: c)
    result.write(c, head)
  }
}

extension Layout {
  /// Where a head's matrix starts, counted from the offset: heads are the axes before the last two.
  fileprivate func start(of head: Int) -> Int {
    var (rest, position) = (head, 0)
    for axis in (0..<rank - 2).reversed() {
      position += rest % shape[axis] * strides[axis]
      rest /= shape[axis]
    }
    return position
  }
}
