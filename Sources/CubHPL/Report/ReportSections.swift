/// The parts of the report that are tables and text.
extension ReportPage {
  func header(_ parts: [ReportPart]) -> String {
    let results = content.results
    let data = results.data
    let facts = [
      "\(counted(data.classesTrain, "class", "classes")) and \(counted(data.imagesTrain, "picture", "pictures")) to train",
      "\(counted(data.classesTest, "unseen class", "unseen classes")) and "
        + "\(counted(data.imagesTest, "picture", "pictures")) to test",
      counted(results.options.epochs, "epoch", "epochs"),
      counted(results.options.seeds, "seed", "seeds"),
    ]
    return """
      <header>
      <p class="eyebrow">Hierarchical proxy losses · \(escaped(String(results.date.prefix(10))))</p>
      <h1>\(escaped(content.title))</h1>
      <p class="facts">\(facts.map(escaped).joined(separator: " · "))</p>
      \(verdicts)
      \(content.notes.map { "<p class=\"note\">\(escaped($0))</p>" }.joined(separator: "\n"))
      <nav aria-label="Parts of the report">\(parts.map(\.link).joined(separator: " "))</nav>
      </header>
      """
  }

  /// The best method, and what the hierarchy changed for each proxy loss that ran with and without it.
  private var verdicts: String {
    let curves = SweepCurve.all(content.results.runs)
    let cards = (curves.isEmpty ? ReportVerdict.all(summary) : curves.compactMap(ReportVerdict.init)).map { verdict in
      """
      <div class="card">
      <p class="card-title">\(escaped(verdict.title))</p>
      <p class="card-number">\(escaped(verdict.number))</p>
      <p class="card-text">\(escaped(verdict.explanation))</p>
      </div>
      """
    }
    return cards.isEmpty ? "" : "<div class=\"cards\">\n\(cards.joined(separator: "\n"))\n</div>"
  }

  var table: ReportPart {
    // The paper's measure stands first, where narrow screens show it.
    let metrics = [.mapAtR] + summary.metrics.filter { $0 != .mapAtR }
    let heads =
      metrics.map { "<th scope=\"col\">\($0.title)</th>" } + [
        "<th scope=\"col\">seconds</th>", "<th scope=\"col\">images/s</th>",
      ]
    let rows = summary.rows.map { row in
      let swatch = ReportSeries(row).swatch
      let cells =
        metrics.map { cell(row, $0) } + [
          "<td>\(spread(row.seconds, decimals: 1))</td>", "<td>\(spread(row.imagesPerSecond, decimals: 0))</td>",
        ]
      return "<tr><th scope=\"row\">\(swatch) \(escaped(row.title))</th>\(cells.joined())</tr>"
    }
    var caption = "Percent, on classes that training never saw."
    if summary.hasSeveralSeeds {
      caption +=
        " Mean ± sample standard deviation over the seeds; below it the 95 % interval of the mean, cut off at 0 and 100."
    }
    if summary.rows.count > 1 { caption += " Bold with a star: the best of its column." }
    let body = """
      <div class="scroll" role="region" aria-labelledby="results" tabindex="0">
      <table>
      <thead><tr><th scope="col">Method</th>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      \(baselines { row in metrics.map { cell(row, $0) } + ["<td>–</td>", "<td>–</td>"] })
      </table>
      </div>
      <p class="caption">\(caption)\(baselineCaption)</p>
      """
    return ReportPart(id: "results", name: "Results", heading: "Results", body: body)
  }

  /// The rows that say what the numbers must be compared with; nothing where they were not measured.
  func baselines(_ cells: (Summary.Baseline) -> [String]) -> String {
    let rows = summary.baselines.map { row in
      "<tr><th scope=\"row\">\(escaped(row.title))</th>\(cells(row).joined())</tr>"
    }
    return rows.isEmpty ? "" : "<tbody class=\"baselines\">\n\(rows.joined(separator: "\n"))\n</tbody>"
  }

  /// What these rows are.
  var baselineCaption: String {
    summary.baselines.isEmpty
      ? ""
      : " Below the line, to compare with: chance, which is the mean over all orders of the pictures, and the network that every "
        + "method starts with."
  }

  func cell(_ row: Summary.Row, _ metric: Metric) -> String {
    cell(row, metric, isBest: summary.isBest(row, in: metric))
  }

