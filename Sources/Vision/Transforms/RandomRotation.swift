import Tensor

/// Turns a picture around its middle by an angle by chance, as torchvision's `RandomRotation` does.
///
/// The size stays; corners that come from outside are filled, and each pixel has the value of the nearest.
public struct RandomRotation: Transform {
  /// The angles, counterclockwise.
  public let degrees: ClosedRange<Double>

  /// What the corners are filled with.
  public let fill: Float

  /// Turns by `−degrees ... degrees`; a negative or infinite number traps.
  public init(degrees: Double, fill: Float = 0, file: StaticString = #fileID, line: UInt = #line) {
    guard degrees >= 0, degrees.isFinite else { trap("RandomRotation by \(degrees)°", file: file, line: line) }
    self.init(degrees: -degrees...degrees, fill: fill, file: file, line: line)
  }

  /// Turns by an angle of a range; infinite ends trap.
  public init(degrees: ClosedRange<Double>, fill: Float = 0, file: StaticString = #fileID, line: UInt = #line) {
    guard degrees.lowerBound.isFinite, degrees.upperBound.isFinite else {
      trap("RandomRotation by \(degrees)°", file: file, line: line)
    }
    (self.degrees, self.fill) = (degrees, fill)
  }

  /// Turns one picture.
  public func callAsFunction(_ image: Tensor<Float>, using generator: inout RandomGenerator) -> Tensor<Float> {
    Warp.rotation(generator.uniform(in: degrees))(image, fill: fill)
  }
}
