import Tensor
import Testing
import _TestSupport

/// The page on subscripts, as a user would write it.
@Suite struct IndexingSnippets {
  private let x = Tensor<Float>((0..<24).map(Float.init), shape: [2, 3, 4])

  @Test func views() {
    // snippet: indexing-views
    let row = x[0, 1]  // a position an axis removes it: shape [4]
    let last = x[-1]  // negative positions count from the end: [3, 4]
    let part = x[0, ..., 1..<3]  // ... stands for all axes between: [3, 2]
    let inner = x[.all, ..<(-1), .range(from: 1, to: -1)]  // [2, 2, 2]
    let turned = x[..., .range(by: -1)]  // the last axis backwards: [2, 3, 4]
    let column = x[0, .newAxis, 2]  // [1, 4]
    // end snippet
    expectEqual([row.shape, last.shape, part.shape, inner.shape], [[4], [3, 4], [3, 2], [2, 2, 2]])
    #expect(turned.shape == [2, 3, 4] && turned[0, 0].scalars == [3, 2, 1, 0] && column.shape == [1, 4])
  }

  @Test func copies() {
    // snippet: indexing-copies
    let positive = x[x .> 20]  // a vector of the elements: 21, 22, 23
    let rows = x[Labels([1, 0, 1])]  // [3, 3, 4]
    let columns = x[..., [0, -1]]  // [2, 3, 2]
    let diagonal = x[.all, [0, 1, 2], [0, 1, 2]]  // several index tensors go together: [2, 3]
    // end snippet
    expectEqual(positive.scalars, [21, 22, 23])
    expectEqual(rows.shape, [3, 3, 4])
    expectEqual(columns.shape, [2, 3, 2])
    expectEqual(diagonal.scalars, [0, 5, 10, 12, 17, 22])
  }

  @Test func updates() {
    // snippet: indexing-updates
    let cleared = x.replacing(at: 0, .ellipsis, 1..., with: 0)
    let swapped = x.replacing(at: .all, [0, 1], with: x[.all, [1, 0]])
    let counted = Tensor<Float>.zeros([3]).adding(1, at: [0, 2, 2])  // 1, 0, 2
    // end snippet
    #expect(cleared[0, 1].scalars == [4, 0, 0, 0] && swapped[0, 0].scalars == [4, 5, 6, 7])
    expectEqual(counted.scalars, [1, 0, 2])
  }

  @Test func derivatives() {
    let (x, v) = (Tensor<Double>([0.5, 1, 2]), Tensor<Double>([1, 0, -1]))
    // snippet: indexing-products
    let slope = gradient(at: x) { ($0[1...] * $0[..<(-1)]).sum() }
    let (y, dy) = jvp(at: x, along: v) { sin($0) }  // sin(x), cos(x) * v
    let (_, pull) = vjp(at: x) { sin($0) }  // pull(g) is cos(x) * g
    let curvature = hvp(at: x, along: v) { ($0 * $0 * $0).sum() }  // 6 * x * v
    // end snippet
    #expect(slope.scalars == [1, 2.5, 1] && difference(y, sin(x)) == 0 && difference(dy, cos(x) * v) < 1e-15)
    #expect(difference(pull(v), dy) < 1e-15 && difference(curvature, 6 * x * v) < 1e-14)
  }
}
