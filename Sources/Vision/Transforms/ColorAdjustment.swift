import CPixels
import Tensor

/// A change of colours as torchvision's `transforms.v2.functional` defines it for pictures of floating-point numbers.
enum ColorAdjustment: Equatable {
  /// Multiplies by a factor.
  case brightness(Float)
  /// Moves away from the picture's mean grey (beyond 1) or towards it (below 1).
  case contrast(Float)
  /// Moves each pixel away from its grey, or towards it.
  case saturation(Float)
  /// Turns the circle of hues by a share of it.
  case hue(Float)
  /// Moves away from the blurred picture, or towards it; the border stays.
  case sharpness(Float)
  /// Keeps this many of 8 bits.
  case posterize(Int)
  /// Inverts what is not below a threshold.
  case solarize(Float)
  /// Stretches each channel over 0...1.
  case autoContrast
  /// Makes all of 256 levels of each channel about equally frequent.
  case equalize

  /// The changed picture; `image` is [height, width, 3], 0...1.
  func callAsFunction(_ image: Tensor<Float>) -> Tensor<Float> {
    switch self {
    case .brightness(let factor): return (image * factor).clamped(to: 0...1)
    case .contrast(let factor):
      let grey = (image.mean(along: 0, 1) * Tensor([0.2989, 0.587, 0.114])).sum()
      return (image * factor + grey * (1 - factor)).clamped(to: 0...1)
    case .saturation(let factor): return pixelwise(image) { ck_saturate($0, factor, $1, $2) }
    case .hue(let turn): return pixelwise(image) { ck_turn_hue($0, turn, $1, $2) }
    case .sharpness(let factor): return sharpened(image, by: factor)
    case .posterize(let bits):
      let levels = Float(1 << bits)
      return floor(image * levels).clamped(to: 0...levels - 1) * (1 / levels)
    case .solarize(let threshold): return .where(image .>= Tensor(threshold), 1 - image, image)
    case .autoContrast:
      let (low, high) = (image.min(along: 0, 1), image.max(along: 0, 1))
      let isFlat = low .== high
      let range = Tensor.where(isFlat, Tensor(1), high - low)
      return ((image - Tensor.where(isFlat, Tensor(0), low)) / range).clamped(to: 0...1)
    case .equalize: return pixelwise(image) { ck_equalize($0, $1, $2) }
    }
  }

  private func pixelwise(
    _ image: Tensor<Float>, _ body: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor<Float> {
    Tensor(shape: image.shape) { result in
      image.withUnsafeScalars { body(image.shape[0] * image.shape[1], $0.baseAddress!, result.baseAddress!) }
    }
  }

  private func sharpened(_ image: Tensor<Float>, by factor: Float) -> Tensor<Float> {
    let (height, width) = (image.shape[0], image.shape[1])
    guard height > 2, width > 2 else { return image }
    func shifted(_ down: Int, _ right: Int) -> Tensor<Float> {
      image.sliced(along: 0, down..<down + height - 2).sliced(along: 1, right..<right + width - 2)
    }
    let center = shifted(1, 1)
    let around = (0..<3).flatMap { down in (0..<3).map { shifted(down, $0) } }.reduce(center * 4) { $0 + $1 }
    let change = (around * (1.0 / 13) - center) * (1 - factor)
    let framed = change.padded(along: 0, before: 1, after: 1, value: 0).padded(along: 1, before: 1, after: 1, value: 0)
    return (image + framed).clamped(to: 0...1)
  }
}
