import Tensor

/// What losses on pairs compare embeddings by: a distance, or a similarity.
///
/// To write one, compute a matrix from two; `isSimilarity` says which way it points.
public protocol Distance<Scalar> {
  /// The scalar type of the embeddings.
  associatedtype Scalar: TensorScalar

  /// From every row of `rows` to every row of `others`: `[m, d]` and `[n, d]` to `[m, n]`.
  func callAsFunction(_ rows: Tensor<Scalar>, to others: Tensor<Scalar>) -> Tensor<Scalar>

  /// From every row to all rows, `[m, m]`: as `self(rows, to: rows)`, where a distance may do once what it does to each.
  func callAsFunction(among rows: Tensor<Scalar>) -> Tensor<Scalar>

  /// Whether greater means nearer; false unless it says otherwise.
  var isSimilarity: Bool { get }
}

extension Distance {
  /// From every row to all rows, `[m, m]`.
  public func callAsFunction(among rows: Tensor<Scalar>) -> Tensor<Scalar> { self(rows, to: rows) }

  /// A distance.
  public var isSimilarity: Bool { false }

  /// A loss's usual constant, which is a similarity or a distance; traps where this is the other one, in whose unit it means something else.
  func constant(
    _ usual: Scalar, _ loss: StaticString, _ name: StaticString, isSimilarity isOfSimilarity: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Scalar {
    require(
      isSimilarity == isOfSimilarity,
      "\(loss): the usual \(name), \(usual), is a \(isOfSimilarity ? "similarity" : "distance"), and \(Self.self) is none; give a \(name)",
      file: file, line: line)
    return usual
  }

  /// What makes greater mean farther, in a matrix and in a constant of the same unit: −1 for a similarity, otherwise 1.
  public var sign: Scalar { isSimilarity ? -1 : 1 }
}
