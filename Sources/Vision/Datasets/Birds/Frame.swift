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

  /// Rows of the matrix that leads back, and the offset to subtract first (as `m · (p + t)`).
  var inverse: ((Point, Point), Point) {
    let determinant = right.x * up.y - right.y * up.x
    let rows = (
      Point(up.y, -up.x) * (1 / determinant), Point(-right.y, right.x) * (1 / determinant)
    )
    return (rows, Point(-origin.x, -origin.y))
  }
}
