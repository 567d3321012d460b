extension BirdPainter {
  func paintNearWing(on canvas: inout Canvas) {
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
  func paintBlade(
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
  func paintSail(
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
    let hand = Shape.union(of: 4) { index in
      let finger = Double(index)
      let pointing = (direction + back * (finger * 0.2 - 0.12)).normalized
      let root = wrist + back * (finger * breadth * 0.2)
      let end = root + pointing * (length * (0.48 - 0.05 * finger))
      return .blade(root - pointing * 0.12, end, left: 0.07, right: 0.07)
    }
    canvas.paint(hand, color.darker(0.3))
    let mask = canvas.paint(arm, color)
    canvas.paint(
      .limb(
        shoulder + back * (breadth * 0.72), wrist + back * (breadth * 0.66), widths: (breadth * 0.3, breadth * 0.3)),
      color.darker(0.35), within: mask)
    for bar in 0..<plumage.wingBars {
      let offset = breadth * (0.12 + 0.24 * Double(bar))
      canvas.paint(
        .limb(shoulder + back * offset, wrist + back * offset, widths: (0.08, 0.08)), plumage.wingBarColor.color,
        within: mask)
    }
  }
}
