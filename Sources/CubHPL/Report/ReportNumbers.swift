/// The parts of the report that show how training went beyond its loss, and what it took.
extension ReportPage {
  /// Norms, and the numbers that losses have logged; nil where nothing was written down.
  var numbers: ReportPart? {
    let charts = ReportCurveChart.numbers(trained, sweep: trainedCurves)
    guard !charts.isEmpty else { return nil }
    let caption: Markup = """
      Norms are Euclidean: of the gradients of a step, in the mean over an epoch’s steps, and of the parameters at its end. What losses log \
      is the mean over an epoch’s batches.
      """
    return ReportPart(
      id: "numbers", name: "Norms", heading: "Norms and logged numbers",
      hint: counted(charts.count, "chart", "charts"),
      body: [.figures(charts.map { .figure($0.subject, $0.drawing) }), .caption(caption)])
  }

  /// Seconds by part, and memory; nil where nothing was written down.
  var costs: ReportPart? {
    let rows = trained.rows.compactMap { row -> [String]? in
      let costs = row.runs.flatMap { $0.costs ?? [] }.filter { $0.seconds > 0 }
      guard !costs.isEmpty else { return nil }
      func mean(_ value: (EpochCost) -> Double) -> Double { Statistic(costs.map(value)).mean }
      var cells = [row.title]
      for part in EpochCost.parts { cells.append(fixed(mean { $0[keyPath: part.seconds] }, 2)) }
      return cells + [fixed(mean(\.seconds), 2), grouped(Int(costs.map(\.peakMebibytes).max()!.rounded()))]
    }
    guard !rows.isEmpty else { return nil }
    let caption: Markup = """
      Seconds of an epoch, in the mean: waiting for pictures, network and loss, gradients, the optimiser with the sum over ranks, measuring \
      the validation classes or a part of the training classes, and the rest, such as clustering. Memory is the most that the process \
      has had by then.
      """
    return ReportPart(
      id: "costs", name: "Time", heading: "What an epoch took",
      body: [
        plainTable("costs", ["Method"] + EpochCost.parts.map(\.title) + ["all", "peak MiB"], rows), .caption(caption),
      ])
  }
}
