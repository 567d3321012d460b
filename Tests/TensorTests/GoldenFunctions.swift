import Tensor
import _TestSupport

extension GoldenOperations {
  /// The Swift operation for each subject of `functions.safetensors`.
  static var functions: [String: Operation] {
    [numbers, pairs, grids, orders, windows, matrices, transforms].reduce(into: [:]) { all, family in
      all.merge(family) { _, new in new }
    }
  }

  private static var numbers: [String: Operation] {
    [
      "floor": { floor($0[0]) },
      "ceil": { ceil($0[0]) },
      "trunc": { trunc($0[0]) },
      "rounded": { $0[0].rounded() },
      "tan": { tan($0[0]) },
      "asin": { asin($0[0]) },
      "acos": { acos($0[0]) },
      "atan": { atan($0[0]) },
      "sinh": { sinh($0[0]) },
      "cosh": { cosh($0[0]) },
      "asinh": { asinh($0[0]) },
      "acosh": { acosh($0[0]) },
      "atanh": { atanh($0[0]) },
      "log2": { log2($0[0]) },
      "log10": { log10($0[0]) },
      "exp2": { exp2($0[0]) },
      "square": { square($0[0]) },
      "erfc": { erfc($0[0]) },
      "lgamma": { lgamma($0[0]) },
      "digamma": { digamma($0[0]) },
      "polygamma": { polygamma($0.integer("order"), $0[0]) },
      "softsign": { softsign($0[0]) },
      "mish": { mish($0[0]) },
      "logit": { logit($0[0], bound: $0.golden.argument("bound", default: Double?.none).map { Scalar($0) }) },
    ]
  }

  private static var transforms: [String: Operation] {
    [
      "fft": { $0[0].fft(along: $0.integer("axis")) },
      "ifft": { $0[0].ifft(along: $0.integer("axis")) },
      "fft2": { $0[0].fft2() },
      "ifft2": { $0[0].ifft2() },
      "rfft": { $0[0].rfft() },
      "irfft": { $0[0].irfft(count: $0.integer("count")) },
      "rfft2": { $0[0].rfft2() },
      "irfft2": { $0[0].irfft2(width: $0.integer("count")) },
    ]
  }

  private static var pairs: [String: Operation] {
    [
      "fmod": { fmod($0[0], $0[1]) },
      "remainder": { remainder($0[0], $0[1]) },
      "floor_divide": { floorDivide($0[0], $0[1]) },
      "integers": {
        let (a, b) = ($0.labels(0), $0.labels(1))
        return switch $0.golden.argument("kind", as: String.self) {
        case "/": (a / b).cast(to: Scalar.self)
        case "//": floorDivide(a, b).cast(to: Scalar.self)
        case "fmod": (a % b).cast(to: Scalar.self)
        default: remainder(a, b).cast(to: Scalar.self)
        }
      },
      "hypot": { hypot($0[0], $0[1]) },
      "lerp": { lerp($0[0], $0[1], weight: $0[2]) },
      "clamp_between": { $0[0].clamped(between: $0[1], and: $0[2]) },
    ]
  }

  private static var grids: [String: Operation] {
    [
      "meshgrid": { Tensor.meshgrid($0.all)[$0.integer("index")] },
      "block_diagonal": { .blockDiagonal($0.all) },
      "kronecker": { $0[0].kronecker($0[1]) },
      "triangle_indices": {
        let (rows, columns, diagonal) = ($0.integer("rows"), $0.integer("columns"), $0.integer("diagonal"))
        let indices: Labels =
          $0.golden.argument("upper")
          ? .upperTriangleIndices(rows: rows, columns: columns, diagonal: diagonal)
          : .lowerTriangleIndices(rows: rows, columns: columns, diagonal: diagonal)
        return indices.cast(to: Scalar.self)
      },
      "logspace": {
        .logspace(
          from: $0.number("start"), through: $0.number("end"), count: $0.integer("count"), base: $0.number("base"))
      },
    ]
  }

  private static var orders: [String: Operation] {
    [
      "cumulative_max": { part($0, $0[0].cumulativeMax(along: $0.axis)) },
      "cumulative_min": { part($0, $0[0].cumulativeMin(along: $0.axis)) },
      "median": { $0.golden.argument("axis", default: Int?.none).map($0[0].medianAlong) ?? $0[0].median() },
      "quantile": { $0[0].quantile($0.number("share"), along: $0.axis) },
      "quantiles": {
        $0[0].quantile($0.golden.argument("shares", as: [Double].self).map { Scalar($0) }, along: $0.axis)
      },
      "mode": { $0[0].mode(along: $0.axis).values },
      "histogram": {
        let x = $0[0]
        if let edges = $0.golden.argument("edges", default: [Double]?.none) {
          return x.histogram(edges: Tensor(edges.map { Scalar($0) })).cast(to: Scalar.self)
        }
        let low = $0.golden.argument("low", default: Double?.none).map { Scalar($0) }
        let high = $0.golden.argument("high", default: Double?.none).map { Scalar($0) }
        let range = low.flatMap { low in high.map { low...$0 } }
        return x.histogram(bins: $0.integer("bins"), in: range).counts.cast(to: Scalar.self)
      },
      "bincount": { $0.labels(0).bincount(minimumCount: $0.integer("minimum")).cast(to: Scalar.self) },
      "search_sorted": { $0[0].searchSorted($0[1], afterEqual: $0.golden.argument("right")).cast(to: Scalar.self) },
    ]
  }

  private static var windows: [String: Operation] {
    [
      "unfolded": {
        $0[0].unfolded(
          $0.integer("size"), stride: $0.integer("stride"), padding: $0.integer("padding"),
          dilation: $0.integer("dilation"))
      },
      "folded": {
        $0[0].folded(
          height: $0.integer("height"), width: $0.integer("width"), stride: $0.integer("stride"),
          padding: $0.integer("padding"), dilation: $0.integer("dilation"))
      },
      "pixel_shuffled": { $0[0].pixelShuffled($0.integer("factor")) },
      "pixel_unshuffled": { $0[0].pixelUnshuffled($0.integer("factor")) },
      "sampled": {
        $0[0].sampled(
          at: $0[1], padding: $0.golden.argument("border") ? .border : .zeros,
          alignsCorners: $0.golden.argument("corners"))
      },
    ]
  }

  private static var matrices: [String: Operation] {
    [
      "least_squares": { $0[0].leastSquares($0[1]) },
      "pseudo_inverse": { try! $0[0].pseudoInverse() },
      "matrix_rank": { try! $0[0].matrixRank().cast(to: Scalar.self) },
      "matrix_exponential": { try! $0[0].matrixExponential() },
    ]
  }

  private static func part(
    _ operands: Operands<Scalar>, _ extremes: (values: Tensor<Scalar>, indices: Labels)
  ) -> Tensor<Scalar> {
    operands.integer("part") == 0 ? extremes.values : extremes.indices.cast(to: Scalar.self)
  }
}

extension Tensor where Scalar: TensorScalar {
  fileprivate func medianAlong(_ axis: Int) -> Tensor { median(along: axis) }
}
