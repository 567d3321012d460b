/// Coordinates placed in others: where their origin lies and where their axes point, with the length of one unit.
struct Frame {
  var right: Point
  var up: Point
  var origin: Point

  init(right: Point, up: Point, origin: Point) {
    self.right = right
    self.up = up
    self.origin = origin
  }

  /// Axes at right angles, turned by `angle`; mirrored coordinates look to the left.
  init(origin: Point, scale: Double, angle: Double = 0, isMirrored: Bool = false) {
    let direction = Point(angle: angle)
    self.init(
      right: direction * (isMirrored ? -scale : scale), up: direction.left * scale, origin: origin)
  }

  static let identity = Frame(origin: Point(0, 0), scale: 1)

  /// The length of one unit.
  var scale: Double { up.length }

  func placed(_ p: Point) -> Point { origin + right * p.x + up * p.y }

  /// The way back: the rows of a matrix to multiply a point by after an offset was added to it.
  var inverse: (Point, Point, offset: Point) {
    let factor = 1 / (right.x * up.y - right.y * up.x)
    return (Point(up.y, -up.x) * factor, Point(-right.y, right.x) * factor, origin * -1)
  }
}
