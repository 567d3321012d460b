/// The parts of the report that show where retrieval goes right and wrong.
extension ReportPage {
  mutating func studies() -> ReportPart? {
    var parts: [String] = []
    for study in content.studies where !study.best.isEmpty {
      let charts = study.confusion.map {
        "<figure>\n<figcaption>Confusion between coarse clusters</figcaption>\n\($0.svg)\n</figure>"
      }
      var rows = ""
      for (title, list) in [("Worst", study.worst), ("Best", study.best)] {
        rows += "<div class=\"retrievals\"><h3>\(title)</h3>"
        for row in list { rows += retrieval(row) + "\n" }
        rows += "</div>\n"
      }
      parts.append(
        """
        <details class="study"\(parts.isEmpty ? " open" : "")>
        <summary><span class="group">\(escaped(study.title))</span></summary>
        <div class="columns">
        \(rows)</div>
        \(charts ?? "")
        </details>
        """)
    }
    guard !parts.isEmpty else { return nil }
    let queries = counted(content.studies.map(\.queries).max() ?? 0, "test picture", "test pictures")
    let body = """
      <p class="caption">The queries with the lowest and the highest average precision, one of a class at most, and for \
      hierarchical methods which coarse clusters are confused. From \(queries).</p>
      \(fileSwitch("errors"))
      <div class="tree">
      \(parts.joined(separator: "\n"))
      </div>
      """
    return ReportPart(
      id: "errors", name: "Best and worst", heading: "Where retrieval goes right and wrong",
      hint: "best and worst queries, confusion between coarse clusters", body: body)
  }
}

/// In which coarse cluster the nearest picture of another class lies, by the cluster of the query: shares of each row.
struct ReportHeatMap: Sendable {
  /// A row for each cluster of queries.
  let counts: [[Int]]

  private static let left = 66.0
  private static let top = 34.0

  var svg: String {
    let count = counts.count
    let side = max(14, min(44, 440 / Double(max(1, count))))
    let edge = Double(count) * side
    var parts = [
      """
      <svg viewBox="0 0 \(fixed(max(430, Self.left + edge + 8), 0)) \(fixed(Self.top + edge + 8, 0))" role="img" \
      aria-label="\(escaped(description))">
      """,
      "<text class=\"tick\" x=\"\(Self.left)\" y=\"12\">Group of the nearest picture of another class, percent</text>",
    ]
    for index in 0..<count {
      let middle = (Double(index) + 0.5) * side
      parts.append(
        "<text class=\"tick\" x=\"\(fixed(Self.left + middle, 1))\" y=\"\(Self.top - 6)\" text-anchor=\"middle\">\(index + 1)</text>"
      )
      parts.append(
        "<text class=\"tick\" x=\"\(Self.left - 6)\" y=\"\(fixed(Self.top + middle + 4, 1))\" text-anchor=\"end\">"
          + "\(side < 20 ? "" : "Group ")\(index + 1)</text>")
    }
    parts.append(
      "<rect class=\"cell\" x=\"\(Self.left)\" y=\"\(Self.top)\" width=\"\(fixed(edge, 1))\" height=\"\(fixed(edge, 1))\" "
        + "fill-opacity=\"0.05\"/>")
    // Of many groups most cells are empty, and only what was counted is drawn.
    for (row, values) in counts.enumerated() {
      let sum = values.reduce(0, +)
      for (column, value) in values.enumerated() where value > 0 {
        let share = Double(value) / Double(sum)
        let (x, y) = (Self.left + Double(column) * side, Self.top + Double(row) * side)
        parts.append(
          "<rect class=\"cell\" x=\"\(fixed(x, 1))\" y=\"\(fixed(y, 1))\" width=\"\(fixed(side - 1, 1))\" "
            + "height=\"\(fixed(side - 1, 1))\" fill-opacity=\"\(fixed(0.05 + 0.5 * share, 3))\"><title>Group \(row + 1) to "
            + "\(column + 1): \(value) of \(sum)</title></rect>")
        if side >= 24 {
          parts.append(
            "<text x=\"\(fixed(x + side / 2, 1))\" y=\"\(fixed(y + side / 2 + 4, 1))\" text-anchor=\"middle\">"
              + "\(fixed(share * 100, 0))</text>")
        }
      }
    }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private var description: String {
    let sum = counts.joined().reduce(0, +)
    let own = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    let share = sum > 0 ? fixed(Double(own) / Double(sum) * 100, 0) : "no"
    return
      "Confusion between \(counts.count) coarse clusters: \(share) percent of the nearest wrong pictures lie in the query’s own"
  }
}
