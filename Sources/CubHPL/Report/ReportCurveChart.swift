/// Curves over the epochs: the mean over the seeds, and each seed as a thin line.
struct ReportCurveChart {
  /// One number of an epoch.
  struct Point: Equatable {
    let epoch: Int
    let value: Double
  }

  /// One method, one level of it, or one value of a sweep.
  struct Curve {
    let title: String
    /// Classes of the style sheet.
    let classes: String
    let seeds: [[Point]]
    /// For the epochs that all seeds have.
    let mean: [Point]

    init(_ title: String, classes: String, _ runs: [Results.Run], _ value: (Results.Epoch) -> Double?) {
      (self.title, self.classes) = (title, classes)
      let seeds = runs.map { run in
        run.epochs.compactMap { point in value(point).map { Point(epoch: point.epoch, value: $0) } }
      }.filter { !$0.isEmpty }
      self.seeds = seeds
      mean = (0..<(seeds.map(\.count).min() ?? 0)).map { index in
        Point(epoch: seeds[0][index].epoch, value: Statistic(seeds.map { $0[index].value }).mean)
      }
    }
  }

  /// What the curves are of.
  let subject: String
  let curves: [Curve]
  private let values: ChartAxis
  private let epochs: ChartAxis
  /// Room for the longest title.
  private let right: Double

  private static let width = 420.0
  private static let height = 250.0
  private static let left = 48.0
  private static let top = 12.0
  private static let bottom = 214.0

  init(_ subject: String, _ curves: [Curve]) {
    (self.subject, self.curves) = (subject, curves)
    let points = curves.flatMap(\.seeds).joined()
    let all = points.map(\.value)
    let (lower, upper) = (all.min() ?? 0, all.max() ?? 1)
    right = max(92, 36 + 8 * Double(curves.map(\.title.count).max() ?? 0))
    values = ChartAxis(
      scale: lower > 0 && upper / lower > 20 ? .logarithmic([lower, upper]) : .linear([lower, upper], count: 4),
      start: Self.bottom, end: Self.top)
    epochs = ChartAxis(
      scale: Self.epochs(to: points.map(\.epoch).max() ?? 2), start: Self.left, end: Self.width - right)
  }

  private static func epochs(to last: Int) -> AxisScale {
    let last = Double(max(2, last))
    let rough = AxisScale.linear([1, last], count: 5).ticks
    let inside = rough.filter { $0 > 1 && $0 < last * 0.92 && $0 == $0.rounded() }
    return AxisScale(lower: 1, upper: last, ticks: [1] + inside + [last], isLogarithmic: false)
  }

  var drawing: Drawing {
    Drawing(
      width: Self.width, height: Self.height, description: description,
      parts: grid + curves.flatMap(marks) + labels)
  }

  private var description: String {
    let ends = curves.map { curve -> String in
      guard let first = curve.mean.first, let last = curve.mean.last else { return curve.title }
      return "\(curve.title) from \(fixed(first.value, 2)) to \(fixed(last.value, 2))"
    }
    return "\(subject) by epoch: \(ends.joined(separator: ", "))"
  }

  private var grid: [Markup] {
    let scale = values.scale.isLogarithmic ? "epoch (logarithmic scale)" : "epoch"
    return values.rows(from: Self.left, to: epochs.end) + epochs.columns(to: Self.bottom)
      + [.label("tick", (Self.left + epochs.end) / 2, Self.height - 4, anchor: "middle", scale)]
  }

  private func marks(_ curve: Curve) -> [Markup] {
    let seeds = curve.seeds.count > 1 ? curve.seeds : []
    return seeds.map { .path("curve seed \(curve.classes)", path($0)) } + [
      .path("curve \(curve.classes)", path(curve.mean), title: curve.title)
    ] + (curve.mean.last.map { [.circle(curve.classes, place($0).x, place($0).y, radius: 3.5)] } ?? [])
  }

  /// The names at the ends of the curves, pushed apart where they would touch.
  private var labels: [Markup] {
    let ends = curves.compactMap { curve in curve.mean.last.map { (curve: curve, y: place($0).y) } }
      .sorted { $0.y < $1.y }
    let lowest = Self.bottom + 2
    let distance = min(17, (lowest - 8) / Double(max(1, ends.count - 1)))
    var places = ends.map(\.y)
    for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1] + distance) }
    var limit = lowest
    for index in places.indices.reversed() {
      places[index] = min(places[index], limit)
      limit = places[index] - distance
    }
    let x = epochs.end + 8
    return zip(ends, places).flatMap { end, y in
      [
        Markup.path("curve \(end.curve.classes)", "M\(fixed(x, 1)) \(fixed(y, 1))h14"),
        .label("name", x + 19, y + 4, end.curve.title),
      ]
    }
  }

  private func place(_ point: Point) -> SIMD2<Double> {
    SIMD2(epochs.place(Double(point.epoch)), values.place(point.value))
  }

  private func path(_ points: [Point]) -> String { polyline(Self.thinned(points.map(place))) }

  /// What is seen of points from left to right: of those over one unit of width the first, the highest, the lowest and the last.
  static func thinned(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    var kept: [SIMD2<Double>] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var (end, lowest, highest) = (start + 1, start, start)
      while end < points.count, points[end].x.rounded(.down) == column {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      for index in Set([start, lowest, highest, end - 1]).sorted() { kept.append(points[index]) }
      start = end
    }
    return kept
  }
}
