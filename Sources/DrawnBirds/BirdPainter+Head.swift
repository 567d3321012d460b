extension BirdPainter {
  func paintHead(within silhouette: Canvas.Mask, on canvas: inout Canvas) {
    if plumage.hasCrest { paintCrest(on: &canvas) }
    if anatomy.isFrontal {
      for side in [-1.0, 1.0] {
        canvas.paint(
          .ellipse(head.center + Point(side * 0.17, 0.02), Point(0.2, 0.25)), plumage.belly.color.lighter(0.25),
          within: silhouette)
      }
    }
    paintHeadMark(within: silhouette, on: &canvas)
  }

  private func paintCrest(on canvas: inout Canvas) {
    let (center, radii, color) = (head.center, head.radii, plumage.headColor.color)
    if anatomy.isFrontal {
      for side in [-1.0, 1.0] {
        let base = center + Point(side * radii.x * 0.62, radii.y * 0.6)
        canvas.paint(.blade(base, base + Point(side * 0.12, 0.3), left: 0.06, right: 0.06), color)
      }
    } else {
      let start = center + forward * (radii.x * 0.5) + forward.left * (radii.y * 0.8)
      let tip = center - forward * (radii.x + 0.2) + forward.left * (radii.y * 1.1 + 0.16)
      canvas.paint(.blade(start, tip, left: 0.02, right: 0.12), color)
    }
  }

  private func paintHeadMark(within silhouette: Canvas.Mask, on canvas: inout Canvas) {
    let (center, radii, color) = (head.center, head.radii, plumage.headColor.color)
    let eye = eyeCenter(side: 1)
    switch plumage.headMark {
    case .none: break
    case .cap:
      let edge = Edge.line(center + forward.left * (radii.y * 0.28), center + forward + forward.left * (radii.y * 0.3))
      let cap = Edge.ellipse(center, Point(radii.x * 1.15, radii.y * 1.2), angle: degrees(head.angle))
      canvas.paint(Shape(edge, cap), color, within: silhouette)
    case .eyeStripe:
      let back = eye - forward * (radii.x * 1.5)
      canvas.paint(
        .limb(back, eye + forward * radii.x, widths: (radii.y * 0.55, radii.y * 0.3)), color, within: silhouette)
    case .mask:
      canvas.paint(
        .ellipse(eye + forward * (radii.x * 0.3), Point(radii.x * 0.75, radii.y * 0.52), angle: degrees(head.angle)),
        color, within: silhouette)
    case .hood:
      canvas.paint(.ellipse(center, Point(radii.x * 1.2, radii.y * 1.25)), color, within: silhouette)
    case .cheek:
      let cheek = center - forward.left * (radii.y * 0.35) - forward * (radii.x * 0.12)
      canvas.paint(.ellipse(cheek, radii * 0.52), color, within: silhouette)
    }
  }

  /// Where the head looks.
  private var forward: Point { Point(angle: degrees(head.angle)) }

  private func eyeCenter(side: Double) -> Point {
    head.center + forward * (anatomy.eye.x * side) + forward.left * anatomy.eye.y
  }

  func paintBill(on canvas: inout Canvas) {
    let bill = anatomy.bill
    let angle = degrees(bill.angle) + (anatomy.isFrontal ? 0 : pose.neck)
    let forward = Point(angle: angle)
    let side = forward.left
    let length = bill.length * plumage.billLength
    let depth = bill.depth
    let base = anatomy.isFrontal ? head.center + Point(0, 0.03) : head.center + forward * (head.radii.x * 0.78)
    let reach = anatomy.isFrontal ? length : length + head.radii.x * 0.22
    let tip = base + forward * reach
    let shape: Shape
    switch bill.form {
    case .cone, .dagger: shape = .polygon(base + side * (depth / 2), tip, base - side * (depth / 2))
    case .flat:
      let end = tip - side * 0.03
      shape = Shape.polygon(
        base + side * (depth / 2), end + side * (depth * 0.22), end - side * (depth * 0.22), base - side * (depth / 2)
      ).joined(with: .ellipse(end - forward * 0.03, Point(0.08, depth * 0.3), angle: angle))
    case .hooked:
      let hook = tip - side * (depth * 0.55)
      shape = Shape.blade(base - side * (depth * 0.2), hook, left: depth * 0.55, right: depth * 0.02)
        .joined(with: .ellipse(base + forward * (reach * 0.25), Point(reach * 0.5, depth * 0.46), angle: angle))
    case .curved:
      let (mid, end) = (base + forward * (reach * 0.55), tip - side * (reach * 0.1))
      shape = Shape.limb(base, mid, widths: (depth, depth * 0.75)).joined(
        with: .limb(mid, end, widths: (depth * 0.8, 0.03)))
    case .huge:
      let end = tip - side * (depth * 0.4)
      shape = Shape(
        .arc(base - side * (depth / 2), end, bulge: -0.02), .arc(end, base + side * (depth / 2), bulge: depth * 0.5),
        .line(base + side * depth, base - side * depth))
    }
    let mask = canvas.paint(shape, plumage.bill)
    if let tipColor = plumage.billTip {
      let start = base + forward * (reach * 0.66)
      canvas.paint(Shape(.line(start, start - side)), tipColor, within: mask)
    }
    if depth > 0.08, !anatomy.isFrontal {
      canvas.paint(
        .limb(base, tip - side * (depth * 0.2), widths: (0.03, 0.02)), .black, opacity: 0.45, within: mask)
    }
  }

  func paintEyes(on canvas: inout Canvas) {
    let radius = anatomy.eyeRadius
    let sides = anatomy.isFrontal ? [-1.0, 1.0] : [1.0]
    for side in sides {
      let eye = eyeCenter(side: side)
      if let ring = plumage.eyeRing { canvas.paint(.circle(eye, radius * 1.75), ring) }
      if anatomy.isFrontal && plumage.eyeRing == nil { canvas.paint(.circle(eye, radius * 1.4), Color(hex: 0xE9B93C)) }
      canvas.paint(.circle(eye, radius * 1.1), Color(hex: 0x14120F))
      canvas.paint(.circle(eye + Point(0.3, 0.35) * radius, radius * 0.5), .white, opacity: 0.9)
    }
  }
}
