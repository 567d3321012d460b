/// The runs gathered by method, over the seeds: what the table and the report show.
struct Summary: Equatable, Sendable {
  /// One method.
  struct Row: Equatable, Sendable {
    let method: String
    let title: String
    /// The method with the same loss on the classes alone; itself where there are no levels.
    let flatMethod: String
    let runs: [Results.Run]

    var isHierarchical: Bool { method != flatMethod }

    var seconds: Statistic { Statistic(runs.map(\.seconds)) }
    var imagesPerSecond: Statistic { Statistic(runs.map(\.imagesPerSecond)) }

    func statistic(_ metric: Metric) -> Statistic { Statistic(runs.map { metric.value(in: $0.metrics) }) }

    /// A percentage with two decimals, with the deviation when there are several seeds.
    func percentage(_ metric: Metric) -> String { statistic(metric).text(scale: 100, decimals: 2) }
  }

  /// In the order in which the methods first ran.
  let rows: [Row]

  init(_ runs: [Results.Run]) {
    var methods: [String] = []
    for run in runs where !methods.contains(run.method) { methods.append(run.method) }
    rows = methods.map { method in
      let own = runs.filter { $0.method == method }
      return Row(method: method, title: own[0].title, flatMethod: own[0].flatMethod, runs: own)
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
