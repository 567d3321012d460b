import Foundation
import Testing

@testable import CubHPL

/// Texts as they were last looked at by a person: `HPL_RENEW_SNAPSHOTS=1 swift test --filter Snapshot` writes them anew.
enum Snapshot {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  private static let isRenewing = ProcessInfo.processInfo.environment["HPL_RENEW_SNAPSHOTS"] == "1"

  /// Holds a text against the file of that name.
  static func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = folder.appendingPathComponent(name)
    let text = normalized(text)
    if isRenewing {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      return
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    guard text != expected else { return }
    let (own, other) = (
      text.split(separator: "\n", omittingEmptySubsequences: false),
      expected.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let line = zip(own, other).enumerated().first { $0.element.0 != $0.element.1 }
    let place = line.map { "line \($0.offset + 1) is\n\($0.element.0)\ninstead of\n\($0.element.1)" }
    Issue.record(
      "Snapshots/\(name): \(place ?? "\(own.count) lines instead of \(other.count)")\nIf that is meant, renew it: see CONTRIBUTING.md",
      sourceLocation: sourceLocation)
  }

  /// Without what changes from one release or place to the next, and without the bytes of pictures.
  private static func normalized(_ text: String) -> String {
    text.replacing(Program.version, with: "VERSION")
      .replacing(/runs\/\d{4}-\d\d-\d\d-\d{6}/, with: "runs/TIME")
      .replacing(/base64,[A-Za-z0-9+\/=]+/, with: "base64,PICTURE")
  }
}

/// What a person sees: the help, the tables, the pages and the charts of made-up results.
@Suite struct SnapshotTests {
  @Test func help() throws {
    try Snapshot.expect(Help.text(), is: "help.txt")
    for command in Commands.all { try Snapshot.expect(Help.text(command: command), is: "help-\(command.word).txt") }
  }

  @Test func tables() throws {
    let results = try Samples.everything()
    let summary = Summary(results)
    let texts: [String?] = [
      Table.text(for: summary), Table.comparison(results), Table.hierarchical(summary), Table.convergence(summary),
      Table.coarseLevels(summary), Table.sweep(try Samples.sweep()), results.csv,
    ]
    try Snapshot.expect(texts.map { $0! }.joined(separator: "\n\n\n") + "\n", is: "tables.txt")
  }

  @Test func results() throws {
    try Snapshot.expect(String(decoding: Samples.everything().json(), as: UTF8.self), is: "results.json")
  }

  @Test func reports() throws {
    var report = try Samples.report()
    report.results = try Samples.everything()
    try Snapshot.expect(String(decoding: ReportPage.html(report), as: UTF8.self), is: "report.html")
    let sweep = ReportContent(title: "Sweep", results: try Samples.sweep())
    try Snapshot.expect(String(decoding: ReportPage.html(sweep), as: UTF8.self), is: "sweep.html")
  }

  @Test func charts() throws {
    let summary = Summary(try Samples.everything())
    try Snapshot.expect(ChartFile.text(ReportDotChart(metric: .mapAtR, summary: summary).drawing), is: "map-at-r.svg")
    try Snapshot.expect(ChartFile.text(ReportCurveChart.losses(summary)[0].chart.drawing), is: "loss.svg")
    let sweep = ReportSweepChart(curves: SweepCurve.all(try Samples.sweep().runs))
    try Snapshot.expect(ChartFile.text(sweep.drawing), is: "sweep.svg")
    try Snapshot.expect(ChartFile.text(ReportHeatMap(counts: [[2, 1], [0, 3]]).drawing), is: "confusion.svg")
  }

  @Test func projections() throws {
    let projections = try Samples.report().projections[0].projections
    try Snapshot.expect(String(decoding: ProjectionPage.html(projections), as: UTF8.self), is: "tsne.html")
    try Snapshot.expect(ProjectionPicture(projections).svg, is: "tsne.svg")
    try Snapshot.expect(projections.csv, is: "tsne.csv")
  }

  @Test func curves() throws { try Snapshot.expect(Curves.csv(Samples.everything().runs[1].epochs), is: "curves.csv") }
}

extension Samples {
  /// Results with something in every table: a taxonomy, validation classes, levels that moved.
  static func everything() throws -> Results {
    var results = try results(seeds: 3, of: .compare)
    results.data.kind = .cub
    results.data.classesTest = 100
    for (index, run) in results.runs.enumerated() {
      results.runs[index].metrics.hierarchical = .init(
        groups: [6, 2], mapAtR: [run.metrics.mapAtR + 0.1, run.metrics.mapAtR + 0.3], hierarchicalAP: 0.4, ndcg: 0.8,
        averageSetIntersection: 0.3, firstErrorsWithinParent: 0.25)
      for epoch in run.epochs.indices {
        results.runs[index].epochs[epoch].validationMapAtR = run.metrics.mapAtR * Double(epoch + 1) / 12
        guard !run.hierarchy.isEmpty else { continue }
        let loss = run.epochs[epoch].loss
        results.runs[index].epochs[epoch].levels = [loss * 0.9, loss]
        results.runs[index].epochs[epoch].accuracies = [0.5, 0.75]
        results.runs[index].epochs[epoch].groups = [
          .init(moved: 0.25, agreement: .init(purity: 0.6, adjustedMutualInformation: 0.45, taxonomyGroups: 6))
        ]
      }
    }
    return results
  }

  /// A sweep over three values of the weight.
  static func sweep() throws -> Results {
    var results = try results(seeds: 2, of: .sweep)
    results.runs = ["hpl-nca", "hpl-pa"].flatMap { method in
      [0, 0.1, 0.5].flatMap { value in
        (0..<2).map { seed in
          var run = run(method, seed: UInt64(seed), base: 0.2 + value / 10 + Double(seed) / 100)
          run.swept = .init(parameter: "w1", value: value)
          return run
        }
      }
    }
    return results
  }
}
