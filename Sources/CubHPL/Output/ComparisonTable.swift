extension Table {
  /// Each method's mean, deviation and 95 % interval over the seeds; a star marks the best of each metric.
  init(comparison summary: Summary) {
    let metrics: [Metric] = [.mapAtR, .recallAt1, .rPrecision]
    let others = summary.metrics.filter { $0 == .nmi }
    header = ["Method"] + metrics.flatMap { [$0.title + " ", "95 %"] } + others.map { $0.title + " " } + ["seconds"]
    func text(_ row: Summary.Row, _ metric: Metric) -> String {
      row.percentage(metric) + (summary.isBest(row, in: metric) ? "*" : " ")
    }
    rows = summary.rows.map { row in
      [row.title]
        + metrics.flatMap { [text(row, $0), row.interval($0) ?? "–"] } + others.map { text(row, $0) } + [
          row.seconds.text(decimals: 1)
        ]
    }
    footer = summary.baselines.map { row in
      [row.title] + metrics.flatMap { [row.percentage($0) + " ", row.interval($0) ?? "–"] }
        + others.map { row.percentage($0) + " " } + ["–"]
    }
  }

  /// The table with how to read it and, where some are known, the published numbers of the data set.
  static func comparison(_ results: Results, width: Int = Help.width) -> String {
    let summary = Summary(results)
    let seeds = summary.rows.first?.runs.count ?? 0
    let reading =
      "percent, on unseen classes; "
      + (seeds > 1
        ? "mean ± sample standard deviation and 95 % interval (Student's t, cut off at 0 and 100) over \(seeds) seeds; * best"
        : "one seed; * best")
    var text = Table(comparison: summary).text(note: reading, width: width)
    let data = results.data
    if let published = PublishedResult.all(data.kind, testClasses: data.classesTest) {
      let heading = "Published for \(published.dataSet), for orientation: other networks and other training"
      text += "\n\n\(wrapped(heading, width: width).joined(separator: "\n"))\n\n\(Table(published.results))"
    }
    return text
  }

  /// MAP@R and R@1 for each value of a sweep; where each value has data of its own, with what the hierarchy changes there.
  static func sweep(_ results: Results, width: Int = Help.width) -> String {
    let curves = SweepCurve.all(results.runs)
    guard let parameter = curves.first?.parameter else { return "" }
    let isOfData = curves[0].isOfData
    let further = isOfData ? ["over flat", "95 %"] : []
    var table = Table(header: ["Method", parameter, "MAP@R ", "95 %", "R@1"] + further)
    for curve in curves {
      for point in curve.points {
        let row = point.row
        table.rows.append(
          [
            curve.title, point.swept.text, row.percentage(.mapAtR) + (point == curve.best ? "*" : " "),
            row.interval(.mapAtR) ?? "–", row.percentage(.recallAt1),
          ] + (isOfData ? point.change(among: curves) : []))
      }
    }
    table.footer = Summary(results).baselines.map { row in
      [row.title, "", row.percentage(.mapAtR) + " ", row.interval(.mapAtR) ?? "–", row.percentage(.recallAt1)]
        + further.map { _ in "" }
    }
    let note =
      isOfData
      ? "percent, on unseen classes; what the hierarchy changes over the same loss on the classes alone, points of MAP@R, seed by seed"
      : "percent, on unseen classes; * best of its method"
    return table.text(note: note, width: width)
  }
}

/// One method of a sweep: its results by the swept value.
struct SweepCurve: Equatable {
  struct Point: Equatable {
    let swept: Results.Swept
    let row: Summary.Row

    /// What the hierarchy changes here over the same loss on the classes alone, in points of MAP@R, seed by seed; empty where there is
    /// no such curve, or no seed in common.
    func changes(among curves: [SweepCurve]) -> [(seed: UInt64, points: Double)] {
      let flat = curves.first { $0.method == row.flatMethod && $0.method != row.method }
      return flat?.points.first { $0.swept == swept }.map { row.changes(over: $0.row) } ?? []
    }

    /// What the hierarchy changes here and the interval of that, as texts; dashes for none.
    func change(among curves: [SweepCurve]) -> [String] {
      let changes = changes(among: curves).map(\.points)
      return changes.isEmpty ? ["–", "–"] : Self.texts(Statistic(changes))
    }

    /// A change and its interval.
    static func texts(_ change: Statistic) -> [String] {
      func points(_ number: Double) -> String { "\(number < 0 ? "−" : "+")\(fixed(abs(number), 2))" }
      let bounds = change.bounds(within: -100...100).map { "\(points($0.lowerBound))…\(points($0.upperBound))" }
      return [points(change.mean), bounds ?? "–"]
    }
  }

  let parameter: String
  let title: String
  let method: String
  /// In the order of the values.
  let points: [Point]

  /// Whether the points are of different data.
  var isOfData: Bool { Sweep.Parameter(rawValue: parameter)?.isOfData == true }

  /// The point with the best mean MAP@R; none where the points are of different data.
  var best: Point? {
    if isOfData { return nil }
    return points.max { $0.row.statistic(.mapAtR).mean < $1.row.statistic(.mapAtR).mean }
  }

  /// The curves of a sweep's runs; none of other runs.
  static func all(_ runs: [Results.Run]) -> [SweepCurve] {
    let runs = runs.filter { $0.swept != nil }
    return Summary(runs).rows.map { method in
      let values = Dictionary(grouping: method.runs, by: { $0.swept!.value }).sorted { $0.key < $1.key }
      return SweepCurve(
        parameter: method.runs[0].swept!.parameter, title: method.title, method: method.method,
        points: values.map { .init(swept: $0.value[0].swept!, row: Summary($0.value).rows[0]) })
    }
  }
}

extension Summary.Row {
  /// The change of MAP@R in percentage points over another method, for each seed that both have.
  func changes(over other: Summary.Row) -> [(seed: UInt64, points: Double)] {
    let values = Dictionary(other.runs.map { ($0.seed, $0.metrics.mapAtR) }, uniquingKeysWith: { first, _ in first })
    return runs.compactMap { run in values[run.seed].map { (run.seed, (run.metrics.mapAtR - $0) * 100) } }
  }
}
