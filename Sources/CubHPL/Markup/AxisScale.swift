import Foundation

/// The scale of a chart: from values to 0...1, with round ticks.
struct AxisScale: Equatable {
  let lower: Double
  let upper: Double
  let ticks: [Double]
  let isLogarithmic: Bool

  /// A linear axis over the values with about `count` round ticks.
  static func linear(_ values: [Double], count: Int) -> AxisScale {
    var lower = values.min() ?? 0
    var upper = values.max() ?? 1
    if upper - lower < max(abs(upper), 1) * 1e-9 {
      let margin = max(abs(upper) * 0.1, 0.5)
      (lower, upper) = (lower - margin, upper + margin)
    }
    let step = roundStep((upper - lower) / Double(max(1, count)))
    let first = (lower / step).rounded(.down)
    let last = (upper / step).rounded(.up)
    let ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    return AxisScale(lower: first * step, upper: last * step, ticks: ticks, isLogarithmic: false)
  }

  /// A logarithmic axis with ticks at 1, 2 and 5 times powers of ten; all values must be above 0.
  static func logarithmic(_ values: [Double]) -> AxisScale {
    let lower = values.min() ?? 1
    let upper = values.max() ?? 10
    let exponents = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    let candidates = exponents.flatMap { exponent in [1, 2, 5].map { $0 * pow(10, Double(exponent)) } }
    let isWide = exponents.count > 4
    let ticks = candidates.filter { $0 >= lower / 2.5 && $0 <= upper * 2.5 }
      .filter { !isWide || abs(log10($0) - log10($0).rounded()) < 1e-9 }
    let below = ticks.last { $0 <= lower } ?? lower
    let above = ticks.first { $0 >= upper } ?? upper
    let inside = ticks.filter { $0 >= below && $0 <= above }
    return AxisScale(lower: below, upper: above, ticks: inside, isLogarithmic: true)
  }

  /// Where a value lies between the two ends.
  func position(_ value: Double) -> Double {
    if isLogarithmic { return log(value / lower) / log(upper / lower) }
    return (value - lower) / (upper - lower)
  }

  /// A tick's text with the decimals that the step needs.
  func label(_ tick: Double) -> String {
    if isLogarithmic { return tick >= 1 ? fixed(tick, 0) : "\(tick)" }
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
    return fixed(tick == 0 ? 0 : tick, max(0, min(6, Int((-log10(step) - 1e-6).rounded(.up)))))
  }

  private static func roundStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    let factor = [1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    return factor * power
  }
}
