import Tensor

/// Mirrors a picture left to right, or not, by chance.
public struct RandomHorizontalFlip: Transform {
  /// How often the picture is mirrored, 0...1.
  public let probability: Double

  /// Makes the transform; a probability outside 0...1 traps.
  public init(probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    guard (0...1).contains(probability) else {
      trap("RandomHorizontalFlip with probability \(probability)", file: file, line: line)
    }
    self.probability = probability
  }

  /// Mirrors one picture or gives it back; the mirrored picture is a view.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    generator.uniform() < probability ? image.flipped(along: 1) : image
  }
}
