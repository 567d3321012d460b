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
  private let values: ReportAxis
  private let epochs: ReportAxis
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
    values = lower > 0 && upper / lower > 20 ? .logarithmic([lower, upper]) : .linear([lower, upper], count: 4)
    epochs = Self.epochs(to: points.map(\.epoch).max() ?? 2)
    right = max(92, 36 + 8 * Double(curves.map(\.title.count).max() ?? 0))
  }

  private static func epochs(to last: Int) -> ReportAxis {
    let last = Double(max(2, last))
    let rough = ReportAxis.linear([1, last], count: 5).ticks
    let inside = rough.filter { $0 > 1 && $0 < last * 0.92 && $0 == $0.rounded() }
    return ReportAxis(lower: 1, upper: last, ticks: [1] + inside + [last], isLogarithmic: false)
  }

  var svg: String {
    let head = """
      <svg viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))" role="img" \
      aria-label="\(escaped(description))">
      """
    return ([head] + grid + curves.flatMap(drawing) + labels + ["</svg>"]).joined(separator: "\n")
  }

  private var description: String {
    let ends = curves.map { curve -> String in
      guard let first = curve.mean.first, let last = curve.mean.last else { return curve.title }
      return "\(curve.title) from \(fixed(first.value, 2)) to \(fixed(last.value, 2))"
    }
    return "\(subject) by epoch: \(ends.joined(separator: ", "))"
  }

  private var grid: [String] {
    let edge = fixed(Self.width - right, 1)
    var parts: [String] = []
    for tick in values.ticks {
      let y = vertical(tick)
      parts.append(
        "<line class=\"grid\" x1=\"\(Self.left)\" y1=\"\(fixed(y, 1))\" x2=\"\(edge)\" y2=\"\(fixed(y, 1))\"/>")
      parts.append(
        "<text class=\"tick\" x=\"\(fixed(Self.left - 8, 1))\" y=\"\(fixed(y + 4, 1))\" text-anchor=\"end\">"
          + "\(values.label(tick))</text>")
    }
    for tick in epochs.ticks {
      parts.append(
        "<text class=\"tick\" x=\"\(fixed(horizontal(tick), 1))\" y=\"\(fixed(Self.bottom + 18, 1))\" "
          + "text-anchor=\"middle\">\(epochs.label(tick))</text>")
    }
    let scale = values.isLogarithmic ? "epoch (logarithmic scale)" : "epoch"
    let middle = (Self.left + Self.width - right) / 2
    parts.append(
      "<text class=\"tick\" x=\"\(fixed(middle, 1))\" y=\"\(fixed(Self.height - 4, 1))\" text-anchor=\"middle\">"
        + "\(scale)</text>")
    return parts
  }

  private func drawing(_ curve: Curve) -> [String] {
    var parts: [String] = []
    if curve.seeds.count > 1 {
      parts = curve.seeds.map { "<path class=\"curve seed \(curve.classes)\" d=\"\(path($0))\"/>" }
    }
    parts.append(
      "<path class=\"curve \(curve.classes)\" d=\"\(path(curve.mean))\"><title>\(escaped(curve.title))</title></path>")
    if let last = curve.mean.last {
      let (x, y) = (fixed(horizontal(Double(last.epoch)), 1), fixed(vertical(last.value), 1))
      parts.append("<circle class=\"\(curve.classes)\" cx=\"\(x)\" cy=\"\(y)\" r=\"3.5\"/>")
    }
    return parts
  }

  /// The names at the ends of the curves, pushed apart where they would touch.
  private var labels: [String] {
    let ends = curves.compactMap { curve in curve.mean.last.map { (curve: curve, y: vertical($0.value)) } }
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
    let x = Self.width - right + 8
    return zip(ends, places).map { end, y in
      "<path class=\"curve \(end.curve.classes)\" d=\"M\(fixed(x, 1)) \(fixed(y, 1))h14\"/>"
        + "<text class=\"name\" x=\"\(fixed(x + 19, 1))\" y=\"\(fixed(y + 4, 1))\">\(escaped(end.curve.title))</text>"
    }
  }

  private func horizontal(_ epoch: Double) -> Double {
    Self.left + epochs.position(epoch) * (Self.width - Self.left - right)
  }

  private func vertical(_ value: Double) -> Double {
    Self.bottom - values.position(value) * (Self.bottom - Self.top)
  }

  private func path(_ points: [Point]) -> String {
    let places = Self.thinned(points.map { SIMD2(horizontal(Double($0.epoch)), vertical($0.value)) })
      .map { "\(fixed($0.x, 1)) \(fixed($0.y, 1))" }
    return places.isEmpty ? "" : "M" + places.joined(separator: "L")
  }

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
