/// Paints one bird, from the back to the front.
struct BirdPainter {
  let anatomy: Anatomy
  let plumage: Plumage
  let pose: BirdPose
  /// The head and what belongs to it, turned with the neck.
  let head: Anatomy.Oval
  let neck: [Knot]
  let body: Anatomy.Oval

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
    paintBreastMark(
      belly, along: anatomy.isFrontal ? Point(0, 1) : along, center: breast, within: silhouette, on: &canvas)
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

  private func paintShading(within silhouette: Canvas.Mask, on canvas: inout Canvas) {
    let (center, reach) = (body.center, body.radii)
    canvas.paint(
      .ellipse(center + Point(-0.05, -reach.y * 1.25), Point(reach.x * 1.3, reach.y)), .black, opacity: 0.26,
      softness: 9, within: silhouette)
    canvas.paint(
      .ellipse(head.center + Point(0.02, head.radii.y * 0.7), head.radii * 0.8), .white, opacity: 0.2, softness: 6,
      within: silhouette)
  }
}
