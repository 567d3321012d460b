import Tensor

extension Backdrop {
  /// Paints what covers part of the bird: water about it, leaves and grass before it.
  func paintForeground(
    of anatomy: Anatomy, _ pose: BirdPose, on canvas: inout Canvas, using generator: inout RandomGenerator
  ) {
    canvas.frame = pose.frame
    switch anatomy.posture {
    case .swimming: paintWater(upTo: -0.34, opacity: 0.93, on: &canvas, using: &generator)
    case .wading: paintWater(upTo: anatomy.foot.y + 0.14, opacity: 0.75, on: &canvas, using: &generator)
    case .perched, .clinging, .standing, .flying: break
    }
    canvas.frame = .identity
    guard generator.chance(0.4) else { return }
    let color = Color.hue(
      generator.number(0.12, 0.38), saturation: generator.number(0.3, 0.7), value: generator.number(0.2, 0.7))
    let cover = generator.chance(0.5) ? grass(using: &generator) : leaves(using: &generator)
    canvas.paint(cover, color, opacity: 0.95, softness: generator.number(1.2, 3.5))
  }

  private func paintWater(
    upTo height: Double, opacity: Double, on canvas: inout Canvas, using generator: inout RandomGenerator
  ) {
    let level = height + generator.number(-0.05, 0.08)
    canvas.paint(Shape(.line(Point(0, level), Point(-1, level))), near.darker(0.1), opacity: opacity)
    let ripples = Shape.union(of: 3) { ripple in
      let y = level - 0.02 - 0.11 * Double(ripple)
      let (x, half) = (generator.number(-0.3, 0.3), generator.number(0.35, 0.8))
      return .blade(Point(x - half, y), Point(x + half, y), left: 0.02, right: 0.025)
    }
    canvas.paint(ripples, near.lighter(0.45), opacity: 0.7)
  }

  private func grass(using generator: inout RandomGenerator) -> Shape {
    Shape.union(of: generator.element([2, 3, 4])) { _ in
      let start = Point(generator.number(-1, 1), -1.1)
      let tip = start + Point(generator.number(-0.4, 0.4), generator.number(0.5, 1.5))
      return .blade(start, tip, left: generator.number(-0.02, 0.06), right: generator.number(0.03, 0.07))
    }
  }

  private func leaves(using generator: inout RandomGenerator) -> Shape {
    let corner = Point(generator.chance(0.5) ? 1 : -1, generator.number(-1, 1))
    return Shape.union(of: generator.element([1, 2, 3])) { _ in
      let start = corner + Point(generator.number(-0.1, 0.1), generator.number(-0.2, 0.2))
      let tip = start + Point(-corner.x * generator.number(0.3, 0.8), generator.number(-0.6, 0.6))
      return .blade(start, tip, left: generator.number(0.04, 0.14), right: generator.number(0.04, 0.14))
    }
  }
}
