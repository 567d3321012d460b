/// What a hierarchy did to one proxy loss, seed by seed, stated without judging more than the numbers allow.
struct ReportVerdict: Equatable {
  let title: String
  /// The change of MAP@R in percentage points.
  let difference: String
  let explanation: String

  /// One verdict for each pair of a hierarchical method and its flat one that ran on the same seeds.
  static func all(_ summary: Summary) -> [ReportVerdict] {
    summary.rows.compactMap { row in
      guard let method = Method(rawValue: row.method), method.isHierarchical else { return nil }
      return summary.rows.first { $0.method == method.flat.rawValue }.flatMap { ReportVerdict(row, against: $0) }
    }
  }

  private init?(_ row: Summary.Row, against flat: Summary.Row) {
    let values = Dictionary(flat.runs.map { ($0.seed, $0.metrics.mapAtR) }, uniquingKeysWith: { first, _ in first })
    let changes = row.runs.compactMap { run in values[run.seed].map { (run.metrics.mapAtR - $0) * 100 } }
    guard !changes.isEmpty else { return nil }
    let change = Statistic(changes)
    title = "\(row.title) against \(flat.title)"
    let sign = change.mean < 0 ? "−" : "+"
    let deviation = change.deviation.map { " ± \(fixed($0, 2))" } ?? ""
    difference = "\(sign)\(fixed(abs(change.mean), 2))\(deviation)"
    let higher = changes.filter { $0 > 0 }.count
    let seeds =
      changes.count > 1
      ? "higher in \(higher) of \(changes.count) seeds" : "one seed, so nothing is known about chance"
    explanation = "points of MAP@R; \(seeds)"
  }
}
