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
    var parts: [String] = []
    var y = Self.gap
    for coloring in projections.colorings {
      for (column, panel) in projections.panels.enumerated() {
        parts += drawing(panel, coloring, x: Self.gap + Double(column) * (Self.side + Self.gap), y: y)
      }
      y += Self.head + Self.side + Self.gap / 2
      parts += legend(coloring, y: &y)
      y += Self.gap
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(fixed(width, 0))" height="\(fixed(y, 0))" \
      viewBox="0 0 \(fixed(width, 0)) \(fixed(y, 0))" role="img" aria-label="\(escaped(description))">
      <style>
      text { font-family: "Helvetica Neue", Arial, "Liberation Sans", sans-serif; font-size: 12px; }
      \(ProjectionMark.style)
      @media (prefers-color-scheme: dark) { svg { background: #14171a } text { fill: #e6e8ea } .frame { stroke: #3d444c } .dot { stroke: #14171a } }
      </style>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  private var width: Double {
    let panels = Double(max(projections.panels.count, 1))
    return Self.gap + panels * (Self.side + Self.gap)
  }

  private var description: String {
    let panels = projections.panels.map { "\($0.title) (\($0.note))" }.joined(separator: ", ")
    return
      "\(projections.title): \(counted(projections.names.count, "picture", "pictures")) projected by t-SNE; \(panels)"
  }

  private func drawing(_ panel: Projections.Panel, _ coloring: Projections.Coloring, x: Double, y: Double) -> [String] {
    let side = fixed(Self.side, 0)
    return [
      "<text x=\"\(fixed(x, 0))\" y=\"\(fixed(y + 12, 0))\" font-weight=\"600\" fill=\"#1f2328\">"
        + "\(escaped(panel.title)), by \(escaped(coloring.title))</text>",
      "<text x=\"\(fixed(x, 0))\" y=\"\(fixed(y + 29, 0))\" fill=\"#1f2328\" fill-opacity=\"0.75\">\(escaped(panel.note))</text>",
      "<g transform=\"translate(\(fixed(x, 0)) \(fixed(y + Self.head, 0)))\">",
      "<rect class=\"frame\" width=\"\(side)\" height=\"\(side)\" fill=\"none\" stroke=\"#d5d8dc\"/>",
      Self.points(panel, coloring, side: Self.side), "</g>",
    ]
  }

  /// A path for each group, in a square of some side.
  static func points(_ panel: Projections.Panel, _ coloring: Projections.Coloring, side: Double) -> String {
    let frame = ProjectionFrame(panel.points)
    let radius = max(1.4, min(3.6, 60 / Double(max(panel.points.count, 1)).squareRoot()))
    var paths = [String](repeating: "", count: coloring.names.count)
    for (point, group) in zip(panel.points, coloring.groups) {
      let place = frame.place(point) * side
      paths[group] += ProjectionMark(group: group).path(x: place.x, y: place.y, radius: radius)
    }
    return paths.enumerated().filter { !$0.element.isEmpty }
      .map { dot(group: $0.offset, path: $0.element, title: coloring.names[$0.offset]) }.joined(separator: "\n")
  }

  /// Marks of a group; the fill is for programs that read no style sheet.
  static func dot(group: Int, path: String, title: String? = nil) -> String {
    let color = ProjectionMark(group: group).color
    let inside = title.map { "<title>\(escaped($0))</title>" } ?? ""
    return "<path class=\"dot mark\(color)\" fill=\"\(ProjectionMark.colors[color].0)\" stroke=\"#ffffff\" "
      + "stroke-width=\"0.4\" d=\"\(path)\">\(inside)</path>"
  }

  private func legend(_ coloring: Projections.Coloring, y: inout Double) -> [String] {
    guard coloring.names.count <= Self.longestLegend else { return [] }
    let columns = max(1, Int((width - 2 * Self.gap) / Self.legendColumn))
    let top = y
    y += Self.legendRow * Double((coloring.names.count + columns - 1) / columns)
    return coloring.names.enumerated().map { group, name in
      let x = Self.gap + Self.legendColumn * Double(group % columns)
      let middle = top + Self.legendRow * (Double(group / columns) + 0.5)
      let mark = Self.dot(
        group: group, path: ProjectionMark(group: group).path(x: x + 5, y: middle, radius: 4.2))
      let text = name.count > Self.longestName ? name.prefix(Self.longestName - 1) + "…" : name[...]
      return "\(mark)<text x=\"\(fixed(x + 15, 1))\" y=\"\(fixed(middle + 4, 1))\" fill=\"#1f2328\">"
        + "\(escaped(String(text)))</text>"
    }
  }
}
