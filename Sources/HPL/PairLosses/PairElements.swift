import Tensor

extension Tensor where Scalar: TensorScalar {
  /// The elements of a matrix at the given places, `[places.count]`.
  public func elements(at places: [(row: Int, column: Int)]) -> Tensor {
    reshaped([count]).take(Tensor<Int>(places.map { $0.row * shape[1] + $0.column }))
  }

  /// `log Σ exp` over the elements of each row at the given places, `[rows]`; −∞ in a row without any.
  public func logSumExp(at places: [(row: Int, column: Int)]) -> Tensor {
    elements(at: places).logSumExp(of: places.map(\.row), count: shape[0])
  }
}

extension Tensor where Scalar: TensorScalar {
  /// `log Σ exp` over a vector's elements that belong to the same row, `[count]`; −∞ in a row without any.
  public func logSumExp(of rows: [Int], count: Int) -> Tensor {
    segmentedLogSumExp(Tensor<Int>(rows), count: count)
  }

  /// The sums of a vector's elements that belong to the same row, `[count]`.
  public func sums(of rows: [Int], count: Int) -> Tensor {
    unsqueezed(1).scatteredRows(Tensor<Int>(rows), into: [count, 1]).reshaped([count])
  }

  /// The means of a vector's elements that belong to the same row, for each row that has some, in ascending order.
  public func means(of rows: [Int]) -> (values: Tensor, rows: [Int]) {
    let present = Set(rows).sorted()
    var sizes: [Int: Int] = [:]
    for row in rows { sizes[row, default: 0] += 1 }
    let places = Dictionary(uniqueKeysWithValues: zip(present, present.indices))
    let shares = Tensor(rows.map { 1 / Scalar(sizes[$0]!) })
    return ((self * shares).sums(of: rows.map { places[$0]! }, count: present.count), present)
  }
}
