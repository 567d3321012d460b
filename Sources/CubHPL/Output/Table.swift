/// Text in aligned columns: the first to the left, the others to the right.
struct Table: CustomStringConvertible {
  let header: [String]
  var rows: [[String]] = []

  var description: String {
    let lines = [header] + rows
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    var text = lines.map { Self.line($0, widths: widths) }
    text.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
    return text.joined(separator: "\n")
  }

  private static func line(_ cells: [String], widths: [Int]) -> String {
    var parts: [String] = []
    for (index, cell) in cells.enumerated() {
      let space = String(repeating: " ", count: widths[index] - cell.count)
      parts.append(index == 0 ? cell + space : space + cell)
    }
    var line = parts.joined(separator: "  ")
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension Table {
  /// The results on unseen classes; a star marks the best of each metric.
  init(_ summary: Summary) {
    let marks = summary.rows.count > 1
    let metrics = summary.metrics
    header = ["Method"] + metrics.map { $0.title + (marks ? " " : "") } + ["seconds", "images/s"]
    rows = summary.rows.map { row in
      let values = metrics.map { metric in
        row.percentage(metric) + (marks ? (summary.isBest(row, in: metric) ? "*" : " ") : "")
      }
      return [row.title] + values + [row.seconds.text(decimals: 1), row.imagesPerSecond.text(decimals: 0)]
    }
  }

  /// The table with a line that says how to read it.
  static func text(for summary: Summary) -> String {
    var notes = ["percent, on unseen classes"]
    if let row = summary.rows.first, summary.hasSeveralSeeds {
      notes.append("mean ± sample standard deviation over \(row.runs.count) seeds")
    }
    if summary.rows.count > 1 { notes.append("* best") }
    return "\(Table(summary))\n\n\(notes.joined(separator: "; "))"
  }
}
