import Foundation

/// The page over all runs of some folders: a table with filters, and curves laid over one another by a small script.
struct RunIndexPage {
  private let index: RunIndex
  private let title: String
  private let metrics: [Metric]

  init(_ index: RunIndex, title: String) {
    (self.index, self.title) = (index, title)
    let measured = index.runs.compactMap(\.metrics) + index.baselines.map(\.metrics)
    metrics = [.mapAtR] + Metric.union(measured.map(\.columns)).filter { $0 != .mapAtR }
  }

  /// The file's bytes.
  var html: Data {
    get throws {
      let running = index.runs.filter { $0.metrics == nil }.count
      let experiments = Set(index.runs.map(\.experiment)).count
      let facts: [String?] = [
        "\(counted(index.runs.count, "run", "runs")) of \(counted(experiments, "experiment", "experiments"))",
        running > 0 ? "\(running) without a test yet" : nil,
      ]
      let header = Markup.tag(
        "header", [:], .tag("p", ["class": "eyebrow"], "Hierarchical proxy losses · \(Date().ISO8601Format())"),
        .tag("h1", [:], .text("Runs in \(title)")),
        .tag("p", ["class": "facts"], .text(facts.compactMap(\.self).joined(separator: ", "))),
        .tag(
          "noscript", [:],
          .tag("p", ["class": "note"], "Filters and curves need scripts, which this browser has turned off.")))
      return Page(
        title: "Runs in \(title)", styles: [RunIndexScript.style],
        body: [header, filters, table, curves, try .json("data", data), .script(RunIndexScript.code)]
      ).html
    }
  }

  // MARK: Parts

  private var filters: Markup {
    let choices = index.differing.filter { $0.values.count <= 30 }.map { name, values -> Markup in
      var options = [Markup.tag("option", ["value": ""], "all")]
      for (place, value) in values.enumerated() { options.append(.tag("option", ["value": "\(place)"], .text(value))) }
      return .tag("label", [:], .text(name), .tag("select", ["data-parameter": name], options))
    }
    let words = Markup.tag(
      "label", [:], "Words",
      .tag("input", ["type": "search", "id": "words", "placeholder": "hpl finished", "autocomplete": "off"]))
    return .tag(
      "section", ["aria-labelledby": "runs"], .tag("h2", ["id": "runs"], "Runs"),
      .tag("div", ["class": "filters"], [words] + choices),
      .tag("p", ["class": "quiet"], .tag("output", ["id": "count"], .text(counted(index.runs.count, "run", "runs")))))
  }

  private var table: Markup {
    let columns = ["Run", "seed", "state"] + index.differing.map(\.name) + metrics.map(\.title) + ["loss", "seconds"]
    let heads = columns.map { name in
      Markup.tag("th", ["scope": "col"], .tag("button", ["type": "button", "class": "sort"], .text(name)))
    }
    let rows = index.runs.enumerated().map { place, run in row(place, run) }
    let caption: Markup = """
      Percent, on classes that training never saw. Columns between state and measures are the options that differ between runs. A click on \
      a heading sorts. Below the line, to compare with: chance, and the networks before training, in the mean over the seeds.
      """
    let below = index.baselines.map(row)
    let parts: [Markup] = [
      .tag("thead", [:], .tag("tr", [:], heads)), .tag("tbody", ["id": "rows"], rows),
      below.isEmpty ? .nothing : .tag("tbody", ["class": "baselines"], below),
    ]
    return .pieces([
      .tag(
        "div", ["class": "scroll", "role": "region", "aria-labelledby": "runs", "tabindex": "0"],
        .tag("table", [:], parts)), .caption(caption),
    ])
  }

  private func row(_ baseline: RunIndex.Baseline) -> Markup {
    var cells = [Markup.tag("th", ["scope": "row"], .text("\(baseline.title), \(baseline.data)"))]
    for _ in 0..<2 + index.differing.count { cells.append(.tag("td", [:], "–")) }
    for metric in metrics { cells.append(cell(percent(metric, baseline.metrics), nil)) }
    for _ in 0..<2 { cells.append(.tag("td", [:], "–")) }
    return .tag("tr", [:], cells)
  }

