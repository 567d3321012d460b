/// The top of the report, and its end.
extension ReportPage {
  func header(_ parts: [ReportPart]) -> Markup {
    let results = content.results
    // The values of a sweep may have other data.
    func range(_ count: KeyPath<Results.DataSet, Int>, _ singular: String, _ plural: String) -> String {
      let counts = results.allData.map { $0[keyPath: count] }
      let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
      return (least < most ? "\(grouped(least)) to " : "") + counted(most, singular, plural)
    }
    let facts = [
      "\(range(\.classesTrain, "class", "classes")) and \(range(\.imagesTrain, "picture", "pictures")) to train",
      "\(range(\.classesTest, "unseen class", "unseen classes")) and "
        + "\(range(\.imagesTest, "picture", "pictures")) to test",
      counted(results.options.epochs, "epoch", "epochs"),
      counted(results.options.seeds, "seed", "seeds"),
    ]
    return .tag(
      "header", [:],
      [
        .tag("p", ["class": "eyebrow"], "Hierarchical proxy losses · \(String(results.date.prefix(10)))"),
        .tag("h1", [:], .text(content.title)),
        .tag("p", ["class": "facts"], .text(facts.joined(separator: " · "))), state, verdicts,
      ] + content.notes.map { .tag("p", ["class": "note"], .text($0)) } + [
        .tag("nav", ["aria-label": "Parts of the report"], parts.flatMap { [$0.link, " "] })
      ])
  }

  /// The best method, and what the hierarchy changed for each proxy loss that ran with and without it.
  private var verdicts: Markup {
    let curves = SweepCurve.all(content.results.runs)
    let cards = (curves.isEmpty ? ReportVerdict.all(summary) : curves.compactMap(ReportVerdict.init)).map { verdict in
      Markup.tag(
        "div", ["class": "card"], .tag("p", ["class": "card-title"], .text(verdict.title)),
        .tag("p", ["class": "card-number"], .text(verdict.number)),
        .tag("p", ["class": "card-text"], .text(verdict.explanation)))
    }
    return cards.isEmpty ? .nothing : .tag("div", ["class": "cards"], cards)
  }

  var provenance: ReportPart {
    let results = content.results
    let options = results.options
    let packages = results.packages.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let versions = [
      "\(Program.name) \(results.version)", "Swift \(results.machine.swift) (\(results.machine.build) build)",
    ]
    var facts: [(String, Markup)] = [
      ("Command", .code(results.command)),
      ("Seeds", .text(options.allSeeds.map(String.init).joined(separator: ", "))),
    ]
    facts += data
    facts += [
      ("Levels", .code(options.levels.description)),
      ("Training", .text(training)), ("Tested", tested),
      ("Versions", .text((versions + packages).joined(separator: ", "))),
      ("Machine", .text(results.machine.description)),
      ("Started", .text(results.date)),
    ]
    let skipped = results.data.skippedFiles
    if !skipped.isEmpty {
      let title = counted(skipped.count, "broken picture", "broken pictures")
      facts.append(("Left out", .details(.text(title), [.list(skipped.map(Markup.code))])))
    }
    let lines = facts.map { Markup.pieces([.tag("dt", [:], .text($0.0)), .tag("dd", [:], $0.1)]) }
    return ReportPart(
      id: "again", name: "Command and machine", heading: "To get these numbers again", body: [.tag("dl", [:], lines)])
  }

  /// What was trained and tested on, and what identifies it.
  private var data: [(String, Markup)] {
    func checksum(_ data: Results.DataSet) -> Markup { .code(data.splitChecksum ?? "none") }
    guard let swept = content.results.sweptData else {
      let data = content.results.data
      return [("Data", .text(data.name)), ("Split checksum", checksum(data))]
    }
    let lines = swept.map { value -> Markup in
      let name = "\(value.swept.parameter) \(value.swept.text): \(value.data.name), split checksum "
      return .pieces([.text(name), checksum(value.data)])
    }
    return [("Data", .list(lines))]
  }

  /// Which epoch of each run was tested, and why.
  private var tested: Markup {
    let runs = content.results.runs.filter { !$0.tested.isEmpty }
    let reasons = Set(runs.map(\.tested))
    guard reasons.count > 1 else { return .text(reasons.first ?? "no run") }
    let lines = runs.map { run in
      let swept = run.swept.map { ", \($0.parameter) \($0.text)" } ?? ""
      return Markup.text("\(run.title)\(swept), seed \(run.seed): \(run.tested)")
    }
    return .details("Which epoch of each run, and why", [.list(lines)])
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
