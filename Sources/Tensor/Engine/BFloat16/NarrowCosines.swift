import CKernels

// Cosines of rows that are stored as bfloat16.
extension Engine {
  /// As `cosineSimilarities`, of two matrices in row-major order; the cosines are full.
  static func narrowCosines<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, _ epsilon: Scalar
  ) -> (
    cosines: NDArray<Scalar>, inverses: (NDArray<Scalar>, NDArray<Scalar>), rows: (NDArray<Scalar>, NDArray<Scalar>)
  ) {
    guard PackedBFloat16.isUsed else {
      let full = with(.nothing) { cosineSimilarities(a.widened(), b.widened(), epsilon: epsilon) }
      return (full.cosines, full.inverses, (a, b))
    }
    let (left, right) = (inverseLengths(a, epsilon), inverseLengths(b, epsilon))
    let transposed = b.seen(as: b.layout.permuted([1, 0]))
    let cosines: NDArray<Scalar> = with(.operands) { matmul(a, transposed, batch: []) }
    let (rows, columns) = (a.shape[0], b.shape[0])
    parallel(rows, grain: elementGrain / max(columns, 1) + 1) { part in
      ck_scale_both(
        Scalar.element, part.count, columns, columns, left.pointer + part.lowerBound, right.pointer,
        cosines.target + part.lowerBound * columns)
    }
    return (cosines, (left, right), (a, b))
  }

  /// As `cosineSimilaritiesPullback`, of rows that are stored as bfloat16; the gradients are full.
  static func narrowCosinesPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, cosines: NDArray<Scalar>, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>,
    _ inverses: (NDArray<Scalar>, NDArray<Scalar>), _ epsilon: Scalar, _ wants: (Bool, Bool)
  ) -> (NDArray<Scalar>?, NDArray<Scalar>?) {
    guard PackedBFloat16.isUsed else {
      return with(.nothing) {
        cosineSimilaritiesPullback(
          g, cosines: cosines, a.widened(), b.widened(), inverses: inverses, epsilon: epsilon, wants: wants)
      }
    }
    let (g, cosines) = (g.contiguous(), cosines.contiguous())
    let (rows, columns) = (a.shape[0], b.shape[0])
    let scaled = NDArray<Scalar>(uninitialized: [rows, columns])
    let parts = max(1, min(Threads.count, rows))
    let (rowSums, columnSums): (NDArray<Scalar>, NDArray<Scalar>) = (zeros([rows]), zeros([parts, columns]))
    forEachShare(of: rows, parts: parts) { part, share in
      let start = share.lowerBound * columns
      ck_cosine_pull(
        Scalar.element, share.count, columns, columns, g.pointer + start, cosines.pointer + start,
        inverses.0.pointer + share.lowerBound, inverses.1.pointer, columns, scaled.target + start,
        rowSums.target + share.lowerBound, columnSums.target + part * columns)
    }
    let factor = scaled.narrowed()
    func gradient(
      _ factor: NDArray<Scalar>, _ others: NDArray<Scalar>, _ own: NDArray<Scalar>, _ inverse: NDArray<Scalar>,
      _ dots: NDArray<Scalar>
    ) -> NDArray<Scalar> {
      let (result, width) = (with(.operands) { matmul(factor, others, batch: []) }, own.shape[1])
      let full = own.widened()
      parallel(own.shape[0], grain: elementGrain / max(width, 1) + 1) { part in
        let start = part.lowerBound * width
        ck_subtract_radial(
          Scalar.element, part.count, width, Double(1 / epsilon), full.pointer + start,
          inverse.pointer + part.lowerBound, dots.pointer + part.lowerBound, result.target + start)
      }
      return result
    }
    return (
      wants.0 ? gradient(factor, b, a, inverses.0, rowSums) : nil,
      wants.1
        ? gradient(
          factor.seen(as: factor.layout.permuted([1, 0])), a, b, inverses.1, reduce(.sum, columnSums, over: [0])!)
        : nil
    )
  }

  /// One over the length of each row, which counts as at least ε.
  private static func inverseLengths<Scalar: TensorScalar>(_ x: NDArray<Scalar>, _ epsilon: Scalar) -> NDArray<Scalar> {
    let (full, width) = (x.widened(), x.shape[1])
    let result = NDArray<Scalar>(uninitialized: [x.shape[0]])
    parallel(x.shape[0], grain: elementGrain / max(width, 1) + 1) { part in
      ck_inverse_norms(
        Scalar.element, part.count, width, Double(epsilon), full.pointer + part.lowerBound * width,
        result.target + part.lowerBound)
    }
    return result
  }
}
