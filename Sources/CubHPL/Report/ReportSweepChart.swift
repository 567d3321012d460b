/// A number of each method over the values of a sweep: a line a method, with the 95 % interval at each value.
///
/// The scale holds the means and the seeds; an interval that reaches further ends in an arrow at the edge.
struct ReportSweepChart {
  /// What a method has at a value.
  private struct Point {
    let swept: Results.Swept
    let mean: Double
    let bounds: ClosedRange<Double>?
    let seeds: [UInt64: Double]
    let text: String
  }

  private struct Line {
    let title: String
    let color: String
    /// The colour, and where a method has no hierarchy what tells it from the one of the same loss.
    let style: String
    let points: [Point]
  }

  /// What is drawn, and in what unit.
  private let (subject, unit): (String, String)
  /// What is swept.
  private let parameter: String
  private let lines: [Line]
  /// From the bottom to the top.
  private let axis: ChartAxis
  /// Those of all lines: while a sweep goes on, a method may not have all of them.
  private let values: [Results.Swept]
  /// The lines of the legend: which methods stand in each.
  private let legend: [[Int]]

  private static let width = 420.0
  private static let left = 48.0
  private static let right = 12.0
  private static let plotHeight = 220.0
  private static let legendRow = 22.0

  /// MAP@R in percent.
  init(curves: [SweepCurve]) {
    self.init("MAP@R in percent", unit: "%", curves) { point in
      let bounds = point.row.bounds(.mapAtR).map { $0.lowerBound * 100...$0.upperBound * 100 }
      return Point(
        swept: point.swept, mean: point.row.statistic(.mapAtR).mean * 100, bounds: bounds,
        seeds: Dictionary(
          point.row.runs.map { ($0.seed, $0.metrics.mapAtR * 100) }, uniquingKeysWith: { first, _ in first }),
        text: point.row.percentage(.mapAtR))
    }
  }

  /// What the hierarchy changes over the same loss on the classes alone, in points of MAP@R; nil where there is no such pair, or where
  /// the points are not of different data.
  init?(changesOf curves: [SweepCurve]) {
    guard curves.first?.isOfData == true else { return nil }
    self.init("What the hierarchy changes, points of MAP@R", unit: "points", curves, holding: [0]) { point in
      let changes = point.changes(among: curves)
      guard !changes.isEmpty else { return nil }
      let change = Statistic(changes.map(\.points))
      return Point(
        swept: point.swept, mean: change.mean, bounds: change.bounds(within: -100...100),
        seeds: Dictionary(changes.map { ($0.seed, $0.points) }, uniquingKeysWith: { first, _ in first }),
        text: SweepCurve.Point.texts(change).joined(separator: ", "))
    }
    if lines.isEmpty { return nil }
  }

  private init(
    _ subject: String, unit: String, _ curves: [SweepCurve], holding numbers: [Double] = [],
    _ point: (SweepCurve.Point) -> Point?
  ) {
    (self.subject, self.unit) = (subject, unit)
    parameter = Self.axisTitle(curves.first?.parameter ?? "")
    let series = ReportSeries.distinct(curves.map { $0.points[0].row })
    let lines = zip(curves, series).map { curve, series in
      Line(
        title: curve.title, color: series.color, style: series.isHierarchical ? series.color : series.classes,
        points: curve.points.compactMap(point))
    }.filter { !$0.points.isEmpty }
    self.lines = lines
    values = lines.flatMap(\.points).map(\.swept).reduce(into: [Results.Swept]()) { values, swept in
      if !values.contains(swept) { values.append(swept) }
    }.sorted { $0.value < $1.value }
    legend = Self.legend(lines.map(\.title))
    let top = 10 + Self.legendRow * Double(legend.count)
    let shown = numbers + lines.flatMap(\.points).flatMap { [$0.mean] + Array($0.seeds.values) }
    axis = ChartAxis(scale: .linear(shown, count: 5), start: top + Self.plotHeight, end: top)
  }

