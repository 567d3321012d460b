/// The panels of a projection as one SVG file for papers: a row for each colouring, no script, light and dark.
struct ProjectionPicture {
  private let projections: Projections

  private static let side = 340.0
  private static let gap = 20.0
  /// Above a panel, for its title and note.
  private static let head = 44.0
  private static let legendRow = 20.0
  private static let legendColumn = 172.0
  private static let longestName = 22
  /// More groups have no legend.
  static let longestLegend = 16

  init(_ projections: Projections) { self.projections = projections }

  var svg: String {
    var parts: [Markup] = []
    var y = Self.gap
    for coloring in projections.colorings {
      for (column, panel) in projections.panels.enumerated() {
        parts += drawing(panel, coloring, x: Self.gap + Double(column) * (Self.side + Self.gap), y: y)
      }
      y += Self.head + Self.side + Self.gap / 2
      parts += legend(coloring, y: &y)
      y += Self.gap
    }
    return Drawing(width: width, height: y, description: description, parts: parts)
      .file(style: Self.style, attributes: ["width": fixed(width, 0), "height": fixed(y, 0)])
  }

  private static let style = """
    text { font-family: "Helvetica Neue", Arial, "Liberation Sans", sans-serif; font-size: 12px; }
    \(ProjectionMark.style)
    @media (prefers-color-scheme: dark) {
      svg { background: \(Palette.page.dark) } text { fill: \(Palette.text.dark) } .frame { stroke: \(Palette.line.dark) }
      .dot { stroke: \(Palette.page.dark) }
    }
    """

  private var width: Double {
    let panels = Double(max(projections.panels.count, 1))
    return Self.gap + panels * (Self.side + Self.gap)
  }

  private var description: String {
    let panels = projections.panels.map { "\($0.title) (\($0.note))" }.joined(separator: ", ")
    return
      "\(projections.title): \(counted(projections.names.count, "picture", "pictures")) projected by t-SNE; \(panels)"
  }

  private func drawing(_ panel: Projections.Panel, _ coloring: Projections.Coloring, x: Double, y: Double) -> [Markup] {
    let side = Markup.unit(Self.side)
    let frame = Markup.tag(
      "rect", ["class": "frame", "width": side, "height": side, "fill": "none", "stroke": Palette.line.light])
    return [
      Self.text(x, y + 12, "\(panel.title), by \(coloring.title)").adding(["font-weight": "600"]),
      Self.text(x, y + 29, panel.note).adding(["fill-opacity": "0.75"]),
      .tag(
        "g", ["transform": "translate(\(fixed(x, 0)) \(fixed(y + Self.head, 0)))"],
        [frame] + Self.points(panel, coloring, side: Self.side)),
    ]
  }

  /// A text whose colour programs that read no style sheet see too.
  private static func text(_ x: Double, _ y: Double, _ text: String) -> Markup {
    Markup.label(nil, x, y, text).adding(["fill": Palette.text.light])
  }

  /// A path for each group, in a square of some side.
  static func points(_ panel: Projections.Panel, _ coloring: Projections.Coloring, side: Double) -> [Markup] {
    let frame = ProjectionFrame(panel.points)
    let radius = max(1.4, min(3.6, 60 / Double(max(panel.points.count, 1)).squareRoot()))
    var paths = [String](repeating: "", count: coloring.names.count)
    for (point, group) in zip(panel.points, coloring.groups) {
      let place = frame.place(point) * side
      paths[group] += ProjectionMark(group: group).path(x: place.x, y: place.y, radius: radius)
    }
    return paths.enumerated().filter { !$0.element.isEmpty }
      .map { dot(group: $0.offset, path: $0.element, title: coloring.names[$0.offset]) }
  }

  /// Marks of a group; the fill is for programs that read no style sheet.
  static func dot(group: Int, path: String, title: String? = nil) -> Markup {
    let color = ProjectionMark(group: group).color
    return Markup.path("dot \(color.name)", path, title: title)
      .adding(["fill": color.light, "stroke": Palette.panel.light, "stroke-width": "0.4"])
  }

  private func legend(_ coloring: Projections.Coloring, y: inout Double) -> [Markup] {
    guard coloring.names.count <= Self.longestLegend else { return [] }
    let columns = max(1, Int((width - 2 * Self.gap) / Self.legendColumn))
    let top = y
    y += Self.legendRow * Double((coloring.names.count + columns - 1) / columns)
    return coloring.names.enumerated().flatMap { group, name in
      let x = Self.gap + Self.legendColumn * Double(group % columns)
      let middle = top + Self.legendRow * (Double(group / columns) + 0.5)
      let path = ProjectionMark(group: group).path(x: x + 5, y: middle, radius: 4.2)
      let text = name.count > Self.longestName ? name.prefix(Self.longestName - 1) + "…" : name[...]
      return [Self.dot(group: group, path: path), Self.text(x + 15, middle + 4, String(text))]
    }
  }
}
