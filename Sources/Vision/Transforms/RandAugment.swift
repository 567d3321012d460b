import Tensor

/// Operations drawn from a list of fourteen, all of one strength (Cubuk et al., 2020), as torchvision's `RandAugment` does.
///
/// Pictures are of 0...1: it comes before ``Normalize``. What comes from outside the picture is black.
public struct RandAugment: Transform {
  /// How many operations a picture goes through.
  public let operations: Int

  /// The strength, 0 ..< `bins`.
  public let magnitude: Int

  /// How many strengths there are.
  public let bins: Int

  /// Makes the transform; a negative number of operations traps, fewer than two strengths and a strength beyond them.
  public init(
    operations: Int = 2, magnitude: Int = 9, bins: Int = 31, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard operations >= 0, bins >= 2, (0..<bins).contains(magnitude) else {
      trap("RandAugment of \(operations) operations, magnitude \(magnitude) of \(bins)", file: file, line: line)
    }
    (self.operations, self.magnitude, self.bins) = (operations, magnitude, bins)
  }

  /// Applies operations to one picture.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    (0..<operations).reduce(image) { image, _ in
      let operation = Operation.allCases.randomElement(using: &generator)!
      let isNegative = generator.uniform() < 0.5
      return apply(operation, isNegative: isNegative, to: image)
    }
  }

  enum Operation: CaseIterable {
    case identity, shearX, shearY, translateX, translateY, rotate
    case brightness, color, contrast, sharpness, posterize, solarize, autoContrast, equalize
  }

  /// One operation at this strength; the sign counts where the operation has two directions.
  func apply(_ operation: Operation, isNegative: Bool, to image: Tensor<Float>) -> Tensor<Float> {
    let share = Double(magnitude) / Double(bins - 1)
    let (height, width) = (image.shape[0], image.shape[1])
    func signed(_ most: Double) -> Double { isNegative ? -most * share : most * share }
    let factor = Float(1 + signed(0.9))
    return switch operation {
    case .identity: image
    case .shearX: Warp.horizontalShear(signed(0.3), height: height)(image)
    case .shearY: Warp.verticalShear(signed(0.3), width: width)(image)
    case .translateX: Warp.translation(right: Int(signed(150.0 / 331 * Double(width))), down: 0)(image)
    case .translateY: Warp.translation(right: 0, down: Int(signed(150.0 / 331 * Double(height))))(image)
    case .rotate: Warp.rotation(signed(30))(image)
    case .brightness: ColorAdjustment.brightness(factor)(image)
    case .color: ColorAdjustment.saturation(factor)(image)
    case .contrast: ColorAdjustment.contrast(factor)(image)
    case .sharpness: ColorAdjustment.sharpness(factor)(image)
    case .posterize: ColorAdjustment.posterize(Int((8 - 4 * share).rounded(.toNearestOrEven)))(image)
    case .solarize: ColorAdjustment.solarize(Float(1 - share))(image)
    case .autoContrast: ColorAdjustment.autoContrast(image)
    case .equalize: ColorAdjustment.equalize(image)
    }
  }
}
