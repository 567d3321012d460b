/// How `upsampled` finds a value between pixels.
public enum Upsampling: Sendable {
  /// The pixel that covers the place: `⌊i·inSize / size⌋`.
  case nearest
  /// Linearly between the nearest pixels on each side, in both directions; corners are not aligned (pixels are squares,
  /// not points), and beyond the outermost centres the border pixels go on.
  case bilinear
}

extension Tensor where Scalar: TensorScalar {
  /// Channels-last images in another size: `[batch, inHeight, inWidth, channels]` to `[batch, height, width, channels]`.
  ///
  /// As PyTorch's `interpolate` with `align_corners=False`. To smaller sizes it samples and does not average. Traps for
  /// images without pixels and sizes less than 1.
  public func upsampled(
    height: Int, width: Int, _ mode: Upsampling = .nearest, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      rank == 4 && shape[1] >= 1 && shape[2] >= 1 && height >= 1 && width >= 1,
      "upsampled: images \(shape) [batch, height, width, channels] do not become \(height) × \(width)", file: file,
      line: line)
    _ = byteCount(of: Layout.count(of: [shape[0], height, width, shape[3]]), Scalar.self)
    return resampled(along: 1, height, mode).resampled(along: 2, width, mode)
  }

  private func resampled(along axis: Int, _ size: Int, _ mode: Upsampling) -> Tensor {
    let from = shape[axis]
    if from == size { return self }
    switch mode {
    case .nearest: return gathered((0..<size).map { $0 * from / size }, along: axis)
    case .bilinear:
      let places = (0..<size).map {
        Swift.max(0, (Scalar($0) + 0.5) * Scalar(from) / Scalar(size) - 0.5)
      }
      let low = places.map { Swift.min(Int($0), from - 1) }
      let share = Tensor(zip(places, low).map { $0 - Scalar($1) }, shape: [size] + [Int](repeating: 1, count: 3 - axis))
      return gathered(low, along: axis) * (1 - share)
        + gathered(low.map { Swift.min($0 + 1, from - 1) }, along: axis) * share
    }
  }

  /// Positions along an axis, in any order.
  private func gathered(_ positions: [Int], along axis: Int) -> Tensor {
    var exchange = Array(0..<rank)
    exchange.swapAt(0, axis)
    return permuted(exchange).take(Tensor<Int>(positions)).permuted(exchange)
  }
}
