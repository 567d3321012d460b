import Tensor

/// One side of a line, circle or ellipse: a quadratic function that is positive inside and, near the boundary, about the
/// distance to it.
struct Edge {
  /// The factors of 1, x, y, x², xy and y².
  var one = 0.0
  var x = 0.0
  var y = 0.0
  var xx = 0.0
  var xy = 0.0
  var yy = 0.0

  /// What lies to the left of the line from `p` to `q`.
  static func line(_ p: Point, _ q: Point) -> Edge {
    let normal = (q - p).normalized.left
    return Edge(one: -normal.x * p.x - normal.y * p.y, x: normal.x, y: normal.y)
  }

  /// The inside of an ellipse whose first radius points along `angle`.
  static func ellipse(_ center: Point, _ radii: Point, angle: Double = 0) -> Edge {
    let axis = Point(angle: angle)
    let (a, b) = (1 / (radii.x * radii.x), 1 / (radii.y * radii.y))
    let scale = (radii.x * radii.y).squareRoot() / 2
    let edge = Edge(
      one: scale, xx: -scale * (a * axis.x * axis.x + b * axis.y * axis.y),
      xy: -scale * 2 * (a - b) * axis.x * axis.y, yy: -scale * (a * axis.y * axis.y + b * axis.x * axis.x))
    return edge.seen(through: Frame(origin: center, scale: 1))
  }

  /// The inside of a circle.
  static func circle(_ center: Point, _ radius: Double) -> Edge { ellipse(center, Point(radius, radius)) }

  /// What lies to the left of the arc from `p` to `q` that bulges by `bulge` to the right; negative bulges cut in.
  static func arc(_ p: Point, _ q: Point, bulge: Double) -> Edge {
    let (chord, height) = (q - p, abs(bulge))
    guard height > 1e-3 * chord.length else { return line(p, q) }
    let radius = (chord.length * chord.length / 4 + height * height) / (2 * height)
    let side = bulge > 0 ? 1.0 : -1.0
    let center = p.mixed(with: q, 0.5) + chord.normalized.left * (side * (radius - height))
    return bulge > 0 ? circle(center, radius) : circle(center, radius).reversed
  }

  /// The other side.
  var reversed: Edge { scaled(by: -1) }

  func scaled(by factor: Double) -> Edge {
    Edge(
      one: one * factor, x: x * factor, y: y * factor, xx: xx * factor, xy: xy * factor, yy: yy * factor)
  }

  /// The same edge in the coordinates that a frame is placed in, its values still in the frame's own unit.
  func seen(through frame: Frame) -> Edge {
    let (first, second, t) = frame.inverse
    let at = Point(first.dot(t), second.dot(t))
    let slope = Point(x + 2 * xx * at.x + xy * at.y, y + xy * at.x + 2 * yy * at.y)
    let right = Point(first.x, second.x)
    let up = Point(first.y, second.y)
    func bent(_ p: Point, _ q: Point) -> Double {
      let mixed: Double = p.x * q.y + p.y * q.x
      return xx * p.x * q.x + yy * p.y * q.y + xy * mixed / 2
    }
    return Edge(
      one: one + x * at.x + y * at.y + bent(at, at), x: slope.dot(right), y: slope.dot(up), xx: bent(right, right),
      xy: 2 * bent(right, up), yy: bent(up, up))
  }
}
