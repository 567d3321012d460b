import Foundation

/// Student's t distribution.
enum StudentT {
  /// The number that |t| exceeds with a probability of 5 %, to five digits; at least one degree of freedom.
  static func bound95(degreesOfFreedom n: Int) -> Double {
    if n <= table.count { return table[n - 1] }
    // The Cornish–Fisher expansion around the normal quantile (Abramowitz and Stegun, 26.7.5).
    let (z, n) = (1.959963984540054, Double(n))
    let first = (pow(z, 3) + z) / 4
    let second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96
    let third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384
    return z + first / n + second / (n * n) + third / (n * n * n)
  }

  private static let table = [
    12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004, 2.262157, 2.228139, 2.200985,
    2.178813, 2.160369, 2.144787, 2.13145, 2.119905, 2.109816, 2.100922, 2.093024, 2.085963,
  ]
}

extension Statistic {
  /// Half the width of the 95 % interval of the mean by Student's t; nil for a single value, and for what was not measured.
  var interval: Double? {
    guard mean.isFinite else { return nil }
    return deviation.map { StudentT.bound95(degreesOfFreedom: count - 1) * $0 / Double(count).squareRoot() }
  }

  /// The 95 % interval of the mean as far as it lies in a range that holds every value; nil for a single value.
  func bounds(within range: ClosedRange<Double>) -> ClosedRange<Double>? {
    interval.map { (mean - $0...mean + $0).clamped(to: range) }
  }
}
