/// A part of the page with a heading of its own, to which the navigation leads.
struct ReportPart {
  let id: String
  /// What the navigation calls it.
  let name: String
  let heading: String
  /// Stands beside the heading of a part that is closed at first; nil for a part that is always open.
  var hint: String?
  let body: [Markup]

  /// For a closed part a place inside, so that the browser opens it on the way.
  private var target: String { hint == nil ? id : "\(id)-inside" }

  var link: Markup { .tag("a", ["href": "#\(target)"], .text(name)) }

  var markup: Markup {
    let title = Markup.tag("h2", ["id": id], .text(heading))
    guard let hint else { return .tag("section", ["aria-labelledby": id], [title] + body) }
    let summary = Markup.tag("summary", [:], title, " ", .span("quiet", .text(hint)))
    return .tag(
      "section", ["aria-labelledby": id],
      .tag("details", ["class": "fold"], summary, .tag("div", ["id": target], body)))
  }
}

/// What the parts are made of.
extension Markup {
  static func span(_ classes: String, _ content: Markup...) -> Markup { .tag("span", ["class": classes], content) }

  /// How to read what stands above.
  static func caption(_ content: Markup...) -> Markup { .tag("p", ["class": "caption"], content) }

  static func code(_ text: String) -> Markup { .tag("code", [:], .text(text)) }

  /// Something that opens.
  static func details(_ summary: Markup, classes: String? = nil, isOpen: Bool = false, _ content: [Markup]) -> Markup {
    .tag("details", ["class": classes, "open": isOpen ? "" : nil], [.tag("summary", [:], summary)] + content)
  }

  static func list(_ items: [Markup]) -> Markup { .tag("ul", [:], items.map { .tag("li", [:], $0) }) }

  /// A drawing under its title.
  static func figure(_ title: String, _ drawing: Drawing) -> Markup {
    .tag("figure", [:], .tag("figcaption", [:], .text(title)), drawing.markup)
  }

  /// Figures side by side.
  static func figures(_ figures: [Markup]) -> Markup {
    figures.isEmpty ? .nothing : .tag("div", ["class": "figures"], figures)
  }
}