  func cell(_ row: some MeasuredRow, _ metric: Metric, isBest: Bool = false) -> String {
    let mark = isBest ? "<span class=\"star\" role=\"img\" aria-label=\"best\">★</span>" : ""
    let interval = row.interval(metric).map { "<span class=\"deviation\">\($0)</span>" } ?? ""
    let text = spread(row.statistic(metric), scale: 100, decimals: 2, mark: mark) + interval
    return "<td\(isBest ? " class=\"best\"" : "")>\(text)</td>"
  }

  private func spread(_ value: Statistic, scale: Double = 1, decimals: Int, mark: String = "") -> String {
    guard value.mean.isFinite else { return "–" }
    let mean = fixed(value.mean * scale, decimals)
    guard let deviation = value.deviation else { return mean + mark }
    return "\(mean)\(mark)<span class=\"deviation\"> ± \(fixed(deviation * scale, decimals))</span>"
  }

  var metricCharts: ReportPart {
    let charts = [Metric.mapAtR, .recallAt1].map { metric in
      figure("\(metric.title), percent", ReportDotChart(metric: metric, summary: summary).svg)
    }
    let seeds = summary.hasSeveralSeeds ? " Small dots are single seeds, the bar is one deviation to each side." : ""
    let body = """
      \(figures(charts))
      <p class="caption">Higher is better; the scales need not start at zero.\(seeds)</p>
      """
    return ReportPart(id: "charts", name: "Comparison", heading: "How the methods compare", body: body)
  }

  var lossCharts: ReportPart? {
    let charts = ReportCurveChart.losses(summary).map(\.chart)
    guard !charts.isEmpty else { return nil }
    // Where many losses are compared, those without a counterpart are folded away.
    let isLong = charts.count > 4
    let first = isLong ? charts.filter { $0.curves.count > 1 } : charts
    let rest = isLong ? charts.filter { $0.curves.count == 1 } : []
    var open = first.map { figure($0.title, $0.svg) }
    if let validation = ReportCurveChart.validation(summary) { open.append(figure(validation.subject, validation.svg)) }
    let levels = ReportCurveChart.levels(summary).map { figure($0.subject, $0.svg) }
    let seeds = summary.hasSeveralSeeds ? " Thin lines are single seeds." : ""
    let body = """
      \(figures(open))
      \(folded("The other losses", rest.map { figure($0.title, $0.svg) }))
      \(folded("The loss of each level, without its weight", levels))
      <p class="caption">Mean over each epoch’s steps. A hierarchical loss adds the terms of its coarse levels, so its height \
      says nothing against the flat one.\(seeds)</p>
      """
    return ReportPart(id: "losses", name: "Training loss", heading: "Training loss", body: body)
  }

  func figure(_ title: String, _ svg: String) -> String {
    "<figure>\n<figcaption>\(escaped(title))</figcaption>\n\(svg)\n</figure>"
  }

  func figures(_ figures: [String]) -> String {
    figures.isEmpty ? "" : "<div class=\"figures\">\n\(figures.joined(separator: "\n"))\n</div>"
  }

  private func folded(_ title: String, _ content: [String]) -> String {
    content.isEmpty ? "" : "<details><summary>\(title)</summary>\n\(figures(content))\n</details>"
  }

  var provenance: ReportPart {
    let results = content.results
    let options = results.options
    let packages = results.packages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let versions = [
      "\(Program.name) \(results.version)", "Swift \(results.machine.swift) (\(results.machine.build) build)",
    ]
    var facts = [
      ("Command", "<code>\(escaped(results.command))</code>"),
      ("Seeds", escaped(options.allSeeds.map(String.init).joined(separator: ", "))),
      ("Data", escaped(results.data.name)),
      ("Split checksum", "<code>\(escaped(results.data.splitChecksum ?? "none"))</code>"),
      ("Levels", "<code>\(escaped(options.levels.description))</code>"),
      ("Training", escaped(training)), ("Tested", tested),
      ("Versions", escaped((versions + packages).joined(separator: ", "))),
      ("Machine", escaped(results.machine.description)),
      ("Started", escaped(results.date)),
    ]
    let skipped = results.data.skippedFiles
    if !skipped.isEmpty {
      let list = skipped.map { "<li><code>\(escaped($0))</code></li>" }.joined()
      let title = counted(skipped.count, "broken picture", "broken pictures")
      facts.append(("Left out", "<details><summary>\(title)</summary><ul>\(list)</ul></details>"))
    }
    let lines = facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }
    let body = "<dl>\n\(lines.joined(separator: "\n"))\n</dl>"
    return ReportPart(id: "again", name: "Command and machine", heading: "To get these numbers again", body: body)
  }

  /// Which epoch of each run was tested, and why.
  private var tested: String {
    let runs = content.results.runs.filter { !$0.tested.isEmpty }
    let reasons = Set(runs.map(\.tested))
    guard reasons.count > 1 else { return escaped(reasons.first ?? "no run") }
    let lines = runs.map { run in
      let swept = run.swept.map { ", \($0.parameter) \($0.text)" } ?? ""
      return "<li>\(escaped("\(run.title)\(swept), seed \(run.seed): \(run.tested)"))</li>"
    }
    return "<details><summary>Which epoch of each run, and why</summary><ul>\(lines.joined())</ul></details>"
  }

  private var training: String {
    let options = content.results.options
    let parts = [
      counted(options.epochs, "epoch", "epochs"), "batches of \(options.batch)",
      "\(options.samplesPerClass) pictures of a class", "learning rate \(options.learningRate)",
      "proxies \(options.proxyLearningRate)", "\(options.imageSize) × \(options.imageSize) pixels",
      "\(options.dimensions) dimensions",
      "clusters after epoch \(options.warmUp) and every \(options.recluster) epochs",
    ]
    return parts.joined(separator: ", ")
  }
}
