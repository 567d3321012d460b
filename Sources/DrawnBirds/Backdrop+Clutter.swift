import Tensor

extension Backdrop {
  /// Paints things out of focus behind the bird: branches, stems, discs of light.
  func paintClutter(
    on canvas: inout Canvas, light: Color, dark: Color, using generator: inout RandomGenerator
  ) {
    for _ in 0..<generator.element([0, 1, 1, 2, 3]) {
      let blur = generator.number(1.5, 6)
      switch generator.element([0, 1, 2]) {
      case 0: canvas.paint(branch(using: &generator), wood, opacity: 0.85, softness: blur)
      case 1: canvas.paint(stems(using: &generator), generator.chance(0.5) ? dark : light, softness: blur)
      default:
        let color = generator.element([light, dark, near, .hue(generator.uniform(), saturation: 0.4, value: 0.8)])
        canvas.paint(discs(using: &generator), color, opacity: 0.6, softness: blur)
      }
    }
  }

  private func branch(using generator: inout RandomGenerator) -> Shape {
    let reach = Point(angle: generator.number(0, 2 * .pi)) * 3
    let center = Point(generator.number(-0.9, 0.9), generator.number(-0.9, 0.9))
    let width = generator.number(0.04, 0.3)
    return .limb(center - reach, center + reach, widths: (width, width * 0.6))
  }

  private func stems(using generator: inout RandomGenerator) -> Shape {
    let root = Point(generator.number(-1, 1), -1.1)
    return Shape.union(of: 3) { _ in
      let start = root + Point(generator.number(-0.3, 0.3), 0)
      let tip = start + Point(generator.number(-0.5, 0.5), generator.number(0.6, 1.6))
      return .blade(start, tip, left: generator.number(-0.04, 0.1), right: generator.number(0.03, 0.1))
    }
  }

  private func discs(using generator: inout RandomGenerator) -> Shape {
    Shape.union(of: 4) { _ in
      let center = Point(generator.number(-1, 1), generator.number(-1, 1))
      return .circle(center, generator.number(0.08, 0.24))
    }
  }
}
