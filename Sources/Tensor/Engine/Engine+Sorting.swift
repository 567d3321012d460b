import CKernels

extension Engine {
  /// The first `picks` positions along an axis in the order of the elements there, which is stable; NaN is the greatest.
  static func argsort<Scalar>(
    _ x: NDArray<Scalar>, along axis: Int, picks: Int, isDescending: Bool
  ) -> NDArray<Int> {
    if let x = x.halvesAsFloats { return argsort(x, along: axis, picks: picks, isDescending: isDescending) }
    let source = x.contiguous()
    var shape = x.shape
    shape[axis] = picks
    let result = NDArray<Int>(uninitialized: shape)
    let (outer, size, inner) = source.layout.around(axis)
    let (x, y) = (source.pointer, result.target)
    defer { withExtendedLifetime(source) {} }
    parallel(outer, grain: elementGrain / (16 * max(size * inner, 1)) + 1) { part in
      let scratch = UnsafeMutableRawPointer.allocate(byteCount: 2 * size * 16, alignment: 16)
      defer { scratch.deallocate() }
      ck_argsort(
        Scalar.element, part.count, size, inner, picks, x + part.lowerBound * size * inner, isDescending ? 1 : 0,
        scratch,
        y + part.lowerBound * picks * inner)
    }
    return result
  }

  /// For an order of all elements: the position where each distinct value first stands in it, how often it occurs, and for
  /// each element, in the array's shape, which of them it is.
  static func unique<Scalar>(
    _ x: NDArray<Scalar>, order: NDArray<Int>
  ) -> (first: NDArray<Int>, counts: NDArray<Int>, inverse: NDArray<Int>) {
    if let x = x.halvesAsFloats { return unique(x, order: order) }
    let (source, order) = (x.contiguous(), order.contiguous())
    let (first, counts) = (NDArray<Int>(uninitialized: [x.count]), NDArray<Int>(uninitialized: [x.count]))
    let inverse = NDArray<Int>(uninitialized: x.shape)
    defer { withExtendedLifetime((source, order)) {} }
    let found = ck_unique(
      Scalar.element, x.count, source.pointer, order.pointer, first.target, counts.target, inverse.target)
    func head(_ vector: NDArray<Int>) -> NDArray<Int> {
      Engine.copy(vector.seen(as: vector.layout.sliced(axis: 0, start: 0, count: found, step: 1)))
    }
    return (head(first), head(counts), inverse)
  }

  /// The position of the greatest (or smallest) element so far, for each along an axis; of equals, and of NaNs, the last.
  static func cumulativeExtreme<Scalar>(
    _ reduction: Reduction, _ x: NDArray<Scalar>, along axis: Int
  ) -> NDArray<Int> {
    if let x = x.halvesAsFloats { return cumulativeExtreme(reduction, x, along: axis) }
    let (source, result) = (x.contiguous(), NDArray<Int>(uninitialized: x.shape))
    let (outer, size, inner) = source.layout.around(axis)
    let (x, y) = (source.pointer, result.target)
    defer { withExtendedLifetime(source) {} }
    parallel(outer, grain: elementGrain / max(size * inner, 1) + 1) { part in
      let start = part.lowerBound * size * inner
      ck_cumulative_extreme(Scalar.element, reduction, part.count, size, inner, x + start, y + start)
    }
    return result
  }

  /// How many elements of an ascending row come before each value, of its equals all or none; NaN is the greatest.
  ///
  /// `[…, n]` and values `[…, m]` with the same axes before, or one row `[n]` for values of any shape.
  static func searchSorted<Scalar>(_ x: NDArray<Scalar>, _ values: NDArray<Scalar>, isAfter: Bool) -> NDArray<Int> {
    if let x = x.halvesAsFloats, let values = values.halvesAsFloats {
      return searchSorted(x, values, isAfter: isAfter)
    }
    let (source, values) = (x.contiguous(), values.contiguous())
    let result = NDArray<Int>(uninitialized: values.shape)
    defer { withExtendedLifetime((source, values)) {} }
    let size = x.shape[x.rank - 1]
    let rows = x.rank == 1 ? 1 : x.shape.dropLast().reduce(1, *)
    let picks = values.count / max(rows, 1)
    let (x, v, y) = (source.pointer, values.pointer, result.target)
    for row in 0..<rows {
      parallel(picks, grain: elementGrain / 16) { part in
        let start = row * picks + part.lowerBound
        ck_search_sorted(Scalar.element, size, x + row * size, part.count, v + start, isAfter ? 1 : 0, y + start)
      }
    }
    return result
  }

  /// How often each of 0, 1, 2, … occurs, up to the greatest element and at least so many; none may be negative.
  static func countEach(_ x: NDArray<Int>, minimumSize: Int) -> NDArray<Int> {
    let source = x.contiguous()
    defer { withExtendedLifetime(source) {} }
    let greatest = UnsafeBufferPointer(start: source.pointer, count: source.count).max() ?? -1
    let result: NDArray<Int> = zeros([max(greatest + 1, minimumSize)])
    ck_count_each(source.count, source.pointer, result.target)
    return result
  }
}
