/// MAP@R over the values of a sweep: a line a method, with the 95 % interval at each value.
///
/// The scale holds the means and the seeds; an interval that reaches further ends in an arrow at the edge.
struct ReportSweepChart {
  private let curves: [SweepCurve]
  private let colors: [String]
  /// The colours, and where a method has no hierarchy what tells it from the one of the same loss.
  private let styles: [String]
  /// From the bottom to the top.
  private let axis: ChartAxis
  /// Those of all curves: while a sweep goes on, a curve may not have all of them.
  private let values: [Results.Swept]
  /// The lines of the legend: which curves stand in each.
  private let legend: [[Int]]

  private static let width = 420.0
  private static let left = 48.0
  private static let right = 12.0
  private static let plotHeight = 220.0
  private static let legendRow = 22.0

  init(curves: [SweepCurve]) {
    self.curves = curves
    let series = ReportSeries.distinct(curves.map { $0.points[0].row })
    (colors, styles) = (series.map(\.color), series.map { $0.isHierarchical ? $0.color : $0.classes })
    values = curves.flatMap(\.points).map(\.swept).reduce(into: [Results.Swept]()) { values, swept in
      if !values.contains(swept) { values.append(swept) }
    }.sorted { $0.value < $1.value }
    legend = Self.lines(curves.map(\.title))
    let top = 10 + Self.legendRow * Double(legend.count)
    let percent = curves.flatMap(\.points).flatMap { point in
      ([point.row.statistic(.mapAtR).mean] + point.row.runs.map(\.metrics.mapAtR)).map { $0 * 100 }
    }
    axis = ChartAxis(scale: .linear(percent, count: 5), start: top + Self.plotHeight, end: top)
  }

  var drawing: Drawing {
    let height = axis.start + 46
    let middle = (Self.left + Self.width - Self.right) / 2
    let title = Self.axisTitle(curves.first?.parameter ?? "")
    let numbers = values.enumerated().map { index, value in
      Markup.label("tick", horizontal(index), axis.start + 18, anchor: "middle", value.text)
    }
    return Drawing(
      width: Self.width, height: height, description: description,
      parts: names + axis.rows(from: Self.left, to: Self.width - Self.right) + numbers
        + [.label("tick", middle, height - 6, anchor: "middle", title)] + curves.indices.flatMap(marks))
  }

  static func axisTitle(_ parameter: String) -> String {
    Sweep.Parameter(rawValue: parameter)?.title ?? parameter
  }

  private var description: String {
    let texts = curves.map { curve in
      let points = curve.points.map { "\($0.swept.text): \($0.row.percentage(.mapAtR))" }
      return "\(curve.title) \(points.joined(separator: ", "))"
    }
    return "MAP@R in percent by \(Self.axisTitle(curves.first?.parameter ?? "")): \(texts.joined(separator: "; "))"
  }

  /// The methods' names above the chart.
  private var names: [Markup] {
    legend.enumerated().flatMap { line, entries in
      var x = Self.left
      let y = 12 + Self.legendRow * Double(line)
      return entries.flatMap { index in
        defer { x += Self.room(curves[index].title) }
        return [
          Markup.line(styles[index], x, y, x + 18, y), .circle(styles[index], x + 9, y, radius: 4),
          .label(nil, x + 24, y + 4, curves[index].title),
        ]
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

  private func marks(_ index: Int) -> [Markup] {
    let (curve, color, style) = (curves[index], colors[index], styles[index])
    // Beside one another, so that none hides another.
    let shift = (Double(index) - Double(curves.count - 1) / 2) * min(7, 24 / Double(curves.count))
    func place(_ swept: Results.Swept, _ share: Double) -> SIMD2<Double> {
      SIMD2(horizontal(values.firstIndex(of: swept)!) + shift, axis.place(share * 100))
    }
    let seeds = seeds(of: curve).map { Markup.path("curve seed \(color)", polyline($0.map(place))) }
    let means = curve.points.map { place($0.swept, $0.row.statistic(.mapAtR).mean) }
    let points = zip(curve.points, means).flatMap { point, mean -> [Markup] in
      let title = "\(curve.title) at \(point.swept.text): \(point.row.percentage(.mapAtR)) %"
      return [
        point.row.bounds(.mapAtR).map { bar($0, x: mean.x, color) } ?? .nothing,
        .circle(style, mean.x, mean.y, radius: 4, title: title),
      ]
    }
    return seeds + [.path("curve \(style)", polyline(means))] + points
  }

  /// An interval, as far as the scale goes.
  private func bar(_ bounds: ClosedRange<Double>, x: Double, _ color: String) -> Markup {
    let (low, high) = (bounds.lowerBound * 100, bounds.upperBound * 100)
    let (y1, y2) = (axis.place(max(low, axis.scale.lower)), axis.place(min(high, axis.scale.upper)))
    var path = "M\(fixed(x, 1)) \(fixed(y1, 1))V\(fixed(y2, 1))"
    if low < axis.scale.lower { path += "M\(fixed(x - 4, 1)) \(fixed(y1 - 5, 1))l4 5l4 -5" }
    if high > axis.scale.upper { path += "M\(fixed(x - 4, 1)) \(fixed(y2 + 5, 1))l4 -5l4 5" }
    return Markup.path("curve \(color)", path).adding(["opacity": "0.5"])
  }

  /// A line for each seed, where there are several: seeds differ more than values do.
  private func seeds(of curve: SweepCurve) -> [[(Results.Swept, Double)]] {
    let seeds = Set(curve.points.flatMap(\.row.runs).map(\.seed))
    guard seeds.count > 1 else { return [] }
    return seeds.sorted().map { seed in
      curve.points.compactMap { point in
        point.row.runs.first { $0.seed == seed }.map { (point.swept, $0.metrics.mapAtR) }
      }
    }
  }

  private func horizontal(_ index: Int) -> Double {
    let room = Self.width - Self.left - Self.right
    return Self.left + room * (Double(index) + 0.5) / Double(max(1, values.count))
  }
}
