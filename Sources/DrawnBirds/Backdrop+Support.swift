import Tensor

extension Backdrop {
  /// Paints what the bird stands, sits or climbs on, before the bird.
  func paintSupport(
    of anatomy: Anatomy, _ pose: BirdPose, on canvas: inout Canvas, using generator: inout RandomGenerator
  ) {
    canvas.frame = pose.frame
    let foot = anatomy.foot
    switch anatomy.posture {
    case .perched: paintPerch(under: foot, on: &canvas, using: &generator)
    case .clinging: paintTrunk(from: anatomy.grip, on: &canvas, using: &generator)
    case .standing:
      paintPlane(upTo: foot.y + generator.number(0.05, 0.4), on: &canvas, using: &generator)
      canvas.paint(
        .ellipse(foot + Point(0.02, -0.03), Point(0.5, 0.07)), near.darker(0.6), opacity: 0.6, softness: 4)
    case .wading: paintPlane(upTo: foot.y + generator.number(0.2, 0.7), on: &canvas, using: &generator)
    case .swimming: paintPlane(upTo: generator.number(-0.25, 0.7), on: &canvas, using: &generator)
    case .flying: break
    }
  }

  /// Earth or water up to its horizon.
  private func paintPlane(upTo height: Double, on canvas: inout Canvas, using generator: inout RandomGenerator) {
    canvas.paint(Shape(.line(Point(0, height), Point(-1, height))), near, softness: generator.number(2, 10))
  }

  private func paintPerch(under foot: Point, on canvas: inout Canvas, using generator: inout RandomGenerator) {
    let thickness = generator.number(0.08, 0.2)
    let (rise, bend) = (generator.number(-0.6, 0.6), generator.number(-0.5, 0.5))
    let middle = foot - Point(0, thickness / 2)
    let (left, right) = (middle + Point(-3, -rise), middle + Point(3, rise + bend))
    let branch = Shape.limb(left, middle, widths: (thickness * 1.4, thickness))
      .joined(with: .limb(middle, right, widths: (thickness, thickness * 0.6)))
      .joined(with: .circle(middle, thickness / 2))
    let mask = canvas.paint(branch, wood)
    let down = Point(0, -thickness * 0.5)
    canvas.paint(
      .limb(left + down, middle + down, widths: (thickness, thickness * 0.6)), wood.darker(0.4), opacity: 0.8,
      softness: 2, within: mask)
  }

  private func paintTrunk(from x: Double, on canvas: inout Canvas, using generator: inout RandomGenerator) {
    let (width, lean) = (generator.number(0.3, 0.8), generator.number(-0.12, 0.12))
    let trunk = Shape.polygon(
      Point(x - lean, -3), Point(x + width - lean, -3), Point(x + width + lean, 3), Point(x + lean, 3))
    let mask = canvas.paint(trunk, wood)
    let bark = Canvas.Texture.bars(.line(Point(x, 0), Point(x + 0.25, 1)), frequency: generator.number(3, 7))
    canvas.paint(trunk, wood.darker(0.45), opacity: 0.6, within: mask, texture: bark)
  }
}
