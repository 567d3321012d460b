/// A drawing of a size, which says in words what it shows.
struct Drawing {
  let width: Double
  let height: Double
  let description: String
  let parts: [Markup]

  /// For a page, whose style sheet it needs.
  var markup: Markup {
    .tag(
      "svg",
      ["viewBox": "0 0 \(fixed(width, 0)) \(fixed(height, 0))", "role": "img", "aria-label": description], parts)
  }

  /// A file of its own.
  func file(style: String, attributes: KeyValuePairs<String, String?> = [:]) -> String {
    "\(markup.adding(attributes).adding(["xmlns": "http://www.w3.org/2000/svg"]).beginning(with: .tag("style", [:], .rules(style))))"
  }
}

/// Shapes, by their classes in the style sheet and their places in units of the drawing.
extension Markup {
  static func line(_ classes: String, _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> Markup {
    .tag("line", ["class": classes, "x1": unit(x1), "y1": unit(y1), "x2": unit(x2), "y2": unit(y2)])
  }

  static func circle(
    _ classes: String, _ x: Double, _ y: Double, radius: Double, title: String? = nil
  ) -> Markup {
    .tag(
      "circle", ["class": classes, "cx": unit(x), "cy": unit(y), "r": unit(radius)], title.map { [.title($0)] } ?? [])
  }

  static func path(_ classes: String, _ path: String, title: String? = nil) -> Markup {
    .tag("path", ["class": classes, "d": path], title.map { [.title($0)] } ?? [])
  }

  /// A label; `anchor` says which side of it the place is, at the start where nothing is said.
  static func label(_ classes: String?, _ x: Double, _ y: Double, anchor: String? = nil, _ text: String) -> Markup {
    .tag("text", ["class": classes, "x": unit(x), "y": unit(y), "text-anchor": anchor], .text(text))
  }

  private static func title(_ text: String) -> Markup { .tag("title", [:], .text(text)) }

  /// A number as drawings have it: with one decimal, if it has some.
  static func unit(_ value: Double) -> String {
    let text = fixed(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// The path through some points.
func polyline(_ points: [SIMD2<Double>]) -> String {
  points.isEmpty ? "" : "M" + points.map { "\(fixed($0.x, 1)) \(fixed($0.y, 1))" }.joined(separator: "L")
}
