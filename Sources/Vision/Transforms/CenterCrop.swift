import Tensor

/// Cuts the middle out of a picture; where the picture is smaller, black is added around it.
public struct CenterCrop: Transform {
  /// Side of the result in pixels.
  public let size: Int

  /// Makes a centre crop of `size` × `size` pixels.
  public init(size: Int, file: StaticString = #fileID, line: UInt = #line) {
    guard size > 0 else { trap("CenterCrop of \(size) pixels", file: file, line: line) }
    self.size = size
  }

  /// Crops one picture; draws nothing from the generator.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    var image = image
    for axis in 0...1 {
      let missing = size - image.shape[axis]
      if missing > 0 {
        image = image.padded(along: axis, before: missing / 2, after: missing - missing / 2, value: 0)
      } else if missing < 0 {
        image = image.sliced(along: axis, Resampling.centered(size, in: image.shape[axis]))
      }
    }
    return image
  }
}

/// `Resize(shorterSide:)` followed by `CenterCrop(size:)`, without computing what the crop drops.
///
/// A panorama thus costs no more than a square picture.
public struct ResizedCenterCrop: Transform {
  /// Side of the result in pixels.
  public let size: Int

  /// Length of the picture's shorter side after resizing, at least `size`.
  public let shorterSide: Int

  /// Makes the transform; a shorter side below `size` traps.
  public init(size: Int, shorterSide: Int, file: StaticString = #fileID, line: UInt = #line) {
    guard size > 0, shorterSide >= size else {
      trap("ResizedCenterCrop of \(size) from \(shorterSide) pixels", file: file, line: line)
    }
    self.size = size
    self.shorterSide = shorterSide
  }

  /// Resizes and crops one picture; draws nothing from the generator.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    let (height, width) = Resampling.size(of: image, shorterSide: shorterSide)
    return Resampling.resize(
      image, height: height, width: width, rows: Resampling.centered(size, in: height),
      columns: Resampling.centered(size, in: width))
  }
}
