import Foundation

/// The form that the elements of one printed tensor share, all as wide as the widest.
func columnFormat<Scalar: TensorElement>(of shown: [Scalar]) -> (Scalar) -> String {
  switch shown {
  case let floats as [Float]:
    let columns = FloatColumns(floats, digits: 6)
    return { columns.text($0 as! Float) }
  case let doubles as [Double]:
    let columns = FloatColumns(doubles, digits: 8)
    return { columns.text($0 as! Double) }
  case let halves as [Float16]:
    let columns = FloatColumns(halves, digits: 6)
    return { columns.text($0 as! Float16) }
  case let halves as [BFloat16]:
    let columns = FloatColumns(halves.map { Float($0) }, digits: 6)
    return { columns.text(Float($0 as! BFloat16)) }
  default:
    let width = shown.map { "\($0)".count }.max() ?? 0
    return { padded("\($0)", to: width) }
  }
}

private func padded(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// NumPy's rules for a column of floating-point numbers.
private struct FloatColumns<Scalar: BinaryFloatingPoint & CustomStringConvertible> {
  private static var precision: Int { 8 }

  private var hasExponents = false
  /// The widths before and after the point, and of an exponent without its sign.
  private var left = 0
  private var right = 0
  private var exponentDigits = 0

  /// Chooses a form for some numbers; those of more than `digits` digits get an exponent.
  init(_ shown: [Scalar], digits: Int) {
    let finite = shown.filter(\.isFinite)
    let sizes = finite.lazy.filter { $0 != 0 }.map(\.magnitude)
    if let largest = sizes.max(), let smallest = sizes.min() {
      hasExponents =
        Double(largest) >= Foundation.pow(10, Double(digits)) || smallest < 0.0001 || largest / smallest > 1000
    }
    for number in finite {
      let decimal = decimal(number)
      left = max(left, decimal.whole.count)
      right = max(right, decimal.fraction.count)
      exponentDigits = max(exponentDigits, decimal.exponent.count - 2)
    }
    if finite.count < shown.count {
      let tail = 1 + (hasExponents ? right + exponentDigits + 2 : right)
      left = max(left, 3 - tail, shown.contains(-.infinity) ? 4 - tail : 0)
    }
  }

  func text(_ number: Scalar) -> String {
    let tail = 1 + (hasExponents ? right + exponentDigits + 2 : right)
    guard number.isFinite else { return padded("\(number)", to: left + tail) }
    if hasExponents {
      // Where this gives more digits than the shortest, NumPy too shows those of the number itself.
      let halves = String(format: "%.\(right)e", Double(number)).split(separator: "e")
      let zeros = String(repeating: "0", count: exponentDigits + 1 - halves[1].count)
      let mantissa = halves[0] + (right == 0 ? "." : "")
      return padded("\(mantissa)e\(halves[1].prefix(1))\(zeros)\(halves[1].dropFirst())", to: left + tail)
    }
    let decimal = decimal(number)
    let missing = String(repeating: " ", count: right - decimal.fraction.count)
    return padded(decimal.whole, to: left) + "." + decimal.fraction + missing
  }

  /// The shortest digits that give the number back, rounded to the precision; the exponent is `e+00` or longer, or empty.
  private func decimal(_ number: Scalar) -> (whole: String, fraction: String, exponent: String) {
    var (digits, point) = shortest(number.magnitude)
    let fractionDigits = hasExponents ? digits.count - 1 : digits.count - point
    if fractionDigits > Self.precision {
      // Rounds the number itself: rounding the shortest digits would round twice.
      let text = String(
        format: hasExponents ? "%.\(Self.precision)e" : "%.\(Self.precision)f", Double(number.magnitude))
      (digits, point) = parsed(text)
    }
    let sign = number.sign == .minus ? "-" : ""
    if hasExponents {
      let exponent = number == 0 ? 0 : point - 1
      let size = "\(abs(exponent))"
      let tail = (exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" : "") + size
      return (sign + digits.prefix(1), String(digits.dropFirst()), tail)
    }
    if point <= 0 {
      let fraction = number == 0 ? "" : String(repeating: "0", count: -point) + digits
      return (sign + "0", digits == "0" ? "" : fraction, "")
    }
    let whole = digits.prefix(point) + String(repeating: "0", count: max(0, point - digits.count))
    return (sign + whole, String(digits.dropFirst(point)), "")
  }

  /// The significant digits of the shortest text that gives the number back, and where the point stands among them.
  private func shortest(_ number: Scalar) -> (digits: String, point: Int) { parsed("\(number)") }

  private func parsed(_ text: String) -> (digits: String, point: Int) {
    let halves = text.split(separator: "e")
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let all = parts[0] + fraction
    let point = parts[0].count + (halves.count > 1 ? Int(halves[1])! : 0)
    let zeros = all.prefix { $0 == "0" }.count
    var digits = String(all.dropFirst(zeros))
    while digits.last == "0" { digits.removeLast() }
    return digits.isEmpty ? ("0", 1) : (digits, point - zeros)
  }
}
