import Foundation
import Tensor

/// Cuts a random part out of a picture and resizes it to a square: the field's standard augmentation.
///
/// Area and aspect ratio are drawn as torchvision draws them: up to ten tries, then the largest centred part whose ratio
/// is allowed.
public struct RandomResizedCrop: Transform {
  /// A part of a picture in pixels.
  public struct Region: Equatable, Sendable {
    /// The part's first row.
    public var top: Int
    /// The part's first column.
    public var left: Int
    /// Rows of the part.
    public var height: Int
    /// Columns of the part.
    public var width: Int
  }

  /// Side of the result in pixels.
  public let size: Int

  /// The part's share of the picture's area.
  public let scale: ClosedRange<Double>

  /// The part's width over its height, drawn uniformly on a logarithmic scale.
  public let ratio: ClosedRange<Double>

  /// Makes the transform; sizes, scales and ratios that are not positive trap.
  public init(
    size: Int, scale: ClosedRange<Double> = 0.08...1, ratio: ClosedRange<Double> = 3.0 / 4...4.0 / 3,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard size > 0, scale.lowerBound > 0, ratio.lowerBound > 0 else {
      trap("RandomResizedCrop of \(size) pixels, scale \(scale), ratio \(ratio)", file: file, line: line)
    }
    self.size = size
    self.scale = scale
    self.ratio = ratio
  }

  /// Crops and resizes one picture.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    let region = region(height: image.shape[0], width: image.shape[1], using: &generator)
    let part = image.sliced(along: 0, region.top..<region.top + region.height)
      .sliced(along: 1, region.left..<region.left + region.width)
    return Resampling.resize(part, height: size, width: size)
  }

  /// Draws the part to cut out of a picture of a given size.
  public func region(height: Int, width: Int, using generator: inout RandomGenerator) -> Region {
    let area = Double(height * width)
    for _ in 0..<10 {
      let target = area * generator.uniform(in: scale)
      let aspect = exp(generator.uniform(in: log(ratio.lowerBound)...log(ratio.upperBound)))
      let w = rounded((target * aspect).squareRoot())
      let h = rounded((target / aspect).squareRoot())
      guard 1...width ~= w, 1...height ~= h else { continue }
      let top = Int.random(in: 0...height - h, using: &generator)
      let left = Int.random(in: 0...width - w, using: &generator)
      return Region(top: top, left: left, height: h, width: w)
    }
    let own = Double(width) / Double(height)
    let w = own > ratio.upperBound ? max(1, rounded(Double(height) * ratio.upperBound)) : width
    let h = own < ratio.lowerBound ? max(1, rounded(Double(width) / ratio.lowerBound)) : height
    return Region(top: (height - h) / 2, left: (width - w) / 2, height: h, width: w)
  }

  private func rounded(_ length: Double) -> Int { Int(length.rounded(.toNearestOrEven)) }
}
