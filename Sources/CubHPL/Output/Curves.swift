/// A run's curves as a table for other programs.
enum Curves {
  /// A line an epoch; empty cells for what an epoch has not.
  static func csv(_ curve: [Results.Epoch], _ costs: [EpochCost] = []) -> String {
    let points = curve.indices.map { index in
      curve[index].series + (costs.indices.contains(index) ? costs[index].series : [])
    }
    var names: [String] = []
    for point in points.sorted(by: { $0.count > $1.count }) {
      for (tag, _) in point where !names.contains(tag) { names.append(tag) }
    }
    let header = ["epoch"] + names.map { csvCell($0.replacing("/", with: "_")) }
    let lines = zip(curve, points).map { epoch, point in
      let values = Dictionary(uniqueKeysWithValues: point)
      return ["\(epoch.epoch)"] + names.map { name in values[name].map { "\($0)" } ?? "" }
    }
    return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}

extension Results.Epoch {
  /// The numbers of the epoch that there are, under the names that TensorBoard groups them by.
  var series: [(tag: String, value: Double)] {
    var series: [(String, Double?)] = [("learning_rate", learningRate), ("loss", loss)]
    series += levels.enumerated().map { ("loss/level_\($0)", $1) }
    series += (accuracies ?? []).enumerated().map { ("accuracy/level_\($0)", $1) }
    for (index, level) in (groups ?? []).enumerated() {
      series += [
        ("moved/level_\(index + 1)", level.moved), ("purity/level_\(index + 1)", level.agreement?.purity),
        ("ami/level_\(index + 1)", level.agreement?.adjustedMutualInformation),
      ]
    }
    series += [("validation/map_at_r", validationMapAtR), ("validation/recall_at_1", validationRecallAt1)]
    series += [("probe/map_at_r", probeMapAtR), ("probe/recall_at_1", probeRecallAt1)]
    for (name, norms) in (norms ?? [:]).sorted(by: { $0.key < $1.key }) {
      series += [("gradient_norm/\(name)", norms.gradients), ("weight_norm/\(name)", norms.weights)]
    }
    series += (logged ?? [:]).sorted { $0.key < $1.key }.map { ("logged/\($0.key)", $0.value) }
    return series.compactMap { tag, value in value.map { (tag, $0) } }
  }
}

extension Results {
  /// The measures of each run, and last of each baseline, as a table for other programs: a line a run, shares from 0 to 1, empty
  /// cells for what was not measured.
  var csv: String {
    // Of the values of a sweep, some may have no taxonomy of their test classes.
    func columns(_ metrics: Metrics) -> [Metric] {
      [.precisionAt1] + metrics.columns + metrics.hierarchicalColumns + metrics.furtherColumns
    }
    let metrics = Metric.union(runs.map { columns($0.metrics) })
    let swept = (runs.first?.swept?.parameter).map { [$0] } ?? []
    let header = ["method", "seed"] + swept + metrics.map(\.key) + ["seconds", "images_per_second"]
    func cells(_ measured: Metrics) -> [String] {
      metrics.map { $0.value(in: measured) }.map { $0.isNaN ? "" : "\($0)" }
    }
    let lines =
      runs.map { run in
        [csvCell(run.method), "\(run.seed)"] + swept.map { _ in run.swept?.text ?? "" } + cells(run.metrics)
          + ["\(run.seconds)", "\(run.imagesPerSecond)"]
      }
      + baselines.map { baseline in
        [csvCell(baseline.method), baseline.seed.map(String.init) ?? ""] + swept.map { _ in "" }
          + cells(baseline.metrics) + [
            "", "",
          ]
      }
    return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
