import Tensor

/// What is behind and before the bird: drawn independently of the species, its posture's support apart.
struct Backdrop {
  /// Scenery.
  enum Scene: CaseIterable {
    case sky
    case foliage
    case water
    case branches
    case meadow
    case dusk

    typealias Span = (Double, Double)

    /// From which to which hue (turns), saturation and value the ground's colour lies.
    var tones: (hue: Span, saturation: Span, value: Span) {
      switch self {
      case .sky: ((0.53, 0.62), (0.1, 0.5), (0.7, 1))
      case .foliage: ((0.18, 0.4), (0.25, 0.6), (0.25, 0.62))
      case .water: ((0.45, 0.62), (0.15, 0.5), (0.35, 0.75))
      case .branches: ((0.06, 0.25), (0.1, 0.35), (0.45, 0.85))
      case .meadow: ((0.13, 0.3), (0.3, 0.6), (0.45, 0.8))
      case .dusk: ((0.94, 1.11), (0.2, 0.5), (0.55, 0.95))
      }
    }
  }

  /// The colour of the ground layer.
  let ground: Color
  /// The colour of water, earth and branches next to the bird.
  let near: Color
  let wood: Color
  private let scene: Scene

  init(using generator: inout RandomGenerator) {
    scene = generator.element(Scene.allCases)
    let tones = scene.tones
    ground = .hue(
      generator.number(tones.hue.0, tones.hue.1), saturation: generator.number(tones.saturation.0, tones.saturation.1),
      value: generator.number(tones.value.0, tones.value.1))
    near = ground.mixed(
      with: .hue(
        generator.number(0.05, 0.6), saturation: generator.number(0.1, 0.4), value: generator.number(0.3, 0.75)),
      generator.number(0.3, 0.8))
    wood = .hue(
      generator.number(0.04, 0.12), saturation: generator.number(0.1, 0.5), value: generator.number(0.22, 0.6))
  }

  /// Paints the scenery.
  func paint(on canvas: inout Canvas, using generator: inout RandomGenerator) {
    canvas.frame = .identity
    let (light, dark) = (ground.lighter(generator.number(0.15, 0.5)), ground.darker(generator.number(0.15, 0.45)))
    let columns = scene == .water ? 4 : generator.element([5, 6, 7])
    let rows = scene == .water ? generator.element([10, 14, 18]) : generator.element([5, 6, 7])
    let broad = canvas.grid.noise(columns: columns, rows: rows, using: &generator)
    canvas.paint(minimum(relu(broad * 2 - 0.75), Tensor(0.9)), light)
    if scene == .foliage || scene == .meadow || scene == .branches || generator.chance(0.4) {
      let fine = canvas.grid.noise(
        columns: scene == .meadow ? 22 : 14, rows: scene == .meadow ? 9 : 14, using: &generator)
      canvas.paint(minimum(relu(fine * 2 - 0.9), Tensor(0.8)), dark)
    }
    let slope = generator.number(-0.15, 0.15)
    if generator.chance(0.5) {
      let height = generator.number(-0.75, 0.35)
      let horizon = Shape(.line(Point(1, height + slope), Point(-1, height - slope)))
      canvas.paint(horizon, near, opacity: 0.9, softness: generator.number(2, 14))
    }
    paintClutter(on: &canvas, light: light, dark: dark, using: &generator)
    let dusk = Point(angle: generator.number(0, 2 * .pi))
    canvas.paint(
      Shape(.line(dusk * 0.2, dusk * 0.2 + dusk.left)), .black, opacity: generator.number(0.05, 0.3), softness: 50)
  }
}
