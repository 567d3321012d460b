/// Text in aligned columns: the first to the left, the others to the right.
struct Table: CustomStringConvertible {
  var header: [String]
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
    self.init(summary, summary.metrics)
    header += ["seconds", "images/s"]
    for (index, row) in summary.rows.enumerated() {
      rows[index] += [row.seconds.text(decimals: 1), row.imagesPerSecond.text(decimals: 0)]
    }
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

  /// The measures that know the taxonomy of the test classes, or nil without one.
  static func hierarchical(_ summary: Summary) -> String? {
    let metrics = summary.hierarchicalMetrics
    guard !metrics.isEmpty else { return nil }
    return """
      \(Table(summary, metrics))

      by the taxonomy of the test classes, percent: MAP@R with its groups as classes, the measures of the whole
      ranking, and how many first errors stay in the group of the class
      """
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
          mean { $0.hierarchy[index].agreement?.purity },
          mean { $0.hierarchy[index].agreement?.adjustedMutualInformation },
        ])
      }
    }
  }

  /// The same with a line that says how to read it, or nil for flat methods alone.
  static func coarseLevels(_ summary: Summary) -> String? {
    let table = Table(coarseLevels: summary)
    guard !table.rows.isEmpty else { return nil }
    return """
      \(table)

      on the training classes, percent: pictures nearest to their group's proxy in the last epoch, classes that moved
      at the last clustering, and clusters against the taxonomy
      """
  }
}
