import Tensor

/// Paints one bird, from the back to the front.
struct BirdPainter {
  let anatomy: Anatomy
  let plumage: Plumage
  let pose: BirdPose
  /// The head and what belongs to it, turned with the neck.
  private let head: Anatomy.Oval
  private let neck: [Knot]
  private let body: Anatomy.Oval

  init(anatomy: Anatomy, plumage: Plumage, pose: BirdPose) {
    self.anatomy = anatomy
    self.plumage = plumage
    self.pose = pose
    let pivot = anatomy.neck[0].point
    neck = anatomy.neck.map { knot in
      var turned = knot
      turned.point = knot.point.rotated(by: pose.neck, around: pivot)
      return turned
    }
    var head = anatomy.head
    head.center = head.center.rotated(by: pose.neck, around: pivot)
    head.angle += pose.neck * 180 / .pi
    self.head = head
    var body = anatomy.body
    body.radii = Point(body.radii.x, body.radii.y * plumage.bulk)
    self.body = body
  }

  func paint(on canvas: inout Canvas) {
    canvas.frame = pose.frame
    if case .raised(let shoulder, let length, let breadth, let angle) = anatomy.wing {
      let turned = degrees(angle - 34) - pose.wing * 0.6
      paintBlade(shoulder, length: length * 0.92, breadth: breadth, angle: turned, shade: 0.28, on: &canvas)
    }
    if case .spread(let shoulder, let length, let breadth, let sweep) = anatomy.wing {
      for side in [1.0, -1.0] {
        paintSail(shoulder, length: length, breadth: breadth, sweep: sweep, side: side, on: &canvas)
      }
    }
    paintTail(on: &canvas)
    paintLegs(on: &canvas)
    let silhouette = paintBody(on: &canvas)
    paintHead(within: silhouette, on: &canvas)
    paintShading(within: silhouette, on: &canvas)
    paintBill(on: &canvas)
    paintNearWing(on: &canvas)
    paintEyes(on: &canvas)
  }

  private func paintBody(on canvas: inout Canvas) -> Canvas.Mask {
    let shape = Shape.ellipse(body.center, body.radii, angle: degrees(body.angle))
      .joined(with: .path(neck)).joined(with: .ellipse(head.center, head.radii, angle: degrees(head.angle)))
    let silhouette = canvas.paint(shape, plumage.back.color)
    let along = Point(angle: degrees(body.angle))
    let isSpread = if case .spread = anatomy.wing { true } else { false }
    let under = anatomy.isFrontal || isSpread ? Point(0, 0) : along.left * (-0.62 * body.radii.y)
    let breast = body.center + under + along * (0.22 * body.radii.x)
    let radii = Point(body.radii.x * 1.06, body.radii.y * (anatomy.isFrontal ? 0.66 : 0.86))
    let belly = Shape.ellipse(breast, radii, angle: degrees(body.angle))
    canvas.paint(belly, plumage.belly.color, softness: 2, within: silhouette)
    paintBreastMark(belly, along: anatomy.isFrontal ? Point(0, 1) : along, center: breast, within: silhouette, on: &canvas)
    return silhouette
  }

  private func paintBreastMark(
    _ belly: Shape, along: Point, center: Point, within silhouette: Canvas.Mask, on canvas: inout Canvas
  ) {
    let color = plumage.breastColor.color
    let front = neck[0].point.mixed(with: neck[1].point, 0.5)
    let slant = Edge.line(center, center + along.left)
    switch plumage.breastMark {
    case .plain: break
    case .spots:
      let texture = Canvas.Texture.spots(
        .line(center, center + (along + along.left)), .line(center, center + (along - along.left)), frequency: 2.4)
      canvas.paint(belly, color, within: silhouette, texture: texture)
    case .bars:
      canvas.paint(belly, color, within: silhouette, texture: .bars(slant, frequency: 4.2))
    case .bib:
      let lower = neck[0].point.mixed(with: center, 0.35)
      canvas.paint(.circle(lower, neck[0].radius * 0.8 + 0.06), color, within: silhouette)
    case .band:
      let direction = (neck[1].point - neck[0].point).normalized
      let band = Shape.limb(front - direction * 0.08, front + direction * 0.07, widths: (1.2, 1.2))
      canvas.paint(band, color, within: silhouette)
    }
  }

