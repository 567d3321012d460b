extension BirdPainter {
  func paintTail(on canvas: inout Canvas) {
    let tail = anatomy.tail
    let direction = Point(angle: degrees(tail.angle) + pose.tail)
    let (base, length) = (tail.base, tail.length * plumage.tailLength)
    let tip = base + direction * length
    let (side, width) = (direction.left, tail.width)
    let shape: Shape
    switch tail.form {
    case .square: shape = .limb(base - direction * 0.15, tip, widths: (width, width * 1.15))
    case .pointed: shape = .blade(base - direction * 0.15, tip, left: width * 0.5, right: width * 0.5)
    case .fan:
      shape = Shape.polygon(base + side * 0.06, tip + side * width, tip - side * width, base - side * 0.06)
        .cut(by: .circle(base, length))
    case .forked:
      let near = tip + side * (width * 1.3)
      let far = tip - side * (width * 1.3)
      shape = Shape.blade(base - direction * 0.1, near, left: 0.1, right: 0.01)
        .joined(with: .blade(base - direction * 0.1, far, left: 0.01, right: 0.1))
    }
    let mask = canvas.paint(shape, plumage.tail.color)
    switch plumage.tailMark {
    case .plain: break
    case .tip:
      let edge = Edge.line(base + direction * (length * 0.78), base + direction * (length * 0.78) - side)
      canvas.paint(Shape(edge), plumage.tailMarkColor.color, within: mask)
    case .band:
      let (from, to) = (base + direction * (length * 0.5), base + direction * (length * 0.72))
      canvas.paint(.limb(from, to, widths: (2, 2)), plumage.tailMarkColor.color, within: mask)
    }
  }

  func paintLegs(on canvas: inout Canvas) {
    guard let legs = anatomy.legs else { return }
    let color = plumage.legs
    if anatomy.posture == .clinging {
      let (hip, width) = (legs.hip, legs.thickness)
      let shape = Shape.limb(hip, hip + Point(legs.length, 0.1), widths: (width, width))
        .joined(with: .limb(hip + Point(-0.04, -0.14), hip + Point(legs.length, -0.12), widths: (width, width)))
      canvas.paint(shape, color)
      return
    }
    let spread = legs.length * pose.stride + 0.07
    let shape = Shape.union(of: 2) { index in
      let side = Double(2 * index - 1)
      let foot = anatomy.foot + Point(side * spread, 0)
      let leg = Shape.limb(
        legs.hip + Point(side * 0.05, 0), foot, widths: (legs.thickness * 1.2, legs.thickness))
      guard anatomy.posture == .standing else { return leg }
      return leg.joined(with: .limb(foot - Point(0.03, 0), foot + Point(0.14, 0.01), widths: (0.06, 0.04)))
    }
    canvas.paint(shape, color)
  }
}
