/// The parts of the report that show pictures.
extension ReportPage {
  mutating func hierarchies() -> String {
    let trees = content.hierarchies.filter { !$0.roots.isEmpty }
    guard !trees.isEmpty else { return "" }
    var parts: [String] = []
    for tree in trees {
      let count = tree.roots.flatMap(\.classes).count
      let groups = counted(tree.roots.count, "group", "groups")
      parts.append(
        "<h3>\(escaped(tree.title)) <span class=\"quiet\">\(counted(count, "class", "classes")) in \(groups)</span></h3>"
      )
      parts.append("<div class=\"tree\">")
      for root in tree.roots { parts.append(branch(root)) }
      parts.append("</div>")
    }
    return """
      <section aria-labelledby="hierarchy">
      <h2 id="hierarchy">The hierarchy at the end of training</h2>
      <p class="caption">Open a group to see its classes with sample pictures.</p>
      \(parts.joined(separator: "\n"))
      </section>
      """
  }

  private mutating func branch(_ node: ReportContent.Node) -> String {
    if node.children.isEmpty { return leaf(node) }
    let classes = node.classes
    var strip = ""
    for sample in classes.prefix(8).compactMap(\.samples.first) { strip += pictures.decoration(sample) }
    if classes.count > 8 { strip += "<span class=\"quiet more\">+\(classes.count - 8)</span>" }
    var inside = ""
    for child in node.children { inside += branch(child) + "\n" }
    let kind = node.children.allSatisfy(\.children.isEmpty) ? "classes" : "groups"
    return """
      <details>
      <summary><span class="group">\(escaped(node.title)) \
      <span class="quiet">\(counted(classes.count, "class", "classes"))</span></span>\
      <span class="strip">\(strip)</span></summary>
      <div class="children \(kind)">
      \(inside)</div>
      </details>
      """
  }

  private mutating func leaf(_ node: ReportContent.Node) -> String {
    var samples = ""
    for sample in node.samples { samples += pictures.decoration(sample) }
    return "<div class=\"leaf\"><span class=\"leaf-name\">\(escaped(node.title))</span>"
      + "<span class=\"strip\">\(samples)</span></div>"
  }

  mutating func retrievals() -> String {
    let groups = content.retrievals.filter { !$0.rows.isEmpty }
    guard !groups.isEmpty else { return "" }
    var parts: [String] = []
    for group in groups {
      parts.append("<div class=\"retrievals\"><h3>\(escaped(group.title))</h3>")
      for row in group.rows { parts.append(retrieval(row)) }
      parts.append("</div>")
    }
    return """
      <section aria-labelledby="neighbours">
      <h2 id="neighbours">Nearest pictures of unseen classes</h2>
      <p class="caption">Left the query, then what is nearest to it. \
      <span class="key correct">✓</span> same class, <span class="key wrong">✗</span> another class.</p>
      <div class="columns">
      \(parts.joined(separator: "\n"))
      </div>
      </section>
      """
  }

  mutating func retrieval(_ row: ReportContent.Retrievals.Row) -> String {
    var cells = "<li class=\"query\">\(pictures.element(row.query, label: "Query: \(row.queryClass)"))</li>"
    for (index, neighbour) in row.neighbours.enumerated() {
      let verdict = neighbour.isCorrect ? "same class" : "another class"
      let label = "Neighbour \(index + 1), \(verdict): \(neighbour.className)"
      let mark = neighbour.isCorrect ? "✓" : "✗"
      let kind = neighbour.isCorrect ? "correct" : "wrong"
      cells += "<li class=\"\(kind)\">\(pictures.element(neighbour.picture, label: label))"
      cells += "<span class=\"mark\" aria-hidden=\"true\">\(mark)</span></li>"
    }
    return """
      <div class="retrieval"><p class="quiet query-name">\(escaped(row.queryClass))</p><ol>\(cells)</ol></div>
      """
  }
}
