import Foundation

/// Mean and sample standard deviation of a number measured once per seed.
struct Statistic: Equatable, Sendable {
  let mean: Double
  /// Divided by n − 1; nil for a single value.
  let deviation: Double?
  /// How many values there were.
  let count: Int

  /// - Parameter values: at least one.
  init(_ values: [Double]) {
    guard !values.isEmpty else { fatalError("Statistic: no values") }
    self.count = values.count
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
    self.mean = mean
    deviation = values.count > 1 ? (squares / (count - 1)).squareRoot() : nil
  }

  /// `12.34` or `12.34 ± 0.56`; a dash for what is no number.
  func text(scale: Double = 1, decimals: Int) -> String {
    guard mean.isFinite else { return "–" }
    let center = fixed(mean * scale, decimals)
    return deviation.map { "\(center) ± \(fixed($0 * scale, decimals))" } ?? center
  }
}

/// A number with a fixed count of decimals and a point, whatever the locale.
func fixed(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }

/// A whole number with commas between the thousands.
func grouped(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
    text.append(digit)
  }
  return number < 0 ? "−\(text)" : text
}
