/// The panels of a projection as a part of a page, without a script.
///
/// Points show their pictures under the mouse and, with the arrow keys, under the focus.
struct ProjectionSection {
  let projections: Projections
  /// Tells it from others on the same page.
  var number = 0

  /// The switch between the colourings, the panels and the legends; their pictures join those of the page.
  func markup(_ pictures: inout ReportPictures) -> Markup {
    let switches = projections.colorings.enumerated().flatMap { index, coloring in
      let id = "coloring\(number)-\(index)"
      return [
        Markup.tag(
          "input",
          [
            "type": "radio", "class": "choose\(index)", "name": "coloring\(number)", "id": id,
            "checked": index == 0 ? "" : nil,
          ]),
        .tag("label", ["for": id], "Coloured by \(coloring.title)"), " ",
      ]
    }
    var panels: [Markup] = []
    for (index, panel) in projections.panels.enumerated() {
      panels.append(figure(panel, name: "plane\(number)-\(index)", &pictures))
    }
    let legends = projections.colorings.enumerated().map { legend($0.element, $0.offset) }
    return .tag(
      "div", ["class": "projections"],
      (projections.colorings.count > 1 ? switches : []) + [.tag("div", ["class": "panels"], panels)] + legends
        + (projections.thumbnails.isEmpty ? [] : [.caption(.text(help))]))
  }

  private var help: String {
    let shown = projections.thumbnails.count
    let which =
      shown == projections.names.count
      ? "Every point shows its picture" : "\(grouped(shown)) of the points, spread evenly, show their pictures"
    return
      "\(which) under the mouse, or with the keyboard: Tab goes to a panel, and the arrow keys from picture to picture."
  }

  private func figure(_ panel: Projections.Panel, name: String, _ pictures: inout ReportPictures) -> Markup {
    let drawings = projections.colorings.enumerated().map { index, coloring in
      Markup.tag(
        "svg", ["class": "by\(index)", "viewBox": "0 0 340 340", "aria-hidden": "true"],
        ProjectionPicture.points(panel, coloring, side: 340))
    }
    let caption = Markup.tag(
      "figcaption", [:], .tag("b", [:], .text(panel.title)), " ", .span("quiet", .text(panel.note)))
    return .tag(
      "figure", [:], caption,
      .tag(
        "div", ["class": "plane", "role": "radiogroup", "aria-label": "\(panel.title): pictures"],
        drawings + points(panel, name: name, &pictures)))
  }

  /// What can be pointed at or focused, group by group and from left to right.
  private func points(_ panel: Projections.Panel, name: String, _ pictures: inout ReportPictures) -> [Markup] {
    let frame = ProjectionFrame(panel.points)
    let groups = projections.colorings.first?.groups ?? []
    let order = projections.thumbnails.keys.sorted {
      let (a, b) = (groups.isEmpty ? 0 : groups[$0], groups.isEmpty ? 0 : groups[$1])
      return (a, panel.points[$0].x, $0) < (b, panel.points[$1].x, $1)
    }
    var points: [Markup] = []
    for index in order {
      let place = frame.place(panel.points[index])
      let sides = (place.x > 0.5 ? " left" : "") + (place.y > 0.5 ? " up" : "")
      let words = [projections.names[index]] + projections.colorings.map { $0.names[$0.groups[index]] }
      let lines = words.enumerated().flatMap {
        $0.offset == 0 ? [Markup.text($0.element)] : [.tag("br"), .text($0.element)]
      }
      points.append(
        .tag(
          "label",
          [
            "class": "point\(sides)",
            "style": "left:\(fixed(place.x * 100, 2))%;top:\(fixed(place.y * 100, 2))%",
          ], .tag("input", ["type": "radio", "name": name, "aria-label": words.joined(separator: ", ")]),
          .span("tip", pictures.decoration(projections.thumbnails[index]!), .tag("span", [:], lines))))
    }
    return points
  }

  private func legend(_ coloring: Projections.Coloring, _ index: Int) -> Markup {
    let count = coloring.names.count
    guard count <= ProjectionMark.count else {
      return .tag(
        "p", ["class": "legend by\(index) quiet"],
        "\(counted(count, "group", "groups")): colours and shapes come again after \(ProjectionMark.count).")
    }
    let entries = coloring.names.enumerated().map { group, name in
      let mark = ProjectionPicture.dot(group: group, path: ProjectionMark(group: group).path(x: 7, y: 7, radius: 4.6))
      let sign = Markup.tag(
        "svg", ["viewBox": "0 0 14 14", "width": "14", "height": "14", "aria-hidden": "true"], mark)
      return Markup.tag("li", [:], sign, .text(name))
    }
    return .tag("ul", ["class": "legend by\(index)"], entries)
  }

  /// The drawings and the legend of the chosen colouring alone are shown; there are three colourings at most.
  private static let choices = (0..<3).map { index in
    let chosen = ".choose\(index):not(:checked)"
    return "\(chosen) ~ .panels .by\(index), \(chosen) ~ .by\(index) { display: none; }"
  }.joined(separator: "\n")

  /// What pages with such a part need besides the report's own style.
  static let style = """
    \(ProjectionMark.style)
    \(choices)
    .projections { margin-top: 28px; }
    .projections > input { position: absolute; opacity: 0; }
    .projections > label {
      display: inline-block; padding: 6px 14px; margin: 0 6px 12px 0; border: 1px solid var(--line); border-radius: 999px;
      cursor: pointer; font-size: 0.9rem; background: var(--panel);
    }
    .projections > input:checked + label { border-color: var(--accent); color: var(--accent); font-weight: 600; }
    .projections > input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px; }
    .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 16px; }
    .panels figure { margin: 0; padding: 14px; min-width: 0; }
    figcaption { margin-bottom: 8px; }
    .plane { position: relative; aspect-ratio: 1; }
    .plane > svg { position: absolute; inset: 0; width: 100%; height: 100%; }
    .dot { stroke: var(--panel); }
    .point { position: absolute; width: 14px; height: 14px; margin: -7px 0 0 -7px; }
    .point > input {
      appearance: none; position: absolute; inset: 0; width: 14px; height: 14px; margin: 0; border-radius: 50%; cursor: pointer;
    }
    .point:hover > input, .point > input:focus { box-shadow: 0 0 0 2px var(--text); outline: none; }
    .tip {
      display: none; position: absolute; z-index: 2; left: 18px; top: 0; width: max-content; max-width: 200px; padding: 8px;
      gap: 6px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; font-size: 0.82rem;
      line-height: 1.35; box-shadow: 0 4px 18px rgb(0 0 0 / 0.22); pointer-events: none; overflow-wrap: anywhere;
    }
    .tip > .picture { width: 88px; height: 88px; }
    .left > .tip { left: auto; right: 18px; }
    .up > .tip { top: auto; bottom: 0; }
    .point:hover > .tip, .point > input:focus + .tip { display: grid; }
    .point:hover > .tip { z-index: 3; }
    .legend { display: flex; flex-wrap: wrap; gap: 6px 20px; list-style: none; margin: 14px 0 0; padding: 0; font-size: 0.88rem; }
    p.legend { display: block; }
    .legend li { display: flex; align-items: center; gap: 7px; }
    """
}