  private func paintHead(within silhouette: Canvas.Mask, on canvas: inout Canvas) {
    let (forward, color) = (Point(angle: degrees(head.angle)), plumage.headColor.color)
    let (center, radii) = (head.center, head.radii)
    let eye = center + forward * anatomy.eye.x + forward.left * anatomy.eye.y
    if plumage.hasCrest {
      let start = center + forward.left * (radii.y * 0.8)
      let tip = center + forward * (-radii.x - 0.2) + forward.left * (radii.y * 1.1 + 0.16)
      if anatomy.isFrontal {
        for side in [-1.0, 1.0] {
          let base = center + Point(side * radii.x * 0.62, radii.y * 0.6)
          canvas.paint(.blade(base, base + Point(side * 0.12, 0.3), left: 0.06, right: 0.06), plumage.headColor.color)
        }
      } else {
        canvas.paint(.blade(start + forward * (radii.x * 0.5), tip, left: 0.02, right: 0.12), plumage.headColor.color)
      }
    }
    if anatomy.isFrontal {
      for side in [-1.0, 1.0] {
        canvas.paint(
          .ellipse(center + Point(side * 0.17, 0.02), Point(0.2, 0.25)), plumage.belly.color.lighter(0.25),
          within: silhouette)
      }
    }
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

  private func paintShading(within silhouette: Canvas.Mask, on canvas: inout Canvas) {
    let (center, reach) = (body.center, body.radii)
    canvas.paint(
      .ellipse(center + Point(-0.05, -reach.y * 1.25), Point(reach.x * 1.3, reach.y)), .black, opacity: 0.26,
      softness: 9, within: silhouette)
    canvas.paint(
      .ellipse(head.center + Point(0.02, head.radii.y * 0.7), head.radii * 0.8), .white, opacity: 0.2, softness: 6,
      within: silhouette)
  }

  private func paintTail(on canvas: inout Canvas) {
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

  private func paintLegs(on canvas: inout Canvas) {
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
    var shape = Shape(pieces: [])
    for side in [-1.0, 1.0] {
      let hip = legs.hip + Point(side * 0.05, 0)
      let foot = legs.hip + Point(side * spread, -legs.length)
      shape = shape.joined(with: .limb(hip, foot, widths: (legs.thickness * 1.2, legs.thickness)))
      if anatomy.posture == .standing {
        shape = shape.joined(with: .limb(foot - Point(0.03, 0), foot + Point(0.14, 0.01), widths: (0.06, 0.04)))
      }
    }
    canvas.paint(shape, color)
  }

  private func paintBill(on canvas: inout Canvas) {
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
      shape = Shape.limb(base, mid, widths: (depth, depth * 0.75)).joined(with: .limb(mid, end, widths: (depth * 0.8, 0.03)))
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

  private func paintNearWing(on canvas: inout Canvas) {
    switch anatomy.wing {
    case .folded(let shoulder, let tip, let upper, let lower):
      let isFlipped = tip.x > shoulder.x
      let along = (tip - shoulder).normalized
      paintFolded(shoulder, tip, along, left: isFlipped ? upper : lower, right: isFlipped ? lower : upper, on: &canvas)
      if anatomy.isFrontal {
        let (shoulder, tip) = (Point(-shoulder.x, shoulder.y), Point(-tip.x, tip.y))
        paintFolded(shoulder, tip, (tip - shoulder).normalized, left: lower, right: upper, on: &canvas)
      }
    case .raised(let shoulder, let length, let breadth, let angle):
      paintBlade(shoulder, length: length, breadth: breadth, angle: degrees(angle) + pose.wing, shade: 0, on: &canvas)
    case .spread: break
    }
  }

  private func paintFolded(
    _ shoulder: Point, _ tip: Point, _ along: Point, left: Double, right: Double, on canvas: inout Canvas
  ) {
    let color = plumage.wing.color
    let start = shoulder - along * 0.08
    let mask = canvas.paint(.blade(start, tip, left: left, right: right), color)
    let length = (tip - start).length
    canvas.paint(
      Shape(.line(start + along * (length * 0.62), start + along * (length * 0.62) - along.left)), color.darker(0.45),
      softness: 2, within: mask)
    for bar in 0..<plumage.wingBars {
      let at = start + along * (length * (0.32 + 0.17 * Double(bar)))
      let slant = (along + along.left * 0.5).normalized
      canvas.paint(.limb(at, at + slant * 0.075, widths: (2, 2)), plumage.wingBarColor.color, within: mask)
    }
  }

  /// A raised wing: a narrow front and feathers behind it.
  private func paintBlade(
    _ shoulder: Point, length: Double, breadth: Double, angle: Double, shade: Double, on canvas: inout Canvas
  ) {
    let direction = Point(angle: angle)
    let tip = shoulder + direction * length
    let color = plumage.wing.color.darker(shade)
    let shape = Shape.blade(shoulder - direction * 0.1, tip, left: breadth * 1.1, right: -breadth * 0.12)
    let mask = canvas.paint(shape, color)
    canvas.paint(
      Shape(.line(shoulder + direction * (length * 0.6), shoulder + direction * (length * 0.6) - direction.left)),
      color.darker(0.4), softness: 3, within: mask)
    for bar in 0..<plumage.wingBars {
      let at = shoulder + direction * (length * (0.28 + 0.17 * Double(bar)))
      canvas.paint(
        .limb(at, at + direction * 0.08, widths: (2, 2)), plumage.wingBarColor.color.darker(shade), within: mask)
    }
  }

  /// A broad wing seen from below, its end fingered.
  private func paintSail(
    _ shoulder: Point, length: Double, breadth: Double, sweep: Double, side: Double, on canvas: inout Canvas
  ) {
    let turn = pose.wing * 0.35
    let out = Point(angle: degrees(90) + turn - sweep)
    let direction = Point(out.x, out.y * side)
    let back = Point(-1, 0)
    let wrist = shoulder + direction * (length * 0.58)
    let color = plumage.wing.color
    let (front, bend) = (shoulder + back * -0.04, wrist + back * -0.14)
    let (trail, rear) = (wrist + back * (breadth * 0.72), shoulder + back * (breadth * 1.15))
    let arm = Shape.polygon(front, bend, trail, rear, bulges: [0.03, 0, 0.05, 0])
    var hand = Shape(pieces: [])
    for finger in 0..<4 {
      let spread = Double(finger) * 0.2 - 0.12
      let pointing = (direction + back * spread).normalized
      let root = wrist + back * (Double(finger) * breadth * 0.2)
      let end = root + pointing * (length * (0.48 - 0.05 * Double(finger)))
      let inner = root - pointing * 0.12
      hand = hand.joined(with: .blade(inner, end, left: 0.07, right: 0.07))
    }
    canvas.paint(hand, color.darker(0.3))
    let mask = canvas.paint(arm, color)
    canvas.paint(
      .limb(shoulder + back * (breadth * 0.72), wrist + back * (breadth * 0.66), widths: (breadth * 0.3, breadth * 0.3)),
      color.darker(0.35), within: mask)
    for bar in 0..<plumage.wingBars {
      let offset = breadth * (0.12 + 0.24 * Double(bar))
      canvas.paint(
        .limb(shoulder + back * offset, wrist + back * offset, widths: (0.08, 0.08)), plumage.wingBarColor.color,
        within: mask)
    }
  }

  private func paintEyes(on canvas: inout Canvas) {
    let forward = Point(angle: degrees(head.angle))
    let radius = anatomy.eyeRadius
    let sides = anatomy.isFrontal ? [-1.0, 1.0] : [1.0]
    for side in sides {
      let eye = head.center + forward * (anatomy.eye.x * side) + forward.left * anatomy.eye.y
      if let ring = plumage.eyeRing { canvas.paint(.circle(eye, radius * 1.75), ring) }
      if anatomy.isFrontal && plumage.eyeRing == nil { canvas.paint(.circle(eye, radius * 1.4), Color(hex: 0xE9B93C)) }
      canvas.paint(.circle(eye, radius * 1.1), Color(hex: 0x14120F))
      canvas.paint(.circle(eye + Point(0.3, 0.35) * radius, radius * 0.5), .white, opacity: 0.9)
    }
  }
}
