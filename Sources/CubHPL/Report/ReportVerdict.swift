/// A number that sums up the runs, stated without judging more than it allows.
struct ReportVerdict: Equatable {
  let title: String
  let number: String
  let explanation: String

  /// The best MAP@R, then the change by the hierarchy for each pair of methods that ran with and without it.
  static func all(_ summary: Summary) -> [ReportVerdict] {
    let changes = summary.rows.compactMap { row -> ReportVerdict? in
      guard row.isHierarchical else { return nil }
      return summary.rows.first { $0.method == row.flatMethod }.flatMap { ReportVerdict(row, against: $0) }
    }
    return [best(summary)].compactMap { $0 } + changes
  }

  private init(title: String, number: String, explanation: String) {
    self.title = title
    self.number = number
    self.explanation = explanation
  }

  private static func best(_ summary: Summary) -> ReportVerdict? {
    func mean(_ row: Summary.Row) -> Double { row.statistic(.mapAtR).mean }
    guard let row = summary.rows.max(by: { mean($0) < mean($1) }) else { return nil }
    let title = summary.rows.count > 1 ? "Best MAP@R: \(row.title)" : "MAP@R: \(row.title)"
    let explanation = "percent; R@1 \(row.percentage(.recallAt1)) percent"
    return ReportVerdict(title: title, number: row.percentage(.mapAtR), explanation: explanation)
  }

  /// The value of a sweep with the best mean MAP@R.
  init?(_ curve: SweepCurve) {
    guard let best = curve.best else { return nil }
    title = "\(curve.title): best at \(best.swept.parameter) \(best.swept.text)"
    number = best.row.percentage(.mapAtR)
    let means = curve.points.map { $0.row.statistic(.mapAtR).mean * 100 }
    explanation =
      "percent MAP@R; " + (best.row.interval(.mapAtR).map { "95 % interval \($0)" } ?? "from one seed only")
      + "; the means of all values lie within \(fixed(means.max()! - means.min()!, 2)) points"
  }

  /// The change of MAP@R in percentage points, seed by seed.
  private init?(_ row: Summary.Row, against flat: Summary.Row) {
    let values = Dictionary(flat.runs.map { ($0.seed, $0.metrics.mapAtR) }, uniquingKeysWith: { first, _ in first })
    let changes = row.runs.compactMap { run in values[run.seed].map { (run.metrics.mapAtR - $0) * 100 } }
    guard !changes.isEmpty else { return nil }
    let change = Statistic(changes)
    title = "\(row.title) against \(flat.title)"
    let sign = change.mean < 0 ? "−" : "+"
    let deviation = change.deviation.map { " ± \(fixed($0, 2))" } ?? ""
    number = "\(sign)\(fixed(abs(change.mean), 2))\(deviation)"
    let higher = changes.filter { $0 > 0 }.count
    guard let spread = change.interval, let bounds = change.bounds(within: -100...100) else {
      explanation = "points of MAP@R; from one seed only"
      return
    }
    let interval = "\(fixed(bounds.lowerBound, 2))…\(fixed(bounds.upperBound, 2))".replacing("-", with: "−")
    let judgement = abs(change.mean) <= spread ? "no clear difference: " : ""
    explanation =
      "points of MAP@R; \(judgement)95 % interval \(interval), higher in \(higher) of \(changes.count) seeds"
  }
}
