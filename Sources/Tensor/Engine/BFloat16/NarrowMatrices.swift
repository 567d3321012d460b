import CKernels

// Products of bfloat16, added up in `Float`.
extension Engine {
  /// The matrix products of operands rounded to bfloat16; shapes as for `matmul`.
  static func narrowMatmul(_ a: NDArray<Float>, _ b: NDArray<Float>, batch: [Int]) -> NDArray<Float> {
    let (a, b) = (a.narrowed(), b.narrowed())
    guard PackedBFloat16.isUsed else {
      return stored(with(.nothing) { matmul(a.widened(), b.widened(), batch: batch) })
    }
    let (m, k, n) = (a.shape[a.rank - 2], a.shape[a.rank - 1], b.shape[b.rank - 1])
    let (left, right) = (a.layout.expanded(to: batch + [m, k]), b.layout.expanded(to: batch + [k, n]))
    let matrices = Layout.count(of: batch)
    guard matrices > 0, m > 0, n > 0, k > 0 else { return zeros(batch + [m, n]) }
    let isRounded = storesBFloat16 && k <= mostDepth
    let result: NDArray<Float> =
      isRounded ? NDArray(uninitializedBFloat16: batch + [m, n]) : NDArray(uninitialized: batch + [m, n])
    let rank = batch.count
    func product(_ x: Int, _ y: Int, _ z: Int, isShared: Bool) {
      for start in stride(from: 0, to: k, by: mostDepth) {
        let depth = min(mostDepth, k - start)
        let form: BFloat16Result = isRounded ? .rounded : start == 0 ? .written : .added
        multiply(
          m, n, depth, a.halves + x + start * left.strides[rank + 1], (left.strides[rank], left.strides[rank + 1]),
          b.halves + y + start * right.strides[rank], (right.strides[rank], right.strides[rank + 1]),
          result.address(z), form, isShared: isShared)
      }
    }
    if matrices > 1 {
      let offsets = StridedOffsets(batch, left.strides, right.strides)
      parallel(matrices, grain: (1 << 16) / (m * n * k) + 1) { part in
        for i in part { product(offsets[i].0, offsets[i].1, i * m * n, isShared: false) }
      }
    } else {
      product(0, 0, 0, isShared: m * n * k >= 1 << 18)
    }
    withExtendedLifetime((a, b)) {}
    return stored(result)
  }

  /// What is multiplied at once along the depth: a panel of it stays in cache.
  private static var mostDepth: Int { 2048 }

  /// One product; the threads share out rows or panels of columns where they may.
  private static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<UInt16>, _ aStrides: (Int, Int), _ b: UnsafePointer<UInt16>,
    _ bStrides: (Int, Int), _ c: UnsafeMutableRawPointer, _ form: BFloat16Result, isShared: Bool
  ) {
    let packed = PackedBFloat16(
      b, row: bStrides.0, column: bStrides.1, depth: k, columns: n, isShared: isShared)
    /// Blocks of rows that stay in cache while the panels go by.
    func rows(_ part: Range<Int>, panels: Range<Int>?) {
      let block = max(6, (1 << 16) / k / 6 * 6)
      for start in stride(from: part.lowerBound, to: part.upperBound, by: block) {
        packed.product(
          min(block, part.upperBound - start), a + start * aStrides.0, row: aStrides.0, column: aStrides.1,
          panels: panels, c + start * n * (form == .rounded ? 2 : 4), leading: n, form)
      }
    }
    let panels = (n + PackedBFloat16.panelWidth - 1) / PackedBFloat16.panelWidth
    if !isShared {
      rows(0..<m, panels: nil)
    } else if m >= n || panels < Threads.count {
      parallel(m, grain: (m + Threads.count - 1) / Threads.count) { rows($0, panels: nil) }
    } else {
      parallel(panels, grain: (panels + Threads.count - 1) / Threads.count) { rows(0..<m, panels: $0) }
    }
  }
}
