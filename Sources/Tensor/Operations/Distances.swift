extension Tensor where Scalar: TensorScalar {
  /// The squared Euclidean distance of every row to every row of `other`: `[…, m, d]` and `[…, n, d]` to `[…, m, n]`.
  ///
  /// Computed as `‖x‖² + ‖y‖² − 2x·y`, one matrix product, whose rounding error is relative to `‖x‖² + ‖y‖²`; where the
  /// result is less than 1/64 of that, as `‖x − y‖²` instead. So value and gradient `2(x − y)` are exact to about a hundred
  /// roundings, however close the rows are, and the distance of equal rows is exactly 0. Traps where the shapes do not fit.
  public func squaredDistances(to other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    requireRows("squaredDistances", other, file, line)
    let squares = (self * self).sum(along: -1, keepsAxes: true)
    let otherSquares = (other * other).sum(along: -1, keepsAxes: true).transposed()
    let sums = squares + otherSquares
    let result = sums - matmul(other.transposed(), file: file, line: line) * 2
    let isClose = withoutRecording { result.detached .<= sums.detached * (1.0 / 64) }
    guard isClose.any else { return result }
    let positions = isClose.truePositions
    let exact = distancesOfPairs(at: positions, of: result.shape, to: other)
    return Tensor.where(isClose, exact.scatteredRows(positions, into: [result.count]).reshaped(result.shape), result)
  }

  /// The squared distances at some row-major positions of all distances, which have a shape: from the rows' differences.
  private func distancesOfPairs(at positions: Tensor<Int>, of shape: [Int], to other: Tensor) -> Tensor {
    let (m, n, width) = (shape[shape.count - 2], shape[shape.count - 1], self.shape[rank - 1])
    let batches = Array(shape.dropLast(2))
    /// The rows of all matrices, one below the other.
    func rows(_ tensor: Tensor, _ count: Int) -> Tensor {
      tensor.expanded(to: batches + [count, width]).reshaped([Layout.count(of: batches) * count, width])
    }
    let places = positions.scalars
    return rows(self, m).pairDistances(
      to: rows(other, n), Tensor<Int>(places.map { $0 / n }), Tensor<Int>(places.map { $0 / (m * n) * n + $0 % n }))
  }

  /// `‖x − y‖²` of some pairs of this matrix's and another one's rows: as exact as the differences of the elements are.
  ///
  /// Fused, so that nothing of the size of all pairs' rows is made.
  private func pairDistances(to other: Tensor, _ left: Tensor<Int>, _ right: Tensor<Int>) -> Tensor {
    let (a, b, rows) = (array.contiguous(), other.array.contiguous(), (left.array, right.array))
    return Tensor(Engine.pairDistances(a, b, rows: rows)).recorded(
      "pairDistances", [self, other],
      jointly: { g in
        if Recording.isOn {
          let slopes = (self.take(left) - other.take(right)) * (g * 2).unsqueezed(1)
          return [slopes.scatteredRows(left, into: self.shape), -slopes.scatteredRows(right, into: other.shape)]
        }
        let (first, second) = Engine.pairDistancesPullback(g.array, a, b, rows: rows)
        return [Tensor(first), Tensor(second)]
      })
  }

  /// The Euclidean distance of every row to every row of `other`: `[…, m, d]` and `[…, n, d]` to `[…, m, n]`.
  ///
  /// The root of `squaredDistances(to:)`, and as exact. At distance 0 the gradient is 0, as in PyTorch's `cdist`. Traps where
  /// the shapes do not fit.
  public func distances(to other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    requireRows("distances", other, file, line)
    let squares = squaredDistances(to: other)
    let isZero = squares .<= Tensor(0)
    return sqrt(squares.replacing(with: 1, where: isZero)).replacing(with: 0, where: isZero)
  }

  func requireRows(_ name: StaticString, _ other: Tensor, _ file: StaticString, _ line: UInt) {
    require(
      rank >= 2 && other.rank >= 2 && shape[rank - 1] == other.shape[other.rank - 1]
        && broadcastShape(Array(shape.dropLast(2)), Array(other.shape.dropLast(2))) != nil,
      "\(name): rows of \(shape) and \(other.shape) do not fit; both need [..., rows, dimensions]", file: file,
      line: line)
  }
}
