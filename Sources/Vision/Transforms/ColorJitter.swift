import Tensor

/// Changes brightness, contrast, saturation and hue by chance, in an order by chance, as torchvision's `ColorJitter` does.
///
/// Pictures are of 0...1: it comes before ``Normalize``.
public struct ColorJitter: Transform {
  /// The factors of brightness lie in `1 − brightness ... 1 + brightness`, and above 0.
  public let brightness: Double
  /// The factors of contrast, likewise.
  public let contrast: Double
  /// The factors of saturation, likewise.
  public let saturation: Double
  /// Hues are turned by `−hue ... hue` of their circle.
  public let hue: Double

  /// Makes the transform; what is 0 stays as it is.
  ///
  /// Negative numbers trap, and a hue above 0.5.
  public init(
    brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard [brightness, contrast, saturation].allSatisfy({ $0 >= 0 && $0.isFinite }), (0...0.5).contains(hue) else {
      trap(
        "ColorJitter with brightness \(brightness), contrast \(contrast), saturation \(saturation), hue \(hue)",
        file: file, line: line)
    }
    (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
  }

  /// Changes the colours of one picture.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    adjustments(using: &generator).reduce(image) { $1($0) }
  }

  /// Draws what to do with a picture.
  func adjustments(using generator: inout RandomGenerator) -> [ColorAdjustment] {
    func factor(_ strength: Double) -> Float { Float(generator.uniform(in: max(0, 1 - strength)...1 + strength)) }
    var all: [ColorAdjustment] = []
    if brightness > 0 { all.append(.brightness(factor(brightness))) }
    if contrast > 0 { all.append(.contrast(factor(contrast))) }
    if saturation > 0 { all.append(.saturation(factor(saturation))) }
    if hue > 0 { all.append(.hue(Float(generator.uniform(in: -hue...hue)))) }
    return all.shuffled(using: &generator)
  }
}
