import CKernels

extension Engine {
  /// `‖x − y‖²` of some pairs of rows of `[m, d]` and `[n, d]`, by their numbers: from the differences of the elements.
  static func pairDistances<Scalar: TensorScalar>(
    _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, rows: (NDArray<Int>, NDArray<Int>)
  ) -> NDArray<Scalar> {
    let (a, b, left, right) = (a.contiguous(), b.contiguous(), rows.0.contiguous(), rows.1.contiguous())
    let (width, result) = (a.shape[1], NDArray<Scalar>(uninitialized: [left.count]))
    let (x, y, i, j, z) = (a.pointer, b.pointer, left.pointer, right.pointer, result.target)
    parallel(left.count, grain: elementGrain / max(width, 1) + 1) { part in
      let start = part.lowerBound
      ck_pair_distances(Scalar.element, part.count, width, x, y, i + start, j + start, z + start)
    }
    withExtendedLifetime((a, b, left, right)) {}
    return result
  }

  /// The gradients of `pairDistances` for both sides.
  static func pairDistancesPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, _ a: NDArray<Scalar>, _ b: NDArray<Scalar>, rows: (NDArray<Int>, NDArray<Int>)
  ) -> (NDArray<Scalar>, NDArray<Scalar>) {
    let (g, a, b) = (g.contiguous(), a.contiguous(), b.contiguous())
    let (left, right) = (rows.0.contiguous(), rows.1.contiguous())
    let (first, second) = (zeros(a.shape) as NDArray<Scalar>, zeros(b.shape) as NDArray<Scalar>)
    ck_pair_distances_pull(
      Scalar.element, left.count, a.shape[1], a.pointer, b.pointer, left.pointer, right.pointer, g.pointer,
      first.target,
      second.target)
    withExtendedLifetime((g, a, b, left, right)) {}
    return (first, second)
  }
}
