/// MAP@R over the values of a sweep: a line a method, with the 95 % interval at each value.
struct ReportSweepChart {
  let curves: [SweepCurve]

  private static let width = 520.0
  private static let height = 300.0
  private static let left = 48.0
  private static let top = 12.0
  private static let bottom = 250.0
  private var right: Double { 24 + 7 * Double(curves.map(\.title.count).max() ?? 0) }

  /// The chart for the report, whose style sheet it needs.
  var svg: String { drawing() }

  private var values: [Results.Swept] { curves.first?.points.map(\.swept) ?? [] }

  private var axis: ReportAxis {
    let ends = curves.flatMap(\.points).flatMap { point -> [Double] in
      let statistic = point.row.statistic(.mapAtR)
      let spread = statistic.interval ?? 0
      let seeds = point.row.runs.map { $0.metrics.mapAtR * 100 }
      return seeds + [(statistic.mean - spread) * 100, (statistic.mean + spread) * 100]
    }
    return .linear(ends, count: 5)
  }

  private func drawing() -> String {
    let edge = fixed(Self.width - right, 1)
    var parts = [
      """
      <svg viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))" role="img" \
      aria-label="\(escaped(description))">
      """
    ]
    for tick in axis.ticks {
      let y = vertical(tick)
      parts.append(
        "<line class=\"grid\" x1=\"\(Self.left)\" y1=\"\(fixed(y, 1))\" x2=\"\(edge)\" y2=\"\(fixed(y, 1))\"/>")
      parts.append(
        "<text class=\"tick\" x=\"\(Self.left - 8)\" y=\"\(fixed(y + 4, 1))\" text-anchor=\"end\">\(axis.label(tick))</text>"
      )
    }
    for (index, value) in values.enumerated() {
      parts.append(
        "<text class=\"tick\" x=\"\(fixed(horizontal(index), 1))\" y=\"\(Self.bottom + 18)\" text-anchor=\"middle\">"
          + "\(value.text)</text>")
    }
    let middle = (Self.left + Self.width - right) / 2
    parts.append(
      "<text class=\"tick\" x=\"\(fixed(middle, 1))\" y=\"\(Self.height - 8)\" text-anchor=\"middle\">"
        + "\(escaped(Self.axisTitle(curves.first?.parameter ?? "")))</text>")
    for curve in curves { parts += marks(curve) }
    return (parts + labels + ["</svg>"]).joined(separator: "\n")
  }

  static func axisTitle(_ parameter: String) -> String {
    parameter == Sweep.Parameter.weight.rawValue ? "weight of the coarse level" : "coarse proxies"
  }

  private var description: String {
    let texts = curves.map { curve in
      let points = curve.points.map { "\($0.swept.text): \($0.row.percentage(.mapAtR))" }
      return "\(curve.title) \(points.joined(separator: ", "))"
    }
    return "MAP@R in percent by \(Self.axisTitle(curves.first?.parameter ?? "")): \(texts.joined(separator: "; "))"
  }

  private func marks(_ curve: SweepCurve) -> [String] {
    let color = ReportSeries(curve.points[0].row).color
    let places = curve.points.enumerated().map { place, point in
      (x: horizontal(place), y: vertical(point.row.statistic(.mapAtR).mean * 100), point: point)
    }
    let path = places.map { "\(fixed($0.x, 1)) \(fixed($0.y, 1))" }.joined(separator: "L")
    var parts = seeds(of: curve).map { "<path class=\"curve seed \(color)\" d=\"M\($0)\"/>" }
    parts.append("<path class=\"curve \(color)\" d=\"M\(path)\"/>")
    for place in places {
      let statistic = place.point.row.statistic(.mapAtR)
      if let interval = statistic.interval {
        let (low, high) = (vertical((statistic.mean - interval) * 100), vertical((statistic.mean + interval) * 100))
        parts.append(
          "<line class=\"\(color)\" x1=\"\(fixed(place.x, 1))\" y1=\"\(fixed(low, 1))\" x2=\"\(fixed(place.x, 1))\" "
            + "y2=\"\(fixed(high, 1))\" opacity=\"0.5\"/>")
      }
      parts.append(
        "<circle class=\"\(color)\" cx=\"\(fixed(place.x, 1))\" cy=\"\(fixed(place.y, 1))\" r=\"4\"><title>"
          + "\(escaped(curve.title)) at \(place.point.swept.text): \(place.point.row.percentage(.mapAtR)) %</title></circle>"
      )
    }
    return parts
  }

  /// A line for each seed, where there are several: seeds differ more than values do.
  private func seeds(of curve: SweepCurve) -> [String] {
    let seeds = curve.points[0].row.runs.map(\.seed)
    guard seeds.count > 1 else { return [] }
    return seeds.map { seed in
      let places = curve.points.enumerated().compactMap { place, point in
        point.row.runs.first { $0.seed == seed }.map {
          "\(fixed(horizontal(place), 1)) \(fixed(vertical($0.metrics.mapAtR * 100), 1))"
        }
      }
      return places.joined(separator: "L")
    }
  }

  /// The names at the ends of the curves, pushed apart where they would touch.
  private var labels: [String] {
    var lowest = -Double.infinity
    let ends = curves.compactMap { curve in
      curve.points.last.map { (curve.title, vertical($0.row.statistic(.mapAtR).mean * 100)) }
    }
    return ends.sorted { $0.1 < $1.1 }.map { title, y in
      lowest = max(y, lowest + 17)
      return "<text x=\"\(fixed(Self.width - right + 10, 1))\" y=\"\(fixed(lowest + 4, 1))\">\(escaped(title))</text>"
    }
  }

  private func horizontal(_ index: Int) -> Double {
    let room = Self.width - Self.left - right
    return Self.left + room * (Double(index) + 0.5) / Double(max(1, values.count))
  }

  private func vertical(_ percent: Double) -> Double {
    Self.bottom - axis.position(percent) * (Self.bottom - Self.top)
  }
}
