import Foundation
import Tensor

/// Fills a rectangle of a picture with one value, or not, by chance (Zhong et al., AAAI 2020), as torchvision's `RandomErasing` does.
///
/// After ``Normalize`` the value 0 is the mean.
public struct RandomErasing: Transform {
  /// How often a rectangle is filled, 0...1.
  public let probability: Double

  /// The rectangle's share of the picture's area.
  public let scale: ClosedRange<Double>

  /// The rectangle's height over its width, drawn uniformly on a logarithmic scale.
  public let ratio: ClosedRange<Double>

  /// What the rectangle is filled with.
  public let value: Float

  /// Makes the transform; a probability outside 0...1 traps, shares beyond 0...1 and ratios that are not positive.
  public init(
    probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33, ratio: ClosedRange<Double> = 0.3...3.3,
    value: Float = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard (0...1).contains(probability), scale.lowerBound >= 0, scale.upperBound <= 1, ratio.lowerBound > 0 else {
      trap("RandomErasing with probability \(probability), scale \(scale), ratio \(ratio)", file: file, line: line)
    }
    (self.probability, self.scale, self.ratio, self.value) = (probability, scale, ratio, value)
  }

  /// Erases a part of one picture, or gives it back.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    guard generator.uniform() < probability else { return image }
    let part = part(height: image.shape[0], width: image.shape[1], using: &generator)
    return part.map { image.replacing(at: $0.rows, $0.columns, with: value) } ?? image
  }

  /// Draws the part of a picture to erase; nil where ten tries give none that fits.
  func part(
    height: Int, width: Int, using generator: inout RandomGenerator
  ) -> (rows: Range<Int>, columns: Range<Int>)? {
    let area = Double(height * width)
    for _ in 0..<10 {
      let target = area * generator.uniform(in: scale)
      let aspect = exp(generator.uniform(in: log(ratio.lowerBound)...log(ratio.upperBound)))
      let h = Int((target * aspect).squareRoot().rounded(.toNearestOrEven))
      let w = Int((target / aspect).squareRoot().rounded(.toNearestOrEven))
      guard h < height, w < width else { continue }
      let top = Int.random(in: 0...height - h, using: &generator)
      let left = Int.random(in: 0...width - w, using: &generator)
      return (top..<top + h, left..<left + w)
    }
    return nil
  }
}
