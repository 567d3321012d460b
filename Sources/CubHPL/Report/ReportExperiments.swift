/// The parts of the report that only `compare` and `sweep` have.
extension ReportPage {
  /// The published numbers of the data set, where some are known.
  var published: ReportPart? {
    let data = content.results.data
    guard content.results.options.command == .compare,
      let known = PublishedResult.all(data.kind, testClasses: data.classesTest)
    else { return nil }
    let rows = known.results.map { result in
      [result.title] + result.values.map { $0.map { fixed($0, 2) } ?? "–" } + [result.source]
    }
    return ReportPart(
      id: "published", name: "Published", heading: "Published for \(known.dataSet)",
      body: [
        plainTable("published", ["Method"] + PublishedResult.columns + ["trained as"], rows),
        .caption("Percent. Other networks and other training: for orientation."),
      ])
  }

  /// The curve of a sweep and its table.
  var sweep: ReportPart? {
    let curves = SweepCurve.all(content.results.runs)
    guard let parameter = curves.first?.parameter else { return nil }
    func numbers(_ row: some MeasuredRow, isBest: Bool = false) -> [MarkupTable.Cell] {
      [
        .init(.text(row.percentage(.mapAtR)), isBest: isBest), "\(row.interval(.mapAtR) ?? "–")",
        "\(row.percentage(.recallAt1))",
      ]
    }
    let isOfData = curves[0].isOfData
    let further = isOfData ? ["over flat", "95 % interval"] : []
    let rows = curves.flatMap { curve in
      curve.points.map { point -> [MarkupTable.Cell] in
        ["\(curve.title)", "\(point.swept.text)"] + numbers(point.row, isBest: point == curve.best)
          + (isOfData ? point.change(among: curves).map { "\($0)" } : [])
      }
    }
    let table = MarkupTable(
      heading: "sweep", columns: ["Method", parameter, "MAP@R", "95 % interval", "R@1"] + further, rows: rows,
      baselines: baselines { [""] + numbers($0) + further.map { _ in "" } })
    let chart = Markup.figure("MAP@R, percent", ReportSweepChart(curves: curves).drawing)
    let changes = ReportSweepChart(changesOf: curves)
    let meaning =
      isOfData
      ? "Over flat: what the hierarchy changes over the same loss on the classes alone, points of MAP@R, seed by seed. "
      : ""
    let caption =
      "\(meaning)Bars are 95 % intervals of the mean over the seeds, cut off at 0 and 100; an arrow says that one goes on beyond the scale. Thin "
      + "lines are single seeds. The scale need not start at zero.\(baselineCaption)"
    return ReportPart(
      id: "sweep", name: "Sweep", heading: "MAP@R by the \(ReportSweepChart.axisTitle(parameter))",
      body: [
        changes.map { .figures([chart, .figure("Over flat, points of MAP@R", $0.drawing)]) } ?? chart,
        table.markup, .caption(.text(caption)),
      ])
  }

  /// The curves of a sweep with the runs that have not been tested; none elsewhere.
  var trainedCurves: [SweepCurve] { SweepCurve.all(content.results.runs + content.unfinished) }

  /// The curves of a sweep's runs over the epochs.
  var sweptCurves: ReportPart? {
    let charts = ReportCurveChart.swept(trainedCurves).map(\.chart)
    guard !charts.isEmpty else { return nil }
    let seeds = summary.hasSeveralSeeds ? " Thin lines are single seeds." : ""
    let caption =
      "A curve for each value, from the smallest, which is darkest, to the greatest. The loss has the terms of the coarse levels, so "
      + "its height says nothing between weights.\(seeds)\(probe)"
    return ReportPart(
      id: "curves", name: "Curves", heading: "Training by value",
      body: [.figures(charts.map { .figure($0.subject, $0.drawing) }), .caption(.text(caption))])
  }

  /// How soon each method comes near to the best; nil without validation classes.
  var convergence: ReportPart? {
    guard let convergence = Convergence(summary) else { return nil }
    let note = convergence.note.prefix(1).uppercased() + convergence.note.dropFirst()
    return ReportPart(
      id: "convergence", name: "Convergence", heading: "How soon it gets there",
      body: [plainTable("convergence", Convergence.header, convergence.cells), .caption("\(note).")])
  }
}
