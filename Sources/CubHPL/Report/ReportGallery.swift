/// The parts of the report that show pictures.
extension ReportPage {
  /// The test pictures on the plane, the methods that share a loss side by side.
  mutating func planes() -> ReportPart? {
    guard let count = content.projections.first?.projections.names.count else { return nil }
    let all = content.results.data.imagesTest
    let which = count == all ? "the \(grouped(all))" : "\(grouped(count)), spread evenly, of the \(grouped(all))"
    var parts: [Markup] = []
    for (number, pair) in content.projections.enumerated() {
      let section = ProjectionSection(projections: pair.projections, number: number).markup(&pictures)
      parts.append(
        .details(.span("group", .text(pair.projections.title)), classes: "study", isOpen: number == 0, [section]))
    }
    let caption: Markup = """
      t-SNE of \(which) test pictures: those that lie close together are close for the model. The coarse cluster of a picture is the \
      nearest coarse proxy of the hierarchical method, in both drawings.
      """
    return ReportPart(
      id: "tsne", name: "t-SNE", heading: "The test pictures on the plane",
      body: [.caption(caption), .tag("div", ["class": "tree"], parts)])
  }

  mutating func hierarchies() -> ReportPart? {
    let trees = content.hierarchies.filter { !$0.roots.isEmpty }
    guard !trees.isEmpty else { return nil }
    var parts: [Markup] = []
    for tree in trees {
      let count = counted(tree.roots.flatMap(\.classes).count, "class", "classes")
      let groups = counted(tree.roots.count, "group", "groups")
      parts.append(.tag("h3", [:], "\(tree.title) ", .span("quiet", "\(count) in \(groups)")))
      var roots: [Markup] = []
      for root in tree.roots { roots.append(branch(root)) }
      parts.append(.tag("div", ["class": "tree"], roots))
    }
    return ReportPart(
      id: "hierarchy", name: "Hierarchy", heading: "The hierarchy at the end of training",
      hint: trees.map(\.title).joined(separator: ", "),
      body: [.caption("Open a group to see its classes with sample pictures.")] + parts)
  }

  private mutating func branch(_ node: ReportContent.Node) -> Markup {
    if node.children.isEmpty { return leaf(node) }
    let classes = node.classes
    var strip: [Markup] = []
    for sample in classes.prefix(8).compactMap(\.samples.first) { strip.append(pictures.decoration(sample)) }
    if classes.count > 8 { strip.append(.span("quiet more", "+\(classes.count - 8)")) }
    var inside: [Markup] = []
    for child in node.children { inside.append(branch(child)) }
    let kind = node.children.allSatisfy(\.children.isEmpty) ? "classes" : "groups"
    let title = Markup.span(
      "group", "\(node.title) ", .span("quiet", .text(counted(classes.count, "class", "classes"))))
    return .details(
      .pieces([title, .tag("span", ["class": "strip"], strip)]), [.tag("div", ["class": "children \(kind)"], inside)])
  }

  private mutating func leaf(_ node: ReportContent.Node) -> Markup {
    var samples: [Markup] = []
    for sample in node.samples { samples.append(pictures.decoration(sample)) }
    return .tag(
      "div", ["class": "leaf"], .span("leaf-name", .text(node.title)), .tag("span", ["class": "strip"], samples))
  }

  mutating func retrievals() -> ReportPart? {
    let groups = content.retrievals.filter { !$0.rows.isEmpty }
    guard !groups.isEmpty else { return nil }
    var parts: [Markup] = []
    for group in groups { parts.append(retrievals(group.title, group.rows)) }
    return ReportPart(
      id: "neighbours", name: "Neighbours", heading: "Nearest pictures of unseen classes",
      hint: "\(counted(groups[0].rows.count, "query", "queries")) of each method",
      body: [
        .caption(
          "Left the query, then what is nearest to it. ", .span("key correct", "✓"), " same class, ",
          .span("key wrong", "✗"), " another class."),
        fileSwitch("neighbours"), .tag("div", ["class": "columns"], parts),
      ])
  }

  /// Some queries under a title.
  mutating func retrievals(_ title: String, _ rows: [ReportContent.Retrievals.Row]) -> Markup {
    var parts = [Markup.tag("h3", [:], .text(title))]
    for row in rows { parts.append(retrieval(row)) }
    return .tag("div", ["class": "retrievals"], parts)
  }

  private mutating func retrieval(_ row: ReportContent.Retrievals.Row) -> Markup {
    var items = [
      Markup.tag(
        "li", ["class": "query"], pictures.element(row.query, label: "Query: \(row.queryClass), \(row.queryFile)"))
    ]
    for (index, neighbour) in row.neighbours.enumerated() {
      let (verdict, mark, kind) = neighbour.isCorrect ? ("same class", "✓", "correct") : ("another class", "✗", "wrong")
      let label = "Neighbour \(index + 1), \(verdict): \(neighbour.className), \(neighbour.file)"
      let sign = Markup.tag("span", ["class": "mark", "aria-hidden": "true"], .text(mark))
      items.append(.tag("li", ["class": kind], pictures.element(neighbour.picture, label: label), sign))
    }
    let files = ["Query: \(row.queryFile)"] + row.neighbours.enumerated().map { "\($0.offset + 1): \($0.element.file)" }
    return .tag(
      "div", ["class": "retrieval"], .tag("p", ["class": "quiet query-name"], .text(row.queryClass)),
      .tag("ol", [:], items), .tag("p", ["class": "quiet files"], .text(files.joined(separator: "; "))))
  }

  /// What shows the names of the files in the rest of a part.
  func fileSwitch(_ part: String) -> Markup {
    .pieces([
      .tag("input", ["type": "checkbox", "class": "show-files", "id": "files-\(part)"]),
      .tag("label", ["for": "files-\(part)"], "Show the names of the files"),
    ])
  }
}
