/// How the points of a group look: one of eight colours; further groups take the same colours with other shapes.
struct ProjectionMark {
  let color: Palette.Color
  private let shape: Int

  private static let shapes = 4
  /// How many groups look different.
  static let count = Palette.marks.count * shapes

  init(group: Int) {
    color = Palette.marks[group % Palette.marks.count]
    shape = group / Palette.marks.count % Self.shapes
  }

  /// The style rules for the colours, for light and for dark pages.
  static var style: String { Palette.classes(Palette.marks) { "fill: \($0);" } }

  /// The shape as a piece of an SVG path, all shapes of about the same area.
  func path(x: Double, y: Double, radius: Double) -> String {
    func point(_ dx: Double, _ dy: Double) -> String { "\(fixed(x + dx * radius, 1)) \(fixed(y + dy * radius, 1))" }
    func polygon(_ corners: [(Double, Double)]) -> String {
      "M" + corners.map { point($0.0, $0.1) }.joined(separator: "L") + "Z"
    }
    switch shape {
    case 0:
      let (r, d) = (fixed(radius, 1), fixed(2 * radius, 1))
      return "M\(point(-1, 0))a\(r) \(r) 0 1 0 \(d) 0a\(r) \(r) 0 1 0 -\(d) 0"
    case 1: return polygon([(-0.89, -0.89), (0.89, -0.89), (0.89, 0.89), (-0.89, 0.89)])
    case 2: return polygon([(0, -1.35), (1.17, 0.8), (-1.17, 0.8)])
    default: return polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    }
  }
}
