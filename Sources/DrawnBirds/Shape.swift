/// A region of the plane: the union of pieces, each the intersection of edges.
struct Shape {
  var pieces: [[Edge]]

  init(pieces: [[Edge]]) { self.pieces = pieces }

  /// One piece.
  init(_ edges: Edge...) { pieces = [edges] }

  static func circle(_ center: Point, _ radius: Double) -> Shape { Shape(.circle(center, radius)) }

  static func ellipse(_ center: Point, _ radii: Point, angle: Double = 0) -> Shape {
    Shape(.ellipse(center, radii, angle: angle))
  }

  /// Pointed at both ends, with sides that bulge to the left and to the right of the way from `p` to `q`.
  static func blade(_ p: Point, _ q: Point, left: Double, right: Double) -> Shape {
    Shape(.arc(p, q, bulge: right), .arc(q, p, bulge: left))
  }

  /// A convex polygon, its corners counter-clockwise or clockwise; its sides bulge outwards by so much, if at all.
  static func polygon(_ corners: Point..., bulges: [Double]? = nil) -> Shape {
    let sides = Array(zip(corners, corners.dropFirst() + corners.prefix(1)))
    let area = sides.reduce(0) { $0 + $1.0.x * $1.1.y - $1.0.y * $1.1.x }
    let edges = sides.enumerated().map { index, side in
      let bulge = bulges?[index] ?? 0
      return area > 0 ? Edge.arc(side.0, side.1, bulge: bulge) : Edge.arc(side.1, side.0, bulge: bulge)
    }
    return Shape(pieces: [edges])
  }

  /// A straight limb whose width changes from one end to the other.
  static func limb(_ p: Point, _ q: Point, widths: (Double, Double)) -> Shape {
    let side = (q - p).normalized.left
    return polygon(
      p + side * (widths.0 / 2), q + side * (widths.1 / 2), q - side * (widths.1 / 2), p - side * (widths.0 / 2))
  }

  /// A bent limb through points with a radius each, with round joints.
  static func path(_ knots: [Knot]) -> Shape {
    var shape = Shape(pieces: knots.map { [Edge.circle($0.point, $0.radius)] })
    for (a, b) in zip(knots, knots.dropFirst()) {
      shape = shape.joined(with: limb(a.point, b.point, widths: (2 * a.radius, 2 * b.radius)))
    }
    return shape
  }

  /// `count` shapes as one.
  static func union(of count: Int, _ part: (Int) -> Shape) -> Shape {
    Shape(pieces: (0..<count).flatMap { part($0).pieces })
  }

  func joined(with other: Shape) -> Shape { Shape(pieces: pieces + other.pieces) }

  /// The part inside more edges.
  func cut(by edges: Edge...) -> Shape { Shape(pieces: pieces.map { $0 + edges }) }
}

/// A point on a limb and the limb's radius there.
struct Knot {
  var point: Point
  var radius: Double

  init(_ x: Double, _ y: Double, _ radius: Double) {
    point = Point(x, y)
    self.radius = radius
  }
}
