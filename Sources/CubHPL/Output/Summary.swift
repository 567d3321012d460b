/// A row of a table: what was measured once for each seed.
protocol MeasuredRow {
  var title: String { get }
  /// At least one.
  var metrics: [Metrics] { get }
}

extension MeasuredRow {
  func statistic(_ metric: Metric) -> Statistic { Statistic(metrics.map { metric.value(in: $0) }) }

  /// A percentage with two decimals, with the deviation when there are several seeds; a dash where nothing was measured.
  func percentage(_ metric: Metric) -> String { statistic(metric).text(scale: 100, decimals: 2) }

  /// The 95 % interval of the mean as shares, cut off at 0 and 1, beyond which no measure can be; nil for one seed.
  func bounds(_ metric: Metric) -> ClosedRange<Double>? { statistic(metric).bounds(within: 0...1) }

  /// The same in percent, as `23.10…24.20`.
  func interval(_ metric: Metric) -> String? {
    bounds(metric).map { "\(fixed($0.lowerBound * 100, 2))…\(fixed($0.upperBound * 100, 2))" }
  }
}

/// The runs gathered by method, over the seeds: what the table and the report show.
struct Summary: Equatable, Sendable {
  /// One method.
  struct Row: MeasuredRow, Equatable, Sendable {
    let method: String
    let title: String
    /// The method with the same loss on the classes alone; itself where there are no levels.
    let flatMethod: String
    let runs: [Results.Run]

    var metrics: [Metrics] { runs.map(\.metrics) }
    var isHierarchical: Bool { method != flatMethod }

    var seconds: Statistic { Statistic(runs.map(\.seconds)) }
    var imagesPerSecond: Statistic { Statistic(runs.map(\.imagesPerSecond)) }
  }

  /// What the methods must be compared with, and which is none of them.
  struct Baseline: MeasuredRow, Equatable, Sendable {
    let method: String
    let title: String
    let metrics: [Metrics]
  }

  /// In the order in which the methods first ran.
  let rows: [Row]
  /// Chance and the untrained network, as far as they were measured.
  let baselines: [Baseline]

  init(_ results: Results) { self.init(results.runs, baselines: results.baselines) }

  init(_ runs: [Results.Run], baselines: [Results.Baseline] = []) {
    var methods: [String] = []
    for run in runs where !methods.contains(run.method) { methods.append(run.method) }
    rows = methods.map { method in
      let own = runs.filter { $0.method == method }
      return Row(method: method, title: own[0].title, flatMethod: own[0].flatMethod, runs: own)
    }
    var kinds: [String] = []
    for baseline in baselines where !kinds.contains(baseline.method) { kinds.append(baseline.method) }
    self.baselines = kinds.map { kind in
      let own = baselines.filter { $0.method == kind }
      return Baseline(method: kind, title: own[0].title, metrics: own.map(\.metrics))
    }
  }

  /// The metrics that were measured.
  var metrics: [Metric] { rows.first?.runs.first?.metrics.columns ?? [] }

  /// The metrics by the taxonomy of the test classes.
  var hierarchicalMetrics: [Metric] { rows.first?.runs.first?.metrics.hierarchicalColumns ?? [] }

  var hasSeveralSeeds: Bool { rows.contains { $0.runs.count > 1 } }

  /// Whether the row has the highest mean as printed; equals share the mark, and a lone method has none.
  func isBest(_ row: Row, in metric: Metric) -> Bool {
    guard rows.count > 1 else { return false }
    func printed(_ row: Row) -> Double { (row.statistic(metric).mean * 10_000).rounded() }
    return rows.allSatisfy { printed($0) <= printed(row) }
  }
}
