import CKernels

/// What is done to each channel of a result while it is in cache: `y · scale + offset + addend`, rectified if asked for.
///
/// The same bits as `Engine.channelAffine`, without its trip through memory.
struct ChannelMap<Scalar: TensorScalar>: Sendable {
  /// For each channel.
  let scale, offset: NDArray<Scalar>
  /// In the result's shape.
  let addend: NDArray<Scalar>?
  let isRectified: Bool

  /// As `apply` wants it.
  func contiguous() -> ChannelMap {
    ChannelMap(
      scale: scale.contiguous(), offset: offset.contiguous(), addend: addend?.contiguous(), isRectified: isRectified)
  }

  /// Changes some rows of [rows, channels] in place.
  func apply(to rows: Range<Int>, of result: UnsafeMutablePointer<Scalar>) {
    let (channels, start) = (scale.count, rows.lowerBound * scale.count)
    ck_channel_affine_in_place(
      Scalar.element, rows.count, channels, channels, scale.pointer, offset.pointer, addend.map { $0.pointer + start },
      isRectified ? 1 : 0, result + start)
  }
}
