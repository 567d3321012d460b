import Tensor

/// The light in a picture: how bright and how warm it is.
struct Light {
  private let gain: Color
  private let haze: Double

  init(using generator: inout RandomGenerator) {
    let brightness = generator.number(0.58, 1.2)
    let warmth = generator.number(-0.22, 0.22)
    let green = generator.number(-0.07, 0.07)
    gain = Color(brightness * (1 + warmth), brightness * (1 + green), brightness * (1 - warmth))
    haze = generator.chance(0.4) ? generator.number(0, 0.3) : 0
  }

  /// A colour as this light shows it.
  func callAsFunction(_ color: Color) -> Color {
    Color(min(color.red * gain.red, 1), min(color.green * gain.green, 1), min(color.blue * gain.blue, 1))
      .mixed(with: Color(0.8, 0.84, 0.88), haze)
  }
}
