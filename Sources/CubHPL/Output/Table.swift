/// Text in aligned columns: the first to the left, the others to the right.
struct Table: CustomStringConvertible {
  var header: [String]
  var rows: [[String]] = []
  /// Rows below a line of their own.
  var footer: [[String]] = []

  var description: String {
    func shown(_ rows: [[String]]) -> [[String]] { rows.map { $0.map { visible($0) } } }
    let (header, rows, footer) = (header.map { visible($0) }, shown(rows), shown(footer))
    let lines = [header] + rows + footer
    let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    func text(_ rows: [[String]]) -> [String] { rows.map { Self.line($0, widths: widths) } }
    return (text([header]) + [rule] + text(rows) + (footer.isEmpty ? [] : [rule] + text(footer)))
      .joined(separator: "\n")
  }

  /// The table and below it how to read it, in lines of at most `width` columns.
  func text(note: String, width: Int) -> String {
    "\(self)\n\n\(wrapped(note, width: width).joined(separator: "\n"))"
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
    self.init(summary, summary.metrics)
    header += ["seconds", "images/s"]
    for (index, row) in summary.rows.enumerated() {
      rows[index] += [row.seconds.text(decimals: 1), row.imagesPerSecond.text(decimals: 0)]
    }
    for index in footer.indices { footer[index] += ["–", "–"] }
  }

  /// Some metrics of each method, in percent; a star marks the best of each.
  private init(_ summary: Summary, _ metrics: [Metric]) {
    let marks = summary.rows.count > 1
    header = ["Method"] + metrics.map { $0.title + (marks ? " " : "") }
    rows = summary.rows.map { row in
      [row.title]
        + metrics.map { metric in
          row.percentage(metric) + (marks ? (summary.isBest(row, in: metric) ? "*" : " ") : "")
        }
    }
    footer = summary.baselines.map { row in [row.title] + metrics.map { row.percentage($0) + (marks ? " " : "") } }
  }

  /// The table with a line that says how to read it.
  static func text(for summary: Summary, width: Int = Help.width) -> String {
    var notes = ["percent, on unseen classes"]
    if let row = summary.rows.first, summary.hasSeveralSeeds {
      notes.append("mean ± sample standard deviation over \(row.runs.count) seeds")
    }
    if summary.rows.count > 1 { notes.append("* best") }
    return Table(summary).text(note: notes.joined(separator: "; "), width: width)
  }

  /// The measures that know the taxonomy of the test classes, or nil without one.
  static func hierarchical(_ summary: Summary, width: Int = Help.width) -> String? {
    let metrics = summary.hierarchicalMetrics
    guard !metrics.isEmpty else { return nil }
    let note =
      "by the taxonomy of the test classes, percent: MAP@R with its groups as classes, the measures of the whole ranking, and how "
      + "many first errors stay in the group of the class"
    return Table(summary, metrics).text(note: note, width: width)
  }

  /// What was measured once more, or nil where nothing was.
  static func remeasured(_ summary: Summary, width: Int = Help.width) -> String? {
    let rows = summary.rows.compactMap(RemeasuredRow.init)
    guard let first = rows.first, let steps = summary.rows[0].runs[0].remeasured?.steps else { return nil }
    let metrics = first.metrics[0].columns + first.metrics[0].furtherColumns
    var table = Table(header: ["Method"] + metrics.map(\.title))
    table.rows = rows.map { row in [row.title] + metrics.map { row.percentage($0) } }
    return table.text(
      note: "the same networks measured once more, percent: \(steps.joined(separator: ", "))", width: width)
  }

  /// What became of the coarse levels in training, in percent, the mean over the seeds; no row for a flat method.
  init(coarseLevels summary: Summary) {
    header = ["Coarse level", "proxies", "accuracy", "moved", "purity", "AMI"]
    for row in summary.rows {
      for (index, level) in row.runs[0].hierarchy.enumerated() {
        func mean(_ value: (Results.Run) -> Double?) -> String {
          let values = row.runs.compactMap(value)
          return values.isEmpty ? "–" : fixed(Statistic(values).mean * 100, 2)
        }
        rows.append([
          "\(row.title), \(level.name)", "\(Set(level.parents).count)",
          mean { $0.accuracy(onLevel: index + 1) }, mean { $0.lastMove(onLevel: index + 1) },
          mean { $0.hierarchy.dropFirst(index).first?.agreement?.purity },
          mean { $0.hierarchy.dropFirst(index).first?.agreement?.adjustedMutualInformation },
        ])
      }
    }
  }

  /// The same with a line that says how to read it, or nil for flat methods alone.
  static func coarseLevels(_ summary: Summary, width: Int = Help.width) -> String? {
    let table = Table(coarseLevels: summary)
    guard !table.rows.isEmpty else { return nil }
    let note =
      "on the training classes, percent: pictures nearest to their group's proxy in the last epoch, classes that moved at the last "
      + "clustering, and clusters against the taxonomy"
    return table.text(note: note, width: width)
  }
}

/// What was measured once more of a method; nil where a run has nothing of that.
private struct RemeasuredRow: MeasuredRow {
  let title: String
  let metrics: [Metrics]

  init?(_ row: Summary.Row) {
    title = row.title
    metrics = row.runs.compactMap { $0.remeasured?.metrics }
    if metrics.count < row.runs.count { return nil }
  }
}
