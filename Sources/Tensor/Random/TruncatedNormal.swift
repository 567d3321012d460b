import Foundation

/// The standard normal distribution between two bounds.
struct TruncatedNormal {
  let lower: Double
  let upper: Double
  /// Where the density is greatest.
  private let mode: Double
  /// Whether enough of the whole distribution lies between the bounds to draw from it until it does.
  private let isCentral: Bool
  /// The part of the range where the density is above e⁻⁴⁰ of its greatest, for drawing uniformly.
  private let window: ClosedRange<Double>

  init(lower: Double, upper: Double) {
    (self.lower, self.upper) = (lower, upper)
    isCentral = erf(upper * 0.5.squareRoot()) - erf(lower * 0.5.squareRoot()) > 0.5
    let mode = Swift.min(Swift.max(0, lower), upper)
    let reach = 40 / Swift.max(mode.magnitude, 80.squareRoot() / 2)
    window = Swift.max(lower, mode - reach)...Swift.min(upper, mode + reach)
    self.mode = mode
  }

  func draw(using generator: inout RandomGenerator) -> Double {
    while true {
      let x =
        isCentral
        ? generator.normal()
        : window.lowerBound + generator.uniform() * (window.upperBound - window.lowerBound)
      if isCentral ? (lower...upper).contains(x) : generator.uniform() < exp((mode - x) * (mode + x) / 2) { return x }
    }
  }
}
