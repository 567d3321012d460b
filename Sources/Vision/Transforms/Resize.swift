import Tensor

/// Resizes a picture with an antialiased bilinear filter, as Pillow and torchvision (`antialias=True`) do.
public struct Resize: Transform {
  /// What the result's sides are made of.
  public enum Target: Sendable, Equatable {
    /// The shorter side gets this length, the other one keeps the proportion.
    case shorterSide(Int)
    /// Both sides are given, the proportion may change.
    case exactly(height: Int, width: Int)
  }

  /// The size to resize to.
  public let target: Target

  /// Resizes the shorter side to a number of pixels and keeps the proportion.
  public init(shorterSide: Int, file: StaticString = #fileID, line: UInt = #line) {
    guard shorterSide > 0 else { trap("Resize to \(shorterSide) pixels", file: file, line: line) }
    target = .shorterSide(shorterSide)
  }

  /// Resizes to a height and a width, whatever the proportion.
  public init(height: Int, width: Int, file: StaticString = #fileID, line: UInt = #line) {
    guard height > 0, width > 0 else { trap("Resize to \(height)×\(width) pixels", file: file, line: line) }
    target = .exactly(height: height, width: width)
  }

  /// Resizes one picture; draws nothing from the generator.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    switch target {
    case .exactly(let height, let width): return Resampling.resize(image, height: height, width: width)
    case .shorterSide(let side):
      let (height, width) = Resampling.size(of: image, shorterSide: side)
      return Resampling.resize(image, height: height, width: width)
    }
  }
}
