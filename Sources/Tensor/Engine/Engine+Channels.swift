import CKernels

// Loops over [rows, channels], where the channels are the last axis, split between threads by rows; partial sums are added in a
// fixed order. Where `x` is stored as bfloat16, so are the other arrays of its size; numbers of channels are full.
extension Engine {
  /// For each channel the sums of `x - shift` and of its square.
  static func channelSums<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, shift: NDArray<Scalar>
  ) -> (sum: NDArray<Scalar>, squares: NDArray<Scalar>) {
    let (x, shift) = (x.rowMajor(), shift.contiguous())
    defer { withExtendedLifetime((x, shift)) {} }
    return rowSums(x) { part, start, sum, squares in
      ck_channel_sums(x.element, part.count, x.channels, x.address(start), shift.pointer, sum, squares)
    }
  }

  /// For each channel the sums of `g` and of its products with `x - shift`; where there is a gate, a scale and an offset for
  /// each channel, of what stands at positive `x · scale + offset`.
  static func channelDots<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, with x: NDArray<Scalar>, shift: NDArray<Scalar>,
    gate: (scale: NDArray<Scalar>, offset: NDArray<Scalar>)?
  ) -> (sum: NDArray<Scalar>, dot: NDArray<Scalar>) {
    let (x, shift) = (x.rowMajor(), shift.contiguous())
    let g = g.rowMajor(as: x)
    let gate = gate.map { ($0.contiguous(), $1.contiguous()) }
    defer { withExtendedLifetime((g, x, shift, gate)) {} }
    return rowSums(g) { part, start, sum, dot in
      ck_channel_dots(
        x.element, part.count, g.channels, g.address(start), x.address(start), shift.pointer, gate?.0.pointer,
        gate?.1.pointer, sum, dot)
    }
  }

  /// `g` where `y` is positive and 0 elsewhere, with the sums of that and of its products with `x - shift` for each channel.
  static func gatedChannelDots<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, by y: NDArray<Scalar>, with x: NDArray<Scalar>, shift: NDArray<Scalar>
  ) -> (gated: NDArray<Scalar>, sum: NDArray<Scalar>, dot: NDArray<Scalar>) {
    let (x, shift) = (x.rowMajor(), shift.contiguous())
    let (g, y) = (g.rowMajor(as: x), y.rowMajor(as: x))
    defer { withExtendedLifetime((g, y, x, shift)) {} }
    let gated = x.uninitializedLike()
    let (sum, dot) = rowSums(g) { part, start, sum, dot in
      ck_channel_gated_dots(
        x.element, part.count, g.channels, g.address(start), y.address(start), x.address(start), shift.pointer,
        gated.address(start), sum, dot)
    }
    return (gated, sum, dot)
  }

  /// `x · scale + offset + addend`, rectified if asked for, with a scale and an offset for each channel.
  static func channelAffine<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, scale: NDArray<Scalar>, offset: NDArray<Scalar>, addend: NDArray<Scalar>?, isRectified: Bool
  ) -> NDArray<Scalar> {
    let x = storesBFloat16 ? x.rowMajor() : x.contiguous()
    let (scale, offset, addend) = (scale.contiguous(), offset.contiguous(), addend?.rowMajor(as: x))
    defer { withExtendedLifetime((x, scale, offset, addend)) {} }
    let result = x.uninitializedLike()
    forEachPart(of: x) { part, start in
      ck_channel_affine(
        x.element, part.count, x.channels, x.address(start), scale.pointer, offset.pointer, addend?.address(start),
        isRectified ? 1 : 0, result.address(start))
    }
    return result
  }

  /// `g · scale + x · factor + offset` with numbers for each channel; where there is a gate as for `channelDots`, `g` counts only
  /// where it is open.
  static func channelCombination<Scalar: TensorScalar>(
    _ g: NDArray<Scalar>, scale: NDArray<Scalar>, _ x: NDArray<Scalar>, factor: NDArray<Scalar>,
    offset: NDArray<Scalar>,
    gate: (scale: NDArray<Scalar>, offset: NDArray<Scalar>)?
  ) -> NDArray<Scalar> {
    let (x, scale) = (storesBFloat16 ? x.rowMajor() : x.contiguous(), scale.contiguous())
    let g = g.rowMajor(as: x)
    let (factor, offset) = (factor.contiguous(), offset.contiguous())
    let gate = gate.map { ($0.contiguous(), $1.contiguous()) }
    defer { withExtendedLifetime((g, x, scale, factor, offset, gate)) {} }
    let result = x.uninitializedLike()
    forEachPart(of: g) { part, start in
      ck_channel_affine2(
        x.element, part.count, g.channels, g.address(start), x.address(start), scale.pointer, factor.pointer,
        offset.pointer, gate?.0.pointer, gate?.1.pointer, result.address(start))
    }
    return result
  }

  /// Calls `body` with some rows and the position of their first element.
  private static func forEachPart<Scalar>(of x: NDArray<Scalar>, _ body: (Range<Int>, Int) -> Void) {
    let channels = max(x.channels, 1)
    parallel(x.count / channels, grain: elementGrain / channels + 1) { body($0, $0.lowerBound * channels) }
  }

  /// Two sums for each channel; `body` gets some rows, the position of their first element and where their sums belong.
  private static func rowSums<Scalar: TensorScalar>(
    _ x: NDArray<Scalar>, _ body: (Range<Int>, Int, UnsafeMutablePointer<Scalar>, UnsafeMutablePointer<Scalar>) -> Void
  ) -> (NDArray<Scalar>, NDArray<Scalar>) {
    let channels = x.channels
    let parts = max(1, min(Threads.count, x.count / elementGrain))
    let partial = NDArray<Scalar>(uninitialized: [2, parts, channels])
    let (first, second) = (partial.target, partial.target + parts * channels)
    forEachShare(of: x.count / max(channels, 1), parts: parts) { part, rows in
      body(rows, rows.lowerBound * channels, first + part * channels, second + part * channels)
    }
    let sums = reduce(.sum, partial, over: [1])!
    func half(_ index: Int) -> NDArray<Scalar> {
      sums.seen(as: Layout(shape: [channels], strides: [1], offset: index * channels)).copied()
    }
    return (half(0), half(1))
  }
}

extension NDArray {
  fileprivate var channels: Int { shape[rank - 1] }
}
