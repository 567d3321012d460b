/// One metric of all methods as dots on a common scale, with the deviation as a bar and each seed as a small dot.
struct ReportDotChart {
  private let metric: Metric
  private let summary: Summary
  private let axis: ReportAxis
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
    axis = Self.axis(metric, summary)
    left = max(96, 22 + 8 * Double(summary.rows.map(\.title.count).max() ?? 0))
  }

  var svg: String {
    let rows = summary.rows
    let bottom = Self.top + Self.rowHeight * Double(rows.count)
    let height = bottom + 26
    var parts = [
      """
      <svg viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(height, 0))" role="img" \
      aria-label="\(escaped(description))">
      """
    ]
    for tick in axis.ticks {
      let x = fixed(place(tick), 1)
      parts.append("<line class=\"grid\" x1=\"\(x)\" y1=\"\(Self.top)\" x2=\"\(x)\" y2=\"\(fixed(bottom, 1))\"/>")
      parts.append(
        "<text class=\"tick\" x=\"\(x)\" y=\"\(fixed(bottom + 18, 1))\" text-anchor=\"middle\">\(axis.label(tick))</text>"
      )
    }
    for (place, row) in rows.enumerated() { parts += marks(row, place: place) }
    return (parts + ["</svg>"]).joined(separator: "\n")
  }

  private static func axis(_ metric: Metric, _ summary: Summary) -> ReportAxis {
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

  private func place(_ percent: Double) -> Double {
    left + axis.position(percent) * (Self.width - left - Self.right)
  }

  private func marks(_ row: Summary.Row, place index: Int) -> [String] {
    let classes = ReportSeries(row).classes
    let y = Self.top + Self.rowHeight * (Double(index) + 0.5)
    let statistic = row.statistic(metric)
    let mean = statistic.mean * 100
    var parts = [
      "<text class=\"name\" x=\"\(fixed(left - 14, 1))\" y=\"\(fixed(y + 4, 1))\" text-anchor=\"end\">"
        + "\(escaped(row.title))</text>"
    ]
    if statistic.deviation != nil {
      let bar = Self.bar(statistic)
      let (from, to) = (fixed(place(bar.lowerBound), 1), fixed(place(bar.upperBound), 1))
      parts.append(
        "<line class=\"deviation \(classes)\" x1=\"\(from)\" y1=\"\(fixed(y, 1))\" x2=\"\(to)\" y2=\"\(fixed(y, 1))\"/>"
      )
      for run in row.runs {
        let x = fixed(place(metric.value(in: run.metrics) * 100), 1)
        parts.append("<circle class=\"seed \(classes)\" cx=\"\(x)\" cy=\"\(fixed(y, 1))\" r=\"2.2\"/>")
      }
    }
    parts.append(
      "<circle class=\"\(classes)\" cx=\"\(fixed(place(mean), 1))\" cy=\"\(fixed(y, 1))\" r=\"5.5\">"
        + "<title>\(escaped(row.title)): \(row.percentage(metric)) %</title></circle>")
    let best = summary.isBest(row, in: metric) ? " best" : ""
    parts.append(
      "<text class=\"value\(best)\" x=\"\(fixed(Self.width - 4, 1))\" y=\"\(fixed(y + 4, 1))\" text-anchor=\"end\">"
        + "\(fixed(mean, 2))</text>")
    return parts
  }
}
