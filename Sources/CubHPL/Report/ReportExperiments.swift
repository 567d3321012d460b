/// The parts of the report that only `compare` and `sweep` have.
extension ReportPage {
  /// The published numbers of the data set, where some are known.
  var published: ReportPart? {
    let data = content.results.data
    guard content.results.options.command == .compare,
      let known = PublishedResult.all(data.kind, testClasses: data.classesTest)
    else { return nil }
    let heads = PublishedResult.columns.map { "<th scope=\"col\">\($0)</th>" }.joined()
    let rows = known.results.map { result in
      let cells = result.values.map { "<td>\($0.map { fixed($0, 2) } ?? "–")</td>" }.joined()
      return "<tr><th scope=\"row\">\(escaped(result.title))</th>\(cells)<td>\(escaped(result.source))</td></tr>"
    }
    let body = """
      <div class="scroll" role="region" aria-labelledby="published" tabindex="0">
      <table>
      <thead><tr><th scope="col">Method</th>\(heads)<th scope="col">trained as</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="caption">Percent. Other networks and other training: for orientation.</p>
      """
    return ReportPart(id: "published", name: "Published", heading: "Published for \(known.dataSet)", body: body)
  }

  /// The curve of a sweep and its table.
  var sweep: ReportPart? {
    let curves = SweepCurve.all(content.results.runs)
    guard let parameter = curves.first?.parameter else { return nil }
    let rows = curves.flatMap { curve in
      curve.points.map { point in
        let isBest = point == curve.best
        return "<tr><th scope=\"row\">\(escaped(curve.title))</th><td>\(point.swept.text)</td>"
          + "<td\(isBest ? " class=\"best\"" : "")>\(point.row.percentage(.mapAtR))</td>"
          + "<td>\(point.row.interval(.mapAtR) ?? "–")</td><td>\(point.row.percentage(.recallAt1))</td></tr>"
      }
    }
    let axis = ReportSweepChart.axisTitle(parameter)
    let body = """
      \(figure("MAP@R, percent", ReportSweepChart(curves: curves).svg))
      <div class="scroll" role="region" aria-labelledby="sweep" tabindex="0">
      <table>
      <thead><tr><th scope="col">Method</th><th scope="col">\(escaped(parameter))</th><th scope="col">MAP@R</th>\
      <th scope="col">95 % interval</th><th scope="col">R@1</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      \(baselines { row in ["<td></td>", "<td>\(row.percentage(.mapAtR))</td>", "<td>\(row.interval(.mapAtR) ?? "–")</td>",
        "<td>\(row.percentage(.recallAt1))</td>"] })
      </table>
      </div>
      <p class="caption">Bars are 95 % intervals of the mean over the seeds, cut off at 0 and 100; an arrow says that one goes on \
      beyond the scale. Thin lines are single seeds. The scale need not start at zero.\(baselineCaption)</p>
      """
    return ReportPart(id: "sweep", name: "Sweep", heading: "MAP@R by the \(axis)", body: body)
  }

  /// The curves of a sweep's runs over the epochs.
  var sweptCurves: ReportPart? {
    let charts = ReportCurveChart.swept(SweepCurve.all(content.results.runs)).map(\.chart)
    guard !charts.isEmpty else { return nil }
    let seeds = summary.hasSeveralSeeds ? " Thin lines are single seeds." : ""
    let body = """
      \(figures(charts.map { figure($0.subject, $0.svg) }))
      <p class="caption">A curve for each value, from the smallest, which is darkest, to the greatest. The loss has the terms of the coarse levels, so its height \
      says nothing between weights.\(seeds)</p>
      """
    return ReportPart(id: "curves", name: "Curves", heading: "Training by value", body: body)
  }

  /// How soon each method comes near to the best; nil without validation classes.
  var convergence: ReportPart? {
    guard let convergence = Convergence(summary) else { return nil }
    let rows = convergence.cells.map { cells in
      "<th scope=\"row\">\(escaped(cells[0]))</th>" + cells.dropFirst().map { "<td>\($0)</td>" }.joined()
    }
    let note = convergence.note.prefix(1).uppercased() + convergence.note.dropFirst()
    let body = """
      \(table("convergence", Convergence.header, rows))
      <p class="caption">\(note).</p>
      """
    return ReportPart(id: "convergence", name: "Convergence", heading: "How soon it gets there", body: body)
  }
}
