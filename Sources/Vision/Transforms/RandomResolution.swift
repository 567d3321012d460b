import Tensor

/// Makes a picture coarser by chance: shrinks it to a share of its sides and stretches it back.
///
/// A network thus sees pictures of mixed resolution, and batches keep one shape.
public struct RandomResolution: Transform {
  /// The share of the sides, drawn uniformly.
  public let scale: ClosedRange<Double>

  /// Makes the transform; a share that is not positive traps, and one above 1.
  public init(scale: ClosedRange<Double> = 0.25...1, file: StaticString = #fileID, line: UInt = #line) {
    guard scale.lowerBound > 0, scale.upperBound <= 1 else {
      trap("RandomResolution with scale \(scale)", file: file, line: line)
    }
    self.scale = scale
  }

  /// Shrinks and stretches one picture.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    let share = generator.uniform(in: scale)
    let (height, width) = (image.shape[0], image.shape[1])
    func shrunk(_ side: Int) -> Int { max(1, Int((Double(side) * share).rounded(.toNearestOrEven))) }
    let small = Resampling.resize(image, height: shrunk(height), width: shrunk(width))
    return Resampling.resize(small, height: height, width: width)
  }
}
