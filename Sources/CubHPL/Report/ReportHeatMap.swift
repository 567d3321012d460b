/// In which coarse cluster the nearest picture of another class lies, by the cluster of the query: shares of each row.
struct ReportHeatMap: Sendable {
  /// A row for each cluster of queries.
  let counts: [[Int]]

  private static let left = 66.0
  private static let top = 34.0

  /// The side of a cell.
  private var side: Double { max(14, min(44, 440 / Double(max(1, counts.count)))) }

  var drawing: Drawing {
    let edge = Double(counts.count) * side
    let title = Markup.label("tick", Self.left, 12, "Group of the nearest picture of another class, percent")
    let names = counts.indices.flatMap { index in
      let middle = (Double(index) + 0.5) * side
      return [
        Markup.label("tick", Self.left + middle, Self.top - 6, anchor: "middle", "\(index + 1)"),
        .label(
          "tick", Self.left - 6, Self.top + middle + 4, anchor: "end", "\(side < 20 ? "" : "Group ")\(index + 1)"),
      ]
    }
    return Drawing(
      width: max(430, Self.left + edge + 8), height: Self.top + edge + 8, description: description,
      parts: [title] + names + [cell(Self.left, Self.top, side: edge, opacity: "0.05")] + counts.indices.flatMap(row))
  }

  /// Of many groups most cells are empty, and only what was counted is drawn.
  private func row(_ row: Int) -> [Markup] {
    let sum = counts[row].reduce(0, +)
    return counts[row].enumerated().filter { $0.element > 0 }.flatMap { column, value in
      let share = Double(value) / Double(sum)
      let (x, y) = (Self.left + Double(column) * side, Self.top + Double(row) * side)
      let title = "Group \(row + 1) to \(column + 1): \(value) of \(sum)"
      let number = Markup.label(nil, x + side / 2, y + side / 2 + 4, anchor: "middle", fixed(share * 100, 0))
      return [
        cell(x, y, side: side - 1, opacity: fixed(0.05 + 0.5 * share, 3), title: title), side >= 24 ? number : .nothing,
      ]
    }
  }

  private func cell(_ x: Double, _ y: Double, side: Double, opacity: String, title: String? = nil) -> Markup {
    .tag(
      "rect",
      [
        "class": "cell", "x": Markup.unit(x), "y": Markup.unit(y), "width": Markup.unit(side),
        "height": Markup.unit(side), "fill-opacity": opacity,
      ], title.map { [.tag("title", [:], .text($0))] } ?? [])
  }

  private var description: String {
    let sum = counts.joined().reduce(0, +)
    let own = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    let share = sum > 0 ? fixed(Double(own) / Double(sum) * 100, 0) : "no"
    return
      "Confusion between \(counts.count) coarse clusters: \(share) percent of the nearest wrong pictures lie in the query’s own"
  }
}
