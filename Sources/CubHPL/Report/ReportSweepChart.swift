/// MAP@R over the values of a sweep: a line a method, with the 95 % interval at each value.
///
/// The scale holds the means and the seeds; an interval that reaches further ends in an arrow at the edge.
struct ReportSweepChart {
  private let curves: [SweepCurve]
  private let colors: [String]
  private let axis: ReportAxis
  /// The lines of the legend: which curves stand in each.
  private let legend: [[Int]]
  private let top: Double

  private static let width = 420.0
  private static let left = 48.0
  private static let right = 12.0
  private static let plotHeight = 220.0
  private static let legendRow = 22.0

  init(curves: [SweepCurve]) {
    self.curves = curves
    colors = ReportSeries.distinct(curves.map { $0.points[0].row }).map(\.color)
    axis = .linear(
      curves.flatMap(\.points).flatMap { point in
        ([point.row.statistic(.mapAtR).mean] + point.row.runs.map(\.metrics.mapAtR)).map { $0 * 100 }
      }, count: 5)
    legend = Self.lines(curves.map(\.title))
    top = 10 + Self.legendRow * Double(legend.count)
  }

  /// The chart for the report, whose style sheet it needs.
  var svg: String {
    let height = bottom + 46
    let head = """
      <svg viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(height, 0))" role="img" aria-label="\(escaped(description))">
      """
    let title =
      "<text class=\"tick\" x=\"\(fixed((Self.left + Self.width - Self.right) / 2, 1))\" y=\"\(fixed(height - 6, 1))\" "
      + "text-anchor=\"middle\">\(escaped(Self.axisTitle(curves.first?.parameter ?? "")))</text>"
    return ([head] + names + grid + [title] + curves.indices.flatMap(marks) + ["</svg>"]).joined(separator: "\n")
  }

  static func axisTitle(_ parameter: String) -> String {
    parameter == Sweep.Parameter.weight.rawValue ? "weight of the coarse level" : "coarse proxies"
  }

  private var bottom: Double { top + Self.plotHeight }

  private var values: [Results.Swept] { curves.first?.points.map(\.swept) ?? [] }

  private var description: String {
    let texts = curves.map { curve in
      let points = curve.points.map { "\($0.swept.text): \($0.row.percentage(.mapAtR))" }
      return "\(curve.title) \(points.joined(separator: ", "))"
    }
    return "MAP@R in percent by \(Self.axisTitle(curves.first?.parameter ?? "")): \(texts.joined(separator: "; "))"
  }

  private var grid: [String] {
    axis.ticks.flatMap { tick in
      let y = vertical(tick)
      return [
        "<line class=\"grid\" x1=\"\(Self.left)\" y1=\"\(fixed(y, 1))\" x2=\"\(Self.width - Self.right)\" y2=\"\(fixed(y, 1))\"/>",
        "<text class=\"tick\" x=\"\(Self.left - 8)\" y=\"\(fixed(y + 4, 1))\" text-anchor=\"end\">\(axis.label(tick))</text>",
      ]
    }
      + values.enumerated().map { index, value in
        "<text class=\"tick\" x=\"\(fixed(horizontal(index), 1))\" y=\"\(fixed(bottom + 18, 1))\" text-anchor=\"middle\">"
          + "\(value.text)</text>"
      }
  }

  /// The methods' names above the chart.
  private var names: [String] {
    legend.enumerated().flatMap { line, entries in
      var x = Self.left
      return entries.map { index in
        let y = 12 + Self.legendRow * Double(line)
        defer { x += Self.room(curves[index].title) }
        return
          "<line class=\"\(colors[index])\" x1=\"\(fixed(x, 1))\" y1=\"\(y)\" x2=\"\(fixed(x + 18, 1))\" y2=\"\(y)\"/>"
          + "<circle class=\"\(colors[index])\" cx=\"\(fixed(x + 9, 1))\" cy=\"\(y)\" r=\"4\"/>"
          + "<text x=\"\(fixed(x + 24, 1))\" y=\"\(y + 4)\">\(escaped(curves[index].title))</text>"
      }
    }
  }

  private static func room(_ title: String) -> Double { 40 + 8 * Double(title.count) }

  private static func lines(_ titles: [String]) -> [[Int]] {
    var (lines, x): ([[Int]], Double) = ([], .infinity)
    for (index, title) in titles.enumerated() {
      if x + room(title) > width - right {
        lines.append([])
        x = left
      }
      lines[lines.count - 1].append(index)
      x += room(title)
    }
    return lines
  }

  private func marks(_ index: Int) -> [String] {
    let (curve, color) = (curves[index], colors[index])
    // Beside one another, so that none hides another.
    let shift = (Double(index) - Double(curves.count - 1) / 2) * min(7, 24 / Double(curves.count))
    func line(_ points: [(Int, Double)]) -> String {
      points.map { "\(fixed(horizontal($0.0) + shift, 1)) \(fixed(vertical($0.1 * 100), 1))" }.joined(separator: "L")
    }
    var parts = seeds(of: curve).map { "<path class=\"curve seed \(color)\" d=\"M\(line($0))\"/>" }
    let means = curve.points.enumerated().map { ($0, $1.row.statistic(.mapAtR).mean) }
    parts.append("<path class=\"curve \(color)\" d=\"M\(line(means))\"/>")
    for (place, point) in curve.points.enumerated() {
      let x = horizontal(place) + shift
      if let bounds = point.row.bounds(.mapAtR) { parts.append(bar(bounds, x: x, color)) }
      parts.append(
        "<circle class=\"\(color)\" cx=\"\(fixed(x, 1))\" cy=\"\(fixed(vertical(means[place].1 * 100), 1))\" r=\"4\"><title>"
          + "\(escaped(curve.title)) at \(point.swept.text): \(point.row.percentage(.mapAtR)) %</title></circle>")
    }
    return parts
  }

  /// An interval, as far as the scale goes.
  private func bar(_ bounds: ClosedRange<Double>, x: Double, _ color: String) -> String {
    let (low, high) = (bounds.lowerBound * 100, bounds.upperBound * 100)
    let (y1, y2) = (vertical(max(low, axis.lower)), vertical(min(high, axis.upper)))
    var path = "M\(fixed(x, 1)) \(fixed(y1, 1))V\(fixed(y2, 1))"
    if low < axis.lower { path += "M\(fixed(x - 4, 1)) \(fixed(y1 - 5, 1))l4 5l4 -5" }
    if high > axis.upper { path += "M\(fixed(x - 4, 1)) \(fixed(y2 + 5, 1))l4 -5l4 5" }
    return "<path class=\"curve \(color)\" d=\"\(path)\" opacity=\"0.5\"/>"
  }

  /// A line for each seed, where there are several: seeds differ more than values do.
  private func seeds(of curve: SweepCurve) -> [[(Int, Double)]] {
    let seeds = curve.points[0].row.runs.map(\.seed)
    guard seeds.count > 1 else { return [] }
    return seeds.map { seed in
      curve.points.enumerated().compactMap { place, point in
        point.row.runs.first { $0.seed == seed }.map { (place, $0.metrics.mapAtR) }
      }
    }
  }

  private func horizontal(_ index: Int) -> Double {
    let room = Self.width - Self.left - Self.right
    return Self.left + room * (Double(index) + 0.5) / Double(max(1, values.count))
  }

  private func vertical(_ percent: Double) -> Double { bottom - axis.position(percent) * Self.plotHeight }
}
