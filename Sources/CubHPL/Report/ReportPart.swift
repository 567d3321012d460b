/// A part of the page with a heading of its own, to which the navigation leads.
struct ReportPart {
  let id: String
  /// What the navigation calls it.
  let name: String
  let heading: String
  /// Stands beside the heading of a part that is closed at first; nil for a part that is always open.
  var hint: String?
  let body: String

  /// For a closed part a place inside, so that the browser opens it on the way.
  private var target: String { hint == nil ? id : "\(id)-inside" }

  var link: String { "<a href=\"#\(target)\">\(escaped(name))</a>" }

  var html: String {
    let title = "<h2 id=\"\(id)\">\(escaped(heading))</h2>"
    let content = hint.map { hint in
      """
      <details class="fold">
      <summary>\(title) <span class="quiet">\(escaped(hint))</span></summary>
      <div id="\(target)">
      \(body)
      </div>
      </details>
      """
    }
    return """
      <section aria-labelledby="\(id)">
      \(content ?? "\(title)\n\(body)")
      </section>
      """
  }
}