  private func row(_ place: Int, _ run: RunIndex.Run) -> Markup {
    let swatch = Markup.tag(
      "svg", ["class": "swatch", "viewBox": "0 0 22 10", "width": "22", "height": "10", "aria-hidden": "true"],
      .line(Self.classes(place), 0, 5, 22, 5))
    var cells = [
      Markup.tag(
        "th", ["scope": "row"],
        .tag(
          "label", [:], .tag("input", ["type": "checkbox", "checked": ""]), swatch, .tag("span", [:], .text(run.title))),
        .tag("a", ["class": "quiet", "href": run.report], .text(run.experiment))),
      .tag("td", [:], .text("\(run.seed)")), .tag("td", [:], .text(run.state)),
    ]
    for parameter in index.differing { cells.append(.tag("td", [:], .text(run.parameters[parameter.name] ?? "–"))) }
    for metric in metrics {
      cells.append(run.metrics.map { cell(percent(metric, $0), metric.value(in: $0)) } ?? .tag("td", [:], "–"))
    }
    cells.append(cell(run.epochs.last.map { fixed($0.loss, 4) } ?? "–", run.epochs.last?.loss))
    cells.append(cell(fixed(run.seconds, 1), run.seconds))
    return .tag("tr", ["data-run": "\(place)"], cells)
  }

  /// Ten colours, and after these dashes.
  private static func classes(_ place: Int) -> String {
    "\(Palette.series[place % Palette.series.count].name) dash\(place / Palette.series.count % 3)"
  }

  private func percent(_ metric: Metric, _ metrics: Metrics) -> String {
    let value = metric.value(in: metrics)
    return value.isNaN ? "–" : fixed(value * 100, 2)
  }

  private func cell(_ text: String, _ value: Double?) -> Markup {
    .tag("td", ["data-value": value.map { "\($0)" }], .text(text))
  }

  private var curves: Markup {
    let titles = [
      "validation/map_at_r": "MAP@R on validation classes", "validation/recall_at_1": "R@1 on validation classes",
      "probe/map_at_r": "MAP@R on a part of the training classes",
      "probe/recall_at_1": "R@1 on a part of the training classes",
    ]
    let options = tags.map { tag in
      Markup.tag("option", ["value": tag], .text(titles[tag] ?? tag.replacing("_", with: " ")))
    }
    let caption: Markup = """
      The runs that are ticked and shown above, forty at most, by the numbers of their curves.csv.
      """
    return .tag(
      "section", ["aria-labelledby": "curves"], .tag("h2", ["id": "curves"], "Curves"),
      .tag("div", ["class": "filters"], .tag("label", [:], "Number", .tag("select", ["id": "quantity"], options))),
      .tag(
        "figure", ["class": "wide"],
        .tag("svg", ["id": "chart", "role": "img", "aria-label": "Curves"])),
      .caption(caption))
  }

  // MARK: Data for the script

  private struct Content: Encodable {
    struct Run: Encodable {
      let name: String
      let classes: String
      /// For each parameter that differs, the place of its value.
      let choices: [String: Int]
      let series: [String: [[Double]]]
    }

    let runs: [Run]
  }

  /// Every number that an epoch of some run has, retrieval and the loss first.
  private var tags: [String] {
    let first = ["validation/map_at_r", "probe/map_at_r", "loss"]
    let all = Set(index.runs.flatMap { run in series(run).keys })
    return first.filter(all.contains) + all.subtracting(first).sorted()
  }

  private var data: Content {
    Content(
      runs: index.runs.enumerated().map { place, run in
        let choices = index.differing.map { name, values in
          (name, values.firstIndex(of: run.parameters[name] ?? "–")!)
        }
        return .init(
          name: "\(run.title), seed \(run.seed), \(run.experiment)",
          classes: Self.classes(place),
          choices: Dictionary(uniqueKeysWithValues: choices), series: series(run))
      })
  }

  /// Pairs of epoch and value, 400 at most, to six digits.
  private func series(_ run: RunIndex.Run) -> [String: [[Double]]] {
    var series: [String: [[Double]]] = [:]
    var places = spread(run.epochs.count, atMost: 400)
    // The last one is what the run came to.
    if !places.isEmpty { places[places.count - 1] = run.epochs.count - 1 }
    for place in places {
      let numbers = run.epochs[place].series + (run.costs.indices.contains(place) ? run.costs[place].series : [])
      for (tag, value) in numbers {
        series[tag, default: []].append([
          Double(run.epochs[place].epoch), Double(String(format: "%.6g", value)) ?? value,
        ])
      }
    }
    return series
  }
}
