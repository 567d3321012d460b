import Tensor

/// A linear map that makes embeddings' components comparable: `(x − mean)·projectionᵀ`, divided by its length.
///
/// The components come with the strongest first, so that the first few are a shorter embedding.
public struct Whitening: Sendable {
  /// What is taken away, `[dimensions]`.
  public let mean: Tensor<Float>
  /// The directions, `[components, dimensions]`.
  public let projection: Tensor<Float>

  /// Takes a mean `[dimensions]` and directions `[components, dimensions]`; traps where they do not fit.
  public init(
    mean: Tensor<Float>, projection: Tensor<Float>, file: StaticString = #fileID, line: UInt = #line
  ) {
    require(
      mean.rank == 1 && projection.rank == 2 && projection.shape[1] == mean.shape[0],
      "Whitening: mean \(mean.shape) and projection \(projection.shape) do not fit", file: file, line: line)
    (self.mean, self.projection) = (mean, projection)
  }

  /// The first components of whitened embeddings, of length 1: `[samples, dimensions]` gives `[samples, components]`, all of them
  /// unless told otherwise.
  ///
  /// Embeddings are taken as they are; those of a `Search` have length 1. Traps where shapes do not fit and for more components than there are.
  public func callAsFunction(
    _ embeddings: Tensor<Float>, components: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Float> {
    let count = components ?? projection.shape[0]
    require(
      embeddings.rank == 2 && embeddings.shape[1] == mean.shape[0] && (1...projection.shape[0]).contains(count),
      "Whitening: \(count) of \(projection.shape) for embeddings \(embeddings.shape)", file: file, line: line)
    return withPrecision(.float32) {
      let rows = (embeddings.detached - mean).matmul(projection[0..<count].transposed())
      let lengths = sqrt((rows * rows).sum(along: 1, keepsAxes: true))
      return rows / (lengths + Tensor(1e-6))
    }
  }
}

extension Whitening {
  /// Whitening by principal components (Jégou and Chum, ECCV 2012): `Λ^−½ Vᵀ` of the embeddings' covariance `V Λ Vᵀ`.
  ///
  /// Embeddings have shape `[samples, dimensions]`. Directions in which they do not vary are left out. Throws `RetrievalError` if an embedding is not
  /// finite, all are equal, or their principal components are not found. Traps for another shape.
  public static func principal(
    of embeddings: Tensor<Float>, file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) -> Whitening {
    let rows = try finiteRows(embeddings, file, line)
    let mean = rows.mean(along: 0)
    let centered = rows - mean
    let covariance = centered.transposed().matmul(centered) / Tensor(Double(rows.shape[0]))
    let (values, directions) = try strongest(covariance)
    return Whitening(
      mean: mean.cast(to: Float.self),
      projection: (directions / sqrt(values).reshaped([values.shape[0], 1])).cast(to: Float.self))
  }

  /// Learned whitening (Mikolajczyk and Matas, ICCV 2007; Radenović, Tolias and Chum, TPAMI 2019): it makes the differences of pairs
  /// that belong together white, and turns the result to the principal components of all embeddings.
  ///
  /// Embeddings have shape `[samples, dimensions]`; a pair is two samples of one class, of which the first is a query: the mean is that of the pairs' first
  /// samples. Where the differences leave directions out, the smallest of 1e-10, 1e-9, … that helps is added to their covariance. Throws
  /// `RetrievalError` if an embedding is not finite, all are equal, or their principal components are not found. Traps for another shape, without
  /// a pair, and for a sample that does not exist.
  public static func learned(
    from embeddings: Tensor<Float>, pairs: [(Int, Int)], file: StaticString = #fileID, line: UInt = #line
  ) throws(RetrievalError) -> Whitening {
    let rows = try finiteRows(embeddings, file, line)
    let samples = 0..<rows.shape[0]
    require(
      !pairs.isEmpty && pairs.allSatisfy { samples.contains($0.0) && samples.contains($0.1) },
      "learned: \(pairs.count) pairs of \(samples.count) samples", file: file, line: line)
    let queries = rows.take(Tensor<Int>(pairs.map(\.0)))
    let mean = queries.mean(along: 0)
    let differences = queries - rows.take(Tensor<Int>(pairs.map(\.1)))
    let lower = factor(of: differences.transposed().matmul(differences) / Tensor(Double(pairs.count)))
    let white = lower.triangularSolve((rows - mean).transposed())
    let (_, directions) = try strongest(white.matmul(white.transposed()))
    // directions · lower⁻¹
    let projection = lower.transposed().triangularSolve(directions.transposed(), isUpper: true).transposed()
    return Whitening(mean: mean.cast(to: Float.self), projection: projection.cast(to: Float.self))
  }

  private static func finiteRows(
    _ embeddings: Tensor<Float>, _ file: StaticString, _ line: UInt
  ) throws(RetrievalError) -> Tensor<Double> {
    require(
      embeddings.rank == 2 && embeddings.count > 0,
      "Whitening: embeddings of shape \(embeddings.shape) need shape [samples, dimensions]", file: file, line: line)
    if !embeddings.isFinite.allTrue {
      throw .notFinite("embedding", row: (0..<embeddings.shape[0]).first { !embeddings[$0].isFinite.allTrue }!)
    }
    return embeddings.detached.cast(to: Double.self)
  }

  /// The eigenvalues of a covariance that are not zero, the greatest first, `[components]`, and their vectors as rows.
  static func strongest(
    _ covariance: Tensor<Double>
  ) throws(RetrievalError) -> (values: Tensor<Double>, vectors: Tensor<Double>) {
    let dimensions = covariance.shape[0]
    let (values, vectors): (Tensor<Double>, Tensor<Double>)
    do {
      (values, vectors) = try covariance.symmetricEigen()
    } catch {
      throw .whiteningFailed(error)
    }
    guard let greatest = values.scalars.last, greatest > 0 else { throw .noVariation }
    let least = Double(dimensions) * greatest * .ulpOfOne
    let kept = values.scalars.count { $0 > least }
    let last = dimensions - kept..<dimensions
    return (values[last].flipped(along: 0), vectors.transposed()[last].flipped(along: 0))
  }

  /// `L` with `L·Lᵀ` = a covariance, to whose diagonal as much is added as that takes.
  private static func factor(of covariance: Tensor<Double>) -> Tensor<Double> {
    var added = 0.0
    while true {
      let eye = Tensor<Double>.eye(covariance.shape[0])
      if let lower = try? (covariance + eye * Tensor(added)).cholesky() { return lower }
      added = added == 0 ? 1e-10 : added * 10
    }
  }
}
