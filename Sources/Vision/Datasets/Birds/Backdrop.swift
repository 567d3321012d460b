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
  }

  /// The colour of the ground layer.
  let ground: Color
  /// The colour of water, earth and branches next to the bird.
  private let near: Color
  private let wood: Color
  private let scene: Scene

  init(using generator: inout RandomGenerator) {
    scene = generator.element(Scene.allCases)
    let hue: Double
    let (saturation, value): (Double, Double)
    switch scene {
    case .sky: (hue, saturation, value) = (generator.number(0.53, 0.62), generator.number(0.1, 0.5), generator.number(0.7, 1))
    case .foliage: (hue, saturation, value) = (generator.number(0.18, 0.4), generator.number(0.25, 0.6), generator.number(0.25, 0.62))
    case .water: (hue, saturation, value) = (generator.number(0.45, 0.62), generator.number(0.15, 0.5), generator.number(0.35, 0.75))
    case .branches: (hue, saturation, value) = (generator.number(0.06, 0.25), generator.number(0.1, 0.35), generator.number(0.45, 0.85))
    case .meadow: (hue, saturation, value) = (generator.number(0.13, 0.3), generator.number(0.3, 0.6), generator.number(0.45, 0.8))
    case .dusk: (hue, saturation, value) = (generator.number(-0.06, 0.11), generator.number(0.2, 0.5), generator.number(0.55, 0.95))
    }
    ground = .hue(hue < 0 ? hue + 1 : hue, saturation: saturation, value: value)
    near = ground.mixed(
      with: .hue(generator.number(0.05, 0.6), saturation: generator.number(0.1, 0.4), value: generator.number(0.3, 0.75)),
      generator.number(0.3, 0.8))
    wood = .hue(generator.number(0.04, 0.12), saturation: generator.number(0.1, 0.5), value: generator.number(0.22, 0.6))
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
      let fine = canvas.grid.noise(columns: scene == .meadow ? 22 : 14, rows: scene == .meadow ? 9 : 14, using: &generator)
      canvas.paint(minimum(relu(fine * 2 - 0.9), Tensor(0.8)), dark)
    }
    let slope = generator.number(-0.15, 0.15)
    if generator.chance(0.5) {
      let height = generator.number(-0.75, 0.35)
      let horizon = Shape(.line(Point(1, height + slope), Point(-1, height - slope)))
      canvas.paint(horizon, near, opacity: 0.9, softness: generator.number(2, 14))
    }
    paintClutter(on: &canvas, light: light, dark: dark, using: &generator)
    let sun = generator.number(0, 2 * .pi)
    let shade = Point(angle: sun)
    canvas.paint(
      Shape(.line(shade * 0.2, shade * 0.2 + shade.left)), .black, opacity: generator.number(0.05, 0.3), softness: 50)
  }

  /// Things out of focus: branches, stems, discs of light.
  private func paintClutter(
    on canvas: inout Canvas, light: Color, dark: Color, using generator: inout RandomGenerator
  ) {
    for _ in 0..<generator.element([0, 1, 1, 2, 3]) {
      let blur = generator.number(1.5, 6)
      switch generator.element([0, 1, 2]) {
      case 0:
        let angle = generator.number(0, 2 * .pi)
        let center = Point(generator.number(-0.9, 0.9), generator.number(-0.9, 0.9))
        let reach = Point(angle: angle) * 3
        let width = generator.number(0.04, 0.3)
        canvas.paint(.limb(center - reach, center + reach, widths: (width, width * 0.6)), wood, opacity: 0.85, softness: blur)
      case 1:
        let root = Point(generator.number(-1, 1), -1.1)
        let color = generator.chance(0.5) ? dark : light
        var stems = Shape(pieces: [])
        for _ in 0..<3 {
          let start = root + Point(generator.number(-0.3, 0.3), 0)
          let tip = start + Point(generator.number(-0.5, 0.5), generator.number(0.6, 1.6))
          stems = stems.joined(with: .blade(start, tip, left: generator.number(-0.04, 0.1), right: generator.number(0.03, 0.1)))
        }
        canvas.paint(stems, color, softness: blur)
      default:
        var discs = Shape(pieces: [])
        for _ in 0..<4 {
          discs = discs.joined(
            with: .circle(
              Point(generator.number(-1, 1), generator.number(-1, 1)), generator.number(0.08, 0.24)))
        }
        let color = generator.element([light, dark, near, .hue(generator.uniform(), saturation: 0.4, value: 0.8)])
        canvas.paint(discs, color, opacity: 0.6, softness: blur)
      }
    }
  }

  /// Paints what the bird stands, sits or climbs on, before the bird.
  func paintSupport(
    of anatomy: Anatomy, _ pose: BirdPose, on canvas: inout Canvas, using generator: inout RandomGenerator
  ) {
    canvas.frame = pose.frame
    let foot = (anatomy.legs?.hip ?? Point(0, 0)) - Point(0, anatomy.legs?.length ?? 0)
    switch anatomy.posture {
    case .perched:
      let thickness = generator.number(0.08, 0.2)
      let (rise, bend) = (generator.number(-0.6, 0.6), generator.number(-0.5, 0.5))
      let middle = foot - Point(0, thickness / 2)
      let shape = Shape.limb(middle + Point(-3, -rise), middle, widths: (thickness * 1.4, thickness))
        .joined(with: .limb(middle, middle + Point(3, rise + bend), widths: (thickness, thickness * 0.6)))
        .joined(with: .circle(middle, thickness / 2))
      let mask = canvas.paint(shape, wood)
      canvas.paint(
        .limb(middle + Point(-3, -rise - thickness * 0.5), middle + Point(0, -thickness * 0.5), widths: (thickness, thickness * 0.6)),
        wood.darker(0.4), opacity: 0.8, softness: 2, within: mask)
    case .clinging:
      let (x, width) = ((anatomy.legs?.hip.x ?? 0) + (anatomy.legs?.length ?? 0) - 0.04, generator.number(0.3, 0.8))
      let lean = generator.number(-0.12, 0.12)
      let trunk = Shape.polygon(
        Point(x - lean, -3), Point(x + width - lean, -3), Point(x + width + lean, 3), Point(x + lean, 3))
      let mask = canvas.paint(trunk, wood)
      let texture = Canvas.Texture.bars(.line(Point(x, 0), Point(x + 0.25, 1)), frequency: generator.number(3, 7))
      canvas.paint(trunk, wood.darker(0.45), opacity: 0.6, within: mask, texture: texture)
    case .standing:
      let horizon = foot.y + generator.number(0.05, 0.4)
      canvas.paint(Shape(.line(Point(0, horizon), Point(-1, horizon))), near, softness: generator.number(2, 8))
      canvas.paint(
        .ellipse(foot + Point(0.02, -0.03), Point(0.5, 0.07)), near.darker(0.6), opacity: 0.6, softness: 4)
    case .wading:
      let horizon = foot.y + generator.number(0.2, 0.7)
      canvas.paint(Shape(.line(Point(0, horizon), Point(-1, horizon))), near, softness: generator.number(2, 10))
    case .swimming:
      let horizon = generator.number(-0.25, 0.7)
      canvas.paint(Shape(.line(Point(0, horizon), Point(-1, horizon))), near, softness: generator.number(2, 10))
    case .flying: break
    }
  }

  /// Paints what covers part of the bird: water about it, leaves and stems before it.
  func paintForeground(
    of anatomy: Anatomy, _ pose: BirdPose, on canvas: inout Canvas, using generator: inout RandomGenerator
  ) {
    canvas.frame = pose.frame
    if anatomy.posture == .swimming || anatomy.posture == .wading {
      let foot = anatomy.legs.map { $0.hip.y - $0.length + 0.14 } ?? -0.34
      let level = foot + generator.number(-0.05, 0.08)
      canvas.paint(
        Shape(.line(Point(0, level), Point(-1, level))), near.darker(0.1), opacity: anatomy.legs == nil ? 0.93 : 0.75)
      var ripples = Shape(pieces: [])
      for ripple in 0..<3 {
        let y = level - 0.02 - 0.11 * Double(ripple)
        let (x, half) = (generator.number(-0.3, 0.3), generator.number(0.35, 0.8))
        ripples = ripples.joined(with: .blade(Point(x - half, y), Point(x + half, y), left: 0.02, right: 0.025))
      }
      canvas.paint(ripples, near.lighter(0.45), opacity: 0.7)
    }
    canvas.frame = .identity
    guard generator.chance(0.4) else { return }
    let color = Color.hue(generator.number(0.12, 0.38), saturation: generator.number(0.3, 0.7), value: generator.number(0.2, 0.7))
    var cover = Shape(pieces: [])
    if generator.chance(0.5) {
      for _ in 0..<generator.element([2, 3, 4]) {
        let start = Point(generator.number(-1, 1), -1.1)
        let tip = start + Point(generator.number(-0.4, 0.4), generator.number(0.5, 1.5))
        cover = cover.joined(with: .blade(start, tip, left: generator.number(-0.02, 0.06), right: generator.number(0.03, 0.07)))
      }
    } else {
      let corner = Point(generator.chance(0.5) ? 1 : -1, generator.number(-1, 1))
      for _ in 0..<generator.element([1, 2, 3]) {
        let start = corner + Point(generator.number(-0.1, 0.1), generator.number(-0.2, 0.2))
        let direction = Point(-corner.x * generator.number(0.3, 0.8), generator.number(-0.6, 0.6))
        cover = cover.joined(with: .blade(start, start + direction, left: generator.number(0.04, 0.14), right: generator.number(0.04, 0.14)))
      }
    }
    canvas.paint(cover, color, opacity: 0.95, softness: generator.number(1.2, 3.5))
  }
}
