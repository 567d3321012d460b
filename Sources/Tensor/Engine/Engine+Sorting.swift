import CKernels

extension Engine {
  /// The first `picks` positions along an axis in the order of the elements there, which is stable; NaN is the greatest.
  static func argsort<Scalar>(
    _ x: NDArray<Scalar>, along axis: Int, picks: Int, isDescending: Bool
  ) -> NDArray<Int> {
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
}
