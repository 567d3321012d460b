/// The part of the report that shows where retrieval goes right and wrong.
extension ReportPage {
  mutating func studies() -> ReportPart? {
    var parts: [Markup] = []
    for study in content.studies where !study.best.isEmpty {
      let rows = [retrievals("Worst", study.worst), retrievals("Best", study.best)]
      let chart = study.confusion.map { Markup.figure("Confusion between coarse clusters", $0.drawing) }
      parts.append(
        .details(
          .span("group", .text(study.title)), classes: "study", isOpen: parts.isEmpty,
          [.tag("div", ["class": "columns"], rows), chart ?? .nothing]))
    }
    guard !parts.isEmpty else { return nil }
    let queries = counted(content.studies.map(\.queries).max() ?? 0, "test picture", "test pictures")
    let caption: Markup = """
      The queries with the lowest and the highest average precision, one of a class at most, and for hierarchical methods which coarse \
      clusters are confused. From \(queries).
      """
    return ReportPart(
      id: "errors", name: "Best and worst", heading: "Where retrieval goes right and wrong",
      hint: "best and worst queries, confusion between coarse clusters",
      body: [.caption(caption), fileSwitch("errors"), .tag("div", ["class": "tree"], parts)])
  }
}
