import CKernels
import Synchronization

extension Engine {
  /// The sum, or the greatest or smallest element, over some axes, which stay with size one; nil where an integer does not fit.
  static func reduce<Scalar>(_ reduction: Reduction, _ x: NDArray<Scalar>, over axes: [Int]) -> NDArray<Scalar>? {
    // Groups of neighbouring axes, one after another.
    var result = x.contiguous()
    var remaining = axes.sorted()[...]
    while let last = remaining.popLast() {
      var first = last
      while remaining.last == first - 1 { first = remaining.removeLast() }
      let (outer, size, inner) = result.layout.around(first...last)
      let next = NDArray<Scalar>(uninitialized: result.layout.keeping(Array(first...last)))
      let fits = withExtendedLifetime(result) {
        reduceMiddle(reduction, result.pointer, outer, size, inner, into: next.target)
      }
      if !fits { return nil }
      result = next
    }
    return result
  }

  /// Reduces the middle of a contiguous [outer, size, inner]; whether everything fits.
  private static func reduceMiddle<Scalar: TensorElement>(
    _ reduction: Reduction, _ x: UnsafePointer<Scalar>, _ outer: Int, _ size: Int, _ inner: Int,
    into y: UnsafeMutablePointer<Scalar>
  ) -> Bool {
    let overflows = Atomic<Int32>(0)
    func run(_ outer: Int, _ size: Int, _ x: UnsafePointer<Scalar>, _ y: UnsafeMutablePointer<Scalar>) {
      if ck_reduce(Scalar.element, reduction, outer, size, inner, x, y) != 0 { overflows.store(1, ordering: .relaxed) }
    }
    let isTall =
      Scalar.elementType.hasGradients && outer < Threads.count && size * inner >= 4 * elementGrain
      && size >= 2 * Threads.count
    guard isTall else {
      parallel(outer, grain: elementGrain / max(size * inner, 1) + 1) { part in
        run(part.count, size, x + part.lowerBound * size * inner, y + part.lowerBound * inner)
      }
      return overflows.load(ordering: .relaxed) == 0
    }
    let parts = Threads.count
    let partial = Buffer<Scalar>(count: parts * inner)
    defer { withExtendedLifetime(partial) {} }
    let p = partial.pointer
    for o in 0..<outer {
      forEachShare(of: size, parts: parts) { part, range in
        run(1, range.count, x + (o * size + range.lowerBound) * inner, p + part * inner)
      }
      run(1, parts, p, y + o * inner)
    }
    return true
  }

  /// The position of the first greatest (or smallest) element along an axis, or among all elements for nil.
  ///
  /// The axis, or all, stays with size one.
  static func argExtreme<Scalar>(_ reduction: Reduction, _ x: NDArray<Scalar>, along axis: Int?) -> NDArray<Int> {
    if let x = x.halvesAsFloats { return argExtreme(reduction, x, along: axis) }
    let source = x.contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = NDArray<Int>(uninitialized: x.layout.keeping(axis.map { [$0] } ?? Array(0..<x.rank)))
    let (outer, size, inner) = axis.map(x.layout.around) ?? (1, x.count, 1)
    let (x, y) = (source.pointer, result.target)
    parallel(outer, grain: elementGrain / max(size * inner, 1) + 1) { part in
      ck_arg_extreme(
        Scalar.element, reduction, part.count, size, inner, x + part.lowerBound * size * inner,
        y + part.lowerBound * inner)
    }
    return result
  }

  /// Each element plus all before it along an axis, added up in double precision.
  static func cumulativeSum<Scalar: TensorScalar>(_ x: NDArray<Scalar>, along axis: Int) -> NDArray<Scalar> {
    let source = x.contiguous()
    let result = NDArray<Scalar>(uninitialized: x.shape)
    let (outer, size, inner) = source.layout.around(axis)
    let (x, y) = (source.pointer, result.target)
    defer { withExtendedLifetime(source) {} }
    parallel(outer, grain: elementGrain / max(size * inner, 1) + 1) { part in
      let start = part.lowerBound * size * inner
      ck_cumulative_sum(Scalar.element, part.count, size, inner, x + start, y + start)
    }
    return result
  }
}
