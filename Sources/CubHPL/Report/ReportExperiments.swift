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
      <figure>
      <figcaption>MAP@R, percent</figcaption>
      \(ReportSweepChart(curves: curves).svg)
      </figure>
      <div class="scroll" role="region" aria-labelledby="sweep" tabindex="0">
      <table>
      <thead><tr><th scope="col">Method</th><th scope="col">\(escaped(axis))</th><th scope="col">MAP@R</th>\
      <th scope="col">95 % interval</th><th scope="col">R@1</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      <p class="caption">Bars are 95 % intervals of the mean over the seeds, thin lines single seeds. The scale need not start at zero.</p>
      """
    return ReportPart(id: "sweep", name: "Sweep", heading: "MAP@R by the \(axis)", body: body)
  }
}