  var drawing: Drawing {
    let height = axis.start + 46
    let middle = (Self.left + Self.width - Self.right) / 2
    let numbers = values.enumerated().map { index, value in
      Markup.label("tick", horizontal(index), axis.start + 18, anchor: "middle", value.text)
    }
    return Drawing(
      width: Self.width, height: height, description: description,
      parts: names + axis.rows(from: Self.left, to: Self.width - Self.right) + numbers
        + [.label("tick", middle, height - 6, anchor: "middle", parameter)] + lines.indices.flatMap(marks))
  }

  static func axisTitle(_ parameter: String) -> String {
    Sweep.Parameter(rawValue: parameter)?.title ?? parameter
  }

  private var description: String {
    let texts = lines.map { line in
      "\(line.title) \(line.points.map { "\($0.swept.text): \($0.text)" }.joined(separator: ", "))"
    }
    return "\(subject) by \(parameter): \(texts.joined(separator: "; "))"
  }

  /// The methods' names above the chart.
  private var names: [Markup] {
    legend.enumerated().flatMap { row, entries in
      var x = Self.left
      let y = 12 + Self.legendRow * Double(row)
      return entries.flatMap { index in
        let line = lines[index]
        defer { x += Self.room(line.title) }
        return [
          Markup.line(line.style, x, y, x + 18, y), .circle(line.style, x + 9, y, radius: 4),
          .label(nil, x + 24, y + 4, line.title),
        ]
      }
    }
  }

  private static func room(_ title: String) -> Double { 40 + 8 * Double(title.count) }

  private static func legend(_ titles: [String]) -> [[Int]] {
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
    let line = lines[index]
    // Beside one another, so that none hides another.
    let shift = (Double(index) - Double(lines.count - 1) / 2) * min(7, 24 / Double(lines.count))
    func place(_ swept: Results.Swept, _ value: Double) -> SIMD2<Double> {
      SIMD2(horizontal(values.firstIndex(of: swept)!) + shift, axis.place(value))
    }
    let seeds = seeds(of: line).map { Markup.path("curve seed \(line.color)", polyline($0.map(place))) }
    let means = line.points.map { place($0.swept, $0.mean) }
    let points = zip(line.points, means).flatMap { point, mean -> [Markup] in
      [
        point.bounds.map { bar($0, x: mean.x, line.color) } ?? .nothing,
        .circle(
          line.style, mean.x, mean.y, radius: 4, title: "\(line.title) at \(point.swept.text): \(point.text) \(unit)"),
      ]
    }
    return seeds + [.path("curve \(line.style)", polyline(means))] + points
  }

  /// An interval, as far as the scale goes.
  private func bar(_ bounds: ClosedRange<Double>, x: Double, _ color: String) -> Markup {
    let (low, high) = (bounds.lowerBound, bounds.upperBound)
    let (y1, y2) = (axis.place(max(low, axis.scale.lower)), axis.place(min(high, axis.scale.upper)))
    var path = "M\(fixed(x, 1)) \(fixed(y1, 1))V\(fixed(y2, 1))"
    if low < axis.scale.lower { path += "M\(fixed(x - 4, 1)) \(fixed(y1 - 5, 1))l4 5l4 -5" }
    if high > axis.scale.upper { path += "M\(fixed(x - 4, 1)) \(fixed(y2 + 5, 1))l4 -5l4 5" }
    return Markup.path("curve \(color)", path).adding(["opacity": "0.5"])
  }

  /// A line for each seed, where there are several: seeds differ more than values do.
  private func seeds(of line: Line) -> [[(Results.Swept, Double)]] {
    let seeds = Set(line.points.flatMap(\.seeds.keys))
    guard seeds.count > 1 else { return [] }
    return seeds.sorted().map { seed in
      line.points.compactMap { point in point.seeds[seed].map { (point.swept, $0) } }
    }
  }

  private func horizontal(_ index: Int) -> Double {
    let room = Self.width - Self.left - Self.right
    return Self.left + room * (Double(index) + 0.5) / Double(max(1, values.count))
  }
}
