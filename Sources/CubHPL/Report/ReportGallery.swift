/// The parts of the report that show pictures.
extension ReportPage {
  /// The test pictures on the plane, the methods that share a loss side by side.
  mutating func planes() -> ReportPart? {
    guard let count = content.projections.first?.projections.names.count else { return nil }
    let all = content.results.data.imagesTest
    let which = count == all ? "the \(grouped(all))" : "\(grouped(count)), spread evenly, of the \(grouped(all))"
    var parts: [String] = []
    for (number, pair) in content.projections.enumerated() {
      parts.append(
        """
        <details class="study"\(number == 0 ? " open" : "")>
        <summary><span class="group">\(escaped(pair.projections.title))</span></summary>
        \(ProjectionSection(projections: pair.projections, number: number).html(&pictures))
        </details>
        """)
    }
    let body = """
      <p class="caption">t-SNE of \(which) test pictures: those that lie close together are close for the model. The coarse \
      cluster of a picture is the nearest coarse proxy of the hierarchical method, in both drawings.</p>
      <div class="tree">
      \(parts.joined(separator: "\n"))
      </div>
      """
    return ReportPart(id: "tsne", name: "t-SNE", heading: "The test pictures on the plane", body: body)
  }

  mutating func hierarchies() -> ReportPart? {
    let trees = content.hierarchies.filter { !$0.roots.isEmpty }
    guard !trees.isEmpty else { return nil }
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
    let body = """
      <p class="caption">Open a group to see its classes with sample pictures.</p>
      \(parts.joined(separator: "\n"))
      """
    return ReportPart(
      id: "hierarchy", name: "Hierarchy", heading: "The hierarchy at the end of training",
      hint: trees.map(\.title).joined(separator: ", "), body: body)
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

  mutating func retrievals() -> ReportPart? {
    let groups = content.retrievals.filter { !$0.rows.isEmpty }
    guard !groups.isEmpty else { return nil }
    var parts: [String] = []
    for group in groups {
      parts.append("<div class=\"retrievals\"><h3>\(escaped(group.title))</h3>")
      for row in group.rows { parts.append(retrieval(row)) }
      parts.append("</div>")
    }
    let body = """
      <p class="caption">Left the query, then what is nearest to it. \
      <span class="key correct">✓</span> same class, <span class="key wrong">✗</span> another class.</p>
      \(fileSwitch("neighbours"))
      <div class="columns">
      \(parts.joined(separator: "\n"))
      </div>
      """
    return ReportPart(
      id: "neighbours", name: "Neighbours", heading: "Nearest pictures of unseen classes",
      hint: "\(counted(groups[0].rows.count, "query", "queries")) of each method", body: body)
  }

  mutating func retrieval(_ row: ReportContent.Retrievals.Row) -> String {
    let query = "Query: \(row.queryClass), \(row.queryFile)"
    var cells = "<li class=\"query\">\(pictures.element(row.query, label: query))</li>"
    for (index, neighbour) in row.neighbours.enumerated() {
      let verdict = neighbour.isCorrect ? "same class" : "another class"
      let label = "Neighbour \(index + 1), \(verdict): \(neighbour.className), \(neighbour.file)"
      let mark = neighbour.isCorrect ? "✓" : "✗"
      let kind = neighbour.isCorrect ? "correct" : "wrong"
      cells += "<li class=\"\(kind)\">\(pictures.element(neighbour.picture, label: label))"
      cells += "<span class=\"mark\" aria-hidden=\"true\">\(mark)</span></li>"
    }
    let files = ["Query: \(row.queryFile)"] + row.neighbours.enumerated().map { "\($0.offset + 1): \($0.element.file)" }
    return """
      <div class="retrieval"><p class="quiet query-name">\(escaped(row.queryClass))</p><ol>\(cells)</ol>\
      <p class="quiet files">\(files.map(escaped).joined(separator: "; "))</p></div>
      """
  }

  /// What shows the names of the files in the rest of a part.
  func fileSwitch(_ part: String) -> String {
    "<input type=\"checkbox\" class=\"show-files\" id=\"files-\(part)\"><label for=\"files-\(part)\">Show the names of the files</label>"
  }
}
