/// A colour, its parts 0...1.
struct Color {
  var red: Double
  var green: Double
  var blue: Double

  init(_ red: Double, _ green: Double, _ blue: Double) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour written as in a style sheet, 0xRRGGBB.
  init(hex: Int) {
    self.init(Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
  }

  static let black = Color(0, 0, 0)
  static let white = Color(1, 1, 1)

  func mixed(with other: Color, _ share: Double) -> Color {
    Color(
      red + (other.red - red) * share, green + (other.green - green) * share, blue + (other.blue - blue) * share)
  }

  func darker(_ share: Double) -> Color { mixed(with: .black, share) }
  func lighter(_ share: Double) -> Color { mixed(with: .white, share) }

  /// A colour from hue (turns), saturation and value.
  static func hue(_ hue: Double, saturation: Double, value: Double) -> Color {
    func part(_ offset: Double) -> Double {
      let k = (offset + hue * 6).truncatingRemainder(dividingBy: 6)
      return value * (1 - saturation * max(0, min(1, min(k, 4 - k))))
    }
    return Color(part(5), part(3), part(1))
  }

  /// How different two colours look, roughly: 0 for the same, about 1 for black and white.
  func distance(to other: Color) -> Double {
    let (r, g, b) = (red - other.red, green - other.green, blue - other.blue)
    return (0.30 * r * r + 0.45 * g * g + 0.25 * b * b).squareRoot()
  }
}
