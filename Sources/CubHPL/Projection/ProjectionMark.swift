/// How the points of a group look: eight colours that most colour-blind people can tell apart (Okabe and Ito, 2008), their
/// yellow and black replaced where the page is light; further groups take the same colours with other shapes.
struct ProjectionMark {
  let color: Int
  private let shape: Int

  /// On light and on dark pages.
  static let colors = [
    ("#0072b2", "#4ba6e0"), ("#d55e00", "#ff8a4a"), ("#009e73", "#2fcf9e"), ("#cc79a7", "#e59cc5"),
    ("#e69f00", "#f4b73f"), ("#56b4e9", "#a5dcff"), ("#7a5c00", "#f0e442"), ("#5b6168", "#b4bbc3"),
  ]

  private static let shapes = 4
  /// How many groups look different.
  static let count = colors.count * shapes

  init(group: Int) {
    color = group % Self.colors.count
    shape = group / Self.colors.count % Self.shapes
  }

  /// The style rules for the colours, for light and for dark pages.
  static var style: String {
    func rules(_ color: ((String, String)) -> String) -> String {
      colors.enumerated().map { ".mark\($0.offset) { fill: \(color($0.element)) }" }.joined(separator: " ")
    }
    return "\(rules(\.0))\n@media (prefers-color-scheme: dark) { \(rules(\.1)) }"
  }

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
