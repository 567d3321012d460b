extension Tensor {
  /// The coordinates of all points of a grid: for each vector of coordinates, one axis each, a tensor of the grid's shape.
  ///
  /// `n` vectors of sizes `[a]`, `[b]`, … give `n` views of shape `[a, b, …]`; copies nothing. PyTorch's `meshgrid` with
  /// `indexing="ij"`. Traps for what is no vector.
  public static func meshgrid(
    _ coordinates: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    require(
      coordinates.allSatisfy { $0.rank == 1 }, "meshgrid: \(coordinates.map(\.shape)) are not all vectors", file: file,
      line: line)
    let shape = coordinates.map(\.count)
    requireShape("meshgrid", shape, file, line)
    return coordinates.enumerated().map { axis, vector in
      var column = shape.map { _ in 1 }
      column[axis] = vector.count
      return vector.reshaped(column).expanded(to: shape)
    }
  }
}

extension Tensor where Scalar: TensorScalar {
  /// Matrices along the diagonal of one of zeros, `[a, b]` and `[c, d]` to `[a + c, b + d]`: PyTorch's `block_diag`.
  ///
  /// Traps for what is no matrix, and for an empty list.
  public static func blockDiagonal(
    _ blocks: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      !blocks.isEmpty && blocks.allSatisfy { $0.rank == 2 },
      "blockDiagonal: \(blocks.map(\.shape)) are not matrices, at least one", file: file, line: line)
    let columns = blocks.reduce(0) { $0 + $1.shape[1] }
    var start = 0
    return .concatenated(
      blocks.map { block in
        defer { start += block.shape[1] }
        return block.padded(along: 1, before: start, after: columns - start - block.shape[1])
      })
  }

  /// The Kronecker product: every element of this tensor times all of another, in its place; PyTorch's `kron`.
  ///
  /// `[a, b]` and `[c, d]` give `[a·c, b·d]`; with fewer axes, one of the two has axes of size one in front.
  public func kronecker(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let rank = Swift.max(rank, other.rank)
    func filled(_ shape: [Int]) -> [Int] { [Int](repeating: 1, count: rank - shape.count) + shape }
    let (outer, inner) = (filled(shape), filled(other.shape))
    let (sizes, overflows) = zip(outer, inner).reduce(into: ([Int](), false)) { result, pair in
      let (size, overflow) = pair.0.multipliedReportingOverflow(by: pair.1)
      result = (result.0 + [size], result.1 || overflow)
    }
    require(!overflows, "kronecker: \(shape) and \(other.shape) make too large a tensor", file: file, line: line)
    requireShape("kronecker", sizes, stride: MemoryLayout<Scalar>.stride, file, line)
    return (reshaped(outer.flatMap { [$0, 1] }) * other.reshaped(inner.flatMap { [1, $0] })).reshaped(sizes)
  }
}

extension Tensor where Scalar == Int {
  /// The rows and columns of the elements that `upperTriangle(diagonal:)` keeps, in row-major order: `[2, n]`.
  ///
  /// PyTorch's `triu_indices`. Traps for a negative size.
  public static func upperTriangleIndices(
    rows: Int, columns: Int, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireShape("upperTriangleIndices", [rows, columns], stride: MemoryLayout<Int>.stride, file, line)
    return places(where: Tensor<Float>.ones([rows, columns]).upperTriangle(diagonal: diagonal))
  }

  /// The rows and columns of the elements that `lowerTriangle(diagonal:)` keeps, in row-major order: `[2, n]`.
  ///
  /// PyTorch's `tril_indices`. Traps for a negative size.
  public static func lowerTriangleIndices(
    rows: Int, columns: Int, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireShape("lowerTriangleIndices", [rows, columns], stride: MemoryLayout<Int>.stride, file, line)
    return places(where: Tensor<Float>.ones([rows, columns]).lowerTriangle(diagonal: diagonal))
  }

  private static func places(where kept: Tensor<Float>) -> Tensor {
    let positions = (kept .> 0).truePositions
    let columns = Swift.max(kept.shape[1], 1)
    return .stacked([positions / columns, positions % columns])
  }
}
