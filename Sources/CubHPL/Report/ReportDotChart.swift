/// One metric of all methods as dots on a common scale, with the deviation as a bar and each seed as a small dot.
struct ReportDotChart {
  private let metric: Metric
  private let summary: Summary
  private let axis: ChartAxis
  /// Room for the longest title.
  private let left: Double

  private static let width = 420.0
  private static let right = 64.0
  private static let rowHeight = 34.0
  private static let top = 10.0
  /// In percentage points, so that differences without meaning do not look large.
  private static let narrowestScale = 1.0

  init(metric: Metric, summary: Summary) {
    (self.metric, self.summary) = (metric, summary)
    left = max(96, 22 + 8 * Double(summary.rows.map(\.title.count).max() ?? 0))
    axis = ChartAxis(scale: Self.scale(metric, summary), start: left, end: Self.width - Self.right)
  }

  var drawing: Drawing {
    let bottom = Self.top + Self.rowHeight * Double(summary.rows.count)
    return Drawing(
      width: Self.width, height: bottom + 26, description: description,
      parts: axis.columns(from: Self.top, to: bottom)
        + summary.rows.enumerated().flatMap { marks($0.element, place: $0.offset) })
  }

  private static func scale(_ metric: Metric, _ summary: Summary) -> AxisScale {
    let percent = summary.rows.flatMap { row -> [Double] in
      let bar = bar(row.statistic(metric))
      return row.runs.map { metric.value(in: $0.metrics) * 100 } + [bar.lowerBound, bar.upperBound]
    }
    let middle = ((percent.min() ?? 0) + (percent.max() ?? 0)) / 2
    let half = narrowestScale / 2
    return .linear(percent + [middle - half, middle + half], count: 4)
  }

  /// One deviation to each side of the mean, as far as there can be values.
  private static func bar(_ statistic: Statistic) -> ClosedRange<Double> {
    let (mean, spread) = (statistic.mean * 100, (statistic.deviation ?? 0) * 100)
    return (mean - spread...mean + spread).clamped(to: 0...100)
  }

  private var description: String {
    let values = summary.rows.map { "\($0.title) \($0.percentage(metric))" }
    return "\(metric.title) in percent: \(values.joined(separator: ", "))"
  }

  private func marks(_ row: Summary.Row, place index: Int) -> [Markup] {
    let classes = ReportSeries(row).classes
    let y = Self.top + Self.rowHeight * (Double(index) + 0.5)
    let statistic = row.statistic(metric)
    let mean = statistic.mean * 100
    var parts = [Markup.label("name", left - 14, y + 4, anchor: "end", row.title)]
    if statistic.deviation != nil {
      let bar = Self.bar(statistic)
      parts.append(.line("deviation \(classes)", axis.place(bar.lowerBound), y, axis.place(bar.upperBound), y))
      for run in row.runs {
        parts.append(.circle("seed \(classes)", axis.place(metric.value(in: run.metrics) * 100), y, radius: 2.2))
      }
    }
    let title = "\(row.title): \(row.percentage(metric)) %"
    let best = summary.isBest(row, in: metric) ? " best" : ""
    return parts + [
      .circle(classes, axis.place(mean), y, radius: 5.5, title: title),
      .label("value\(best)", Self.width - 4, y + 4, anchor: "end", fixed(mean, 2)),
    ]
  }
}
