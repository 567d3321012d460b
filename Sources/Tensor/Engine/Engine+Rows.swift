import CKernels

// Loops over the rows of a matrix that normalise each, split between threads by rows; partial sums are added in a fixed order. Where
// `x` is stored as bfloat16, so are the other arrays of its size.
extension Engine {
  /// Each row of `[rows, width]` with mean 0 and variance 1, times a scale and plus an offset for each column; with the means of the
  /// rows and what their differences from them were multiplied by.
  static func layerNorm<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, scale: NDArray<Scalar>, offset: NDArray<Scalar>, epsilon: Scalar
  ) -> (output: NDArray<Scalar>, means: NDArray<Scalar>, inverses: NDArray<Scalar>) {
    let x = storesBFloat16 ? x.rowMajor() : x.contiguous()
    let (scale, offset, result) = (scale.contiguous(), offset.contiguous(), x.uninitializedLike())
    let (rows, width) = (x.shape[0], x.shape[1])
    let (means, inverses) = (NDArray<Scalar>(uninitialized: [rows]), NDArray<Scalar>(uninitialized: [rows]))
    parallel(rows, grain: elementGrain / max(width, 1) + 1) { part in
      let first = part.lowerBound
      ck_layer_norm(
        x.element, part.count, width, Double(epsilon), x.address(first * width), scale.pointer, offset.pointer,
        means.target + first, inverses.target + first, result.address(first * width))
    }
    withExtendedLifetime((x, scale, offset)) {}
    return (result, means, inverses)
  }

  /// The gradients of `layerNorm` for rows, scale and offset.
  static func layerNormPullback<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, _ x: NDArray<Scalar>, scale: NDArray<Scalar>, means: NDArray<Scalar>,
    inverses: NDArray<Scalar>
  ) -> (x: NDArray<Scalar>, scale: NDArray<Scalar>, offset: NDArray<Scalar>) {
    let x = storesBFloat16 ? x.rowMajor() : x.contiguous()
    let (g, scale, result) = (g.rowMajor(as: x), scale.contiguous(), x.uninitializedLike())
    let (rows, width) = (x.shape[0], x.shape[1])
    let parts = max(1, min(Threads.count, x.count / elementGrain))
    let partial: NDArray<Scalar> = zeros([2, parts, width])
    forEachShare(of: rows, parts: parts) { part, share in
      let first = share.lowerBound
      ck_layer_norm_pull(
        x.element, share.count, width, g.address(first * width), x.address(first * width), scale.pointer,
        means.pointer + first, inverses.pointer + first, result.address(first * width),
        partial.target + part * width, partial.target + (parts + part) * width)
    }
    withExtendedLifetime((g, x, scale, means, inverses)) {}
    let sums = reduce(.sum, partial, over: [1])!
    func half(_ index: Int) -> NDArray<Scalar> {
      sums.seen(as: Layout(shape: [width], strides: [1], offset: index * width)).copied()
    }
    return (result, half(0), half(1))
  }
}
