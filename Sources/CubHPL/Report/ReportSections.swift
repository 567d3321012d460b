/// The parts of the report that compare the methods.
extension ReportPage {
  var table: ReportPart? {
    guard !summary.rows.isEmpty || !summary.baselines.isEmpty else { return nil }
    // The paper's measure stands first, where narrow screens show it.
    let known = summary.rows.isEmpty ? summary.baselines[0].metrics[0].columns : summary.metrics
    let metrics = [.mapAtR] + known.filter { $0 != .mapAtR }
    let rows = summary.rows.map { row in
      [name(row)] + metrics.map { cell(row, $0) } + [
        MarkupTable.Cell(spread(row.seconds, decimals: 1)), .init(spread(row.imagesPerSecond, decimals: 0)),
      ]
    }
    var caption = "Percent, on classes that training never saw."
    if summary.hasSeveralSeeds {
      caption +=
        " Mean ± sample standard deviation over the seeds; below it the 95 % interval of the mean, cut off at 0 and 100."
    }
    if summary.rows.count > 1 { caption += " Bold with a star: the best of its column." }
    let table = MarkupTable(
      heading: "results", columns: ["Method"] + metrics.map(\.title) + ["seconds", "images/s"], rows: rows,
      baselines: baselines { row in metrics.map { cell(row, $0) } + ["–", "–"] })
    return ReportPart(
      id: "results", name: "Results", heading: "Results",
      body: [table.markup, .caption(.text(caption + baselineCaption))])
  }

  /// The first cell of a method's row.
  func name(_ row: Summary.Row) -> MarkupTable.Cell { .init(ReportSeries(row).swatch, " ", .text(row.title)) }

  /// The rows that say what the numbers must be compared with; none where they were not measured.
  func baselines(_ cells: (Summary.Baseline) -> [MarkupTable.Cell]) -> [[MarkupTable.Cell]] {
    summary.baselines.map { [.init(.text($0.title))] + cells($0) }
  }

  /// What these rows are.
  var baselineCaption: String {
    summary.baselines.isEmpty
      ? ""
      : " Below the line, to compare with: chance, which is the mean over all orders of the pictures, and the network that every "
        + "method starts with\(summary.baselines.contains { $0.method.hasPrefix("weights") } ? ", with random weights and with those given" : "")."
  }

  func cell(_ row: Summary.Row, _ metric: Metric) -> MarkupTable.Cell {
    cell(row, metric, isBest: summary.isBest(row, in: metric))
  }

  func cell(_ row: some MeasuredRow, _ metric: Metric, isBest: Bool = false) -> MarkupTable.Cell {
    let star = Markup.tag("span", ["class": "star", "role": "img", "aria-label": "best"], "★")
    let interval = row.interval(metric).map { Markup.span("deviation", .text($0)) }
    return .init(
      spread(row.statistic(metric), scale: 100, decimals: 2, mark: isBest ? star : .nothing), interval ?? .nothing,
      isBest: isBest)
  }

  private func spread(_ value: Statistic, scale: Double = 1, decimals: Int, mark: Markup = .nothing) -> Markup {
    guard value.mean.isFinite else { return "–" }
    let deviation = value.deviation.map { Markup.span("deviation", " ± \(fixed($0 * scale, decimals))") }
    return .pieces([.text(fixed(value.mean * scale, decimals)), mark, deviation ?? .nothing])
  }

  var metricCharts: ReportPart? {
    guard !summary.rows.isEmpty else { return nil }
    let charts = [Metric.mapAtR, .recallAt1].map { metric in
      Markup.figure("\(metric.title), percent", ReportDotChart(metric: metric, summary: summary).drawing)
    }
    let seeds = summary.hasSeveralSeeds ? " Small dots are single seeds, the bar is one deviation to each side." : ""
    return ReportPart(
      id: "charts", name: "Comparison", heading: "How the methods compare",
      body: [.figures(charts), .caption("Higher is better; the scales need not start at zero.\(seeds)")])
  }

  var lossCharts: ReportPart? {
    let charts = ReportCurveChart.losses(trained).map(\.chart)
    guard !charts.isEmpty else { return nil }
    // Where many losses are compared, those without a counterpart are folded away.
    let isLong = charts.count > 4
    let first = isLong ? charts.filter { $0.curves.count > 1 } : charts
    let rest = isLong ? charts.filter { $0.curves.count == 1 } : []
    var open = first.map { Markup.figure($0.title, $0.drawing) }
    for chart in [ReportCurveChart.validation(trained), .probe(trained)].compactMap(\.self) {
      open.append(.figure(chart.subject, chart.drawing))
    }
    let levels = ReportCurveChart.levels(trained).map { Markup.figure($0.subject, $0.drawing) }
    let seeds = trained.hasSeveralSeeds ? " Thin lines are single seeds." : ""
    let caption =
      "Mean over each epoch’s steps. A hierarchical loss adds the terms of its coarse levels, so its height says nothing "
      + "against the flat one.\(seeds)\(probe)"
    return ReportPart(
      id: "losses", name: "Training loss", heading: "Training loss",
      body: [
        .figures(open), folded("The other losses", rest.map { .figure($0.title, $0.drawing) }),
        folded("The loss of each level, without its weight", levels), .caption(.text(caption)),
      ])
  }

  /// What the probe of the runs is, as a sentence behind others; empty where they have none.
  var probe: String {
    let probes = Set(trained.rows.flatMap(\.runs).compactMap(\.probe))
    guard let first = probes.first else { return "" }
    return probes.count == 1
      ? " MAP@R on training classes: on \(first)."
      : " MAP@R on training classes: on some of those that each run is trained on, which says how well the network knows them, not how it "
        + "does on unseen classes."
  }

  func folded(_ title: String, _ figures: [Markup]) -> Markup {
    figures.isEmpty ? .nothing : .details(.text(title), [.figures(figures)])
  }
}
