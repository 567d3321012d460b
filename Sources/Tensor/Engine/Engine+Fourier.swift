extension Engine {
  /// The discrete Fourier transforms of complex numbers `[…, n, 2]` along their last axis but one, not scaled; `Σ x exp(∓2πi kt / n)`,
  /// with plus for the inverse.
  static func fourier<Scalar: TensorScalar>(_ x: NDArray<Scalar>, isInverse: Bool) -> NDArray<Scalar> {
    let source = x.contiguous()
    defer { withExtendedLifetime(source) {} }
    let result = NDArray<Scalar>(uninitialized: x.shape)
    let size = x.shape[x.rank - 2]
    guard x.count > 0 else { return result }
    let plan = FourierPlan(count: size)
    let (x, y) = (source.pointer, result.target)
    // The inverse is the transform with real and imaginary parts changed for one another, before and after.
    let (real, imaginary) = isInverse ? (size, 0) : (0, size)
    parallel(source.count / (2 * size), grain: elementGrain / (32 * size) + 1) { rows in
      let room = Buffer<Double>(count: 2 * size + plan.scratchCount)
      defer { withExtendedLifetime(room) {} }
      let z = room.pointer
      for row in rows {
        let start = 2 * size * row
        for t in 0..<size {
          (z[real + t], z[imaginary + t]) = (Double(x[start + 2 * t]), Double(x[start + 2 * t + 1]))
        }
        plan.transform(z, scratch: z + 2 * size)
        for t in 0..<size {
          (y[start + 2 * t], y[start + 2 * t + 1]) = (Scalar(z[real + t]), Scalar(z[imaginary + t]))
        }
      }
    }
    return result
  }
}
