import Foundation
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct StatisticTests {
  @Test func theDeviationIsTheSampleDeviation() throws {
    let statistic = Statistic([2, 4, 4, 4, 5, 5, 7, 9])
    expectEqual(statistic.mean, 5)
    expectLess(abs(try #require(statistic.deviation) - (32.0 / 7).squareRoot()), 1e-12)
    expectEqual(Statistic([3]).deviation, nil)
  }

  @Test func textHasTheDeviationOnlyWithSeveralValues() {
    expectEqual(Statistic([0.28674]).text(scale: 100, decimals: 2), "28.67")
    expectEqual(Statistic([0.28, 0.30]).text(scale: 100, decimals: 2), "29.00 ± 1.41")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (60_502, "60,502"), (1_234_567, "1,234,567"), (-1234, "−1,234"),
  ])
  func thousandsAreGrouped(number: Int, text: String) {
    expectEqual(grouped(number), text)
  }
}

@Suite struct TableTests {
  @Test func columnsAlignAndTheBestIsMarked() {
    let expected = """
      Method          R@1     R@2     R@4     R@8   R-Precision   MAP@R     NMI   seconds  images/s
      ────────────  ──────  ──────  ──────  ──────  ────────────  ──────  ──────  ───────  ────────
      Proxy-NCA     63.10   73.10   79.10   83.10         33.10   23.10   53.10      41.2       182
      HPL-NCA       63.80   73.80   79.80   83.80         33.80   23.80   53.80      41.2       182
      Proxy-Anchor  66.20*  76.20*  82.20*  86.20*        36.20*  26.20*  56.20*     41.2       182
      HPL-PA        65.70   75.70   81.70   85.70         35.70   25.70   55.70      41.2       182

      percent, on unseen classes; * best
      """
    expectEqual(Table.text(for: Summary(Samples.runs(seeds: 1))), expected)
  }

  @Test func severalSeedsGiveMeanAndDeviation() {
    let text = Table.text(for: Summary(Samples.runs(seeds: 3)))
    let lines = text.split(separator: "\n")
    #expect(lines[2].hasPrefix("Proxy-NCA     63.70 ± 0.60 "))
    #expect(lines[5].contains(" 26.00 ± 0.30* "))
    #expect(text.hasSuffix("mean ± sample standard deviation over 3 seeds; *\nbest"))
    expectEqual(Set(lines[2...5].map(\.count)).count, 1)
  }

  /// What the best of the methods is, and what a hierarchy gains, is said of methods alone.
  @Test func chanceAndTheUntrainedNetworkStandBelowALine() throws {
    var results = try Samples.results(seeds: 2)
    let lines = Table.text(for: Summary(results)).split(separator: "\n")
    #expect(lines[6] == lines[1] && lines[7].hasPrefix("Chance ") && lines[8].hasPrefix("Untrained network "))
    #expect(lines[7].contains(" 42.00  ") && lines[7].hasSuffix("–         –"))
    #expect(lines[8].contains(" 5.50 ± 0.71 "))
    #expect(Table.comparison(results).contains("\nUntrained network"))
    results.runs = results.runs.map { run in
      var run = run
      run.swept = .init(parameter: "w1", value: 0.1)
      return run
    }
    #expect(Table.sweep(results).contains("\nChance "))
    results.baselines[0].metrics.mapAtR = 0.99
    let summary = Summary(results)
    #expect(summary.isBest(summary.rows[2], in: .mapAtR) && summary.rows.count == 4)
    expectEqual(ReportVerdict.all(summary), ReportVerdict.all(Summary(results.runs)))
    let rows = results.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    #expect(Set(rows.map(\.count)) == [13] && rows.suffix(3).map { $0[0] } == ["chance", "untrained", "untrained"])
    #expect(rows[9].prefix(3) == ["chance", "", ""] && rows[9].suffix(4) == ["0.99", "", "", ""])
    #expect(rows[11].prefix(3) == ["untrained", "1", ""] && rows[11].suffix(2) == ["", ""])
  }

  @Test(arguments: [20, 60, 79]) func notesAreNoWiderThanTheTerminal(width: Int) throws {
    var results = try Samples.results(seeds: 2)
    for index in results.runs.indices {
      results.runs[index].metrics.hierarchical = .init(
        groups: [6], mapAtR: [0.5], hierarchicalAP: 0.4, ndcg: 0.8, averageSetIntersection: 0.3)
      for epoch in results.runs[index].epochs.indices { results.runs[index].epochs[epoch].validationMapAtR = 0.5 }
    }
    let summary = Summary(results)
    let texts = [
      Table.text(for: summary, width: width), Table.comparison(results, width: width),
      try #require(Table.hierarchical(summary, width: width)), try #require(Table.convergence(summary, width: width)),
      try #require(Table.coarseLevels(summary, width: width)),
    ]
    for text in texts {
      let parts = text.split(separator: "\n\n")
      expectEqual(parts.count, 2)
      for line in parts[1].split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    }
  }

  @Test func oneMethodHasNoMarks() {
    let text = Table.text(for: Summary([Samples.run("hpl-pa", seed: 0, base: 0.2)]))
    #expect(!text.contains("*"))
  }

  @Test func equalsAsPrintedShareTheMark() {
    let summary = Summary([
      Samples.run("hpl-pa", seed: 0, base: 0.250001), Samples.run("hpl-nca", seed: 0, base: 0.250002),
      Samples.run("proxy-nca", seed: 0, base: 0.2498),
    ])
    expectEqual(summary.rows.map { summary.isBest($0, in: .mapAtR) }, [true, true, false])
  }

  @Test func theTaxonomyHasATableOfItsOwn() throws {
    expectEqual(Table.hierarchical(Summary(Samples.runs(seeds: 1))), nil)
    let runs = Samples.runs(seeds: 1).prefix(2).enumerated().map { index, run in
      var run = run
      let value = 0.5 + Double(index) / 10
      run.metrics.hierarchical = .init(
        groups: [6, 2], mapAtR: [value, value + 0.2], hierarchicalAP: 0.4, ndcg: 0.8 - value / 10,
        averageSetIntersection: 0.3, firstErrorsWithinParent: 0.25)
      return run
    }
    let expected = """
      Method     MAP@R level 1   MAP@R level 2    H-AP    NDCG     ASI   errors in parent
      ─────────  ──────────────  ──────────────  ──────  ──────  ──────  ─────────────────
      Proxy-NCA          50.00           70.00   40.00*  75.00*  30.00*             25.00*
      HPL-NCA            60.00*          80.00*  40.00*  74.00   30.00*             25.00*
      """
    let text = Table.hierarchical(Summary(runs))
    expectEqual(text?.hasPrefix(expected + "\n\nby the taxonomy of the test classes"), true, "\(text ?? "nothing")")
    var results = try Samples.results()
    results.runs = runs
    #expect(
      results.csv.hasPrefix(
        "method,seed,precision_at_1,recall_at_1,recall_at_2,recall_at_4,recall_at_8,r_precision,map_at_r,nmi,map_at_r_level_1,"
          + "map_at_r_level_2,h_ap,ndcg,asi,first_errors_within_parent,seconds,images_per_second\nproxy-nca,0,"))
    #expect(results.csv.contains(",0.25,41.24,181.6\nhpl-nca,0,"))
    #expect(results.csv.contains(",0.02,,,,,,,,,\nuntrained,0,"))
    let page = ReportPage(ReportContent(title: "x", results: results)).taxonomy?.text ?? ""
    #expect(page.contains("level 1: 6 groups, level 2: 2 groups") && page.contains("MAP@R level 2"))
    expectEqual(Metrics.mean(runs.map(\.metrics)).hierarchical?.mapAtR, [0.55, 0.75])
  }

  /// What the mean of several networks lacks would be lost of folds together.
  @Test func aMeanHasEveryMeasure() throws {
    var metrics = [try Samples.results().runs[0].metrics, try Samples.results().runs[0].metrics]
    for index in metrics.indices {
      metrics[index].precision = [1: 0.5, 5: 0.25 + Double(index) / 2]
      metrics[index].meanReciprocalRank = 0.5
      metrics[index].cumulativeMatches = [0.5, 0.75]
    }
    let mean = Metrics.mean(metrics)
    expectEqual(mean.measured, metrics[0].measured)
    expectEqual(mean.precision, [1: 0.5, 5: 0.5])
  }

  /// The values of a sweep may have other measures: those of all are columns, beside the value.
  @Test func theColumnsOfASweepAreThoseOfAllValues() throws {
    var results = try Samples.sweep()
    let hierarchical = Metrics.Hierarchical(
      groups: [6], mapAtR: [0.5], hierarchicalAP: 0.4, ndcg: 0.8, averageSetIntersection: 0.3)
    results.runs[3].metrics.hierarchical = hierarchical
    results.runs[5].metrics.meanReciprocalRank = 0.75
    let rows = results.csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    expectEqual(
      rows[0].joined(separator: ","),
      "method,seed,w1,precision_at_1,recall_at_1,recall_at_2,recall_at_4,recall_at_8,r_precision,map_at_r,nmi,"
        + "map_at_r_level_1,h_ap,ndcg,asi,mean_reciprocal_rank,seconds,images_per_second")
    expectEqual(Set(rows.map(\.count)), [18])
    expectEqual(rows[4].prefix(3) + rows[4][11...15], ["hpl-nca", "1", "0.1", "0.5", "0.4", "0.8", "0.3", ""])
    expectEqual(rows[6].prefix(3) + rows[6][11...15], ["hpl-nca", "1", "0.5", "", "", "", "", "0.75"])
    expectEqual(Array(rows[13].prefix(3)), ["chance", "", ""])
    // A level that only some runs have is no number of the others.
    expectEqual(Metric.groupMapAtR(level: 2).value(in: results.runs[3].metrics).isNaN, true)
  }

  @Test func coarseLevelsHaveATableToo() throws {
    expectEqual(Table.coarseLevels(Summary([Samples.run("proxy-nca", seed: 0, base: 0.2)])), nil)
    var run = Samples.run("hpl-pa", seed: 0, base: 0.2, epochs: 3)
    run.epochs[1].groups = [.init(moved: 0.25)]
    run.epochs[2].accuracies = [0.5, 0.75]
    run.hierarchy[0].agreement = .init(purity: 0.6, adjustedMutualInformation: 0.45, taxonomyGroups: 6)
    let lines = Table.coarseLevels(Summary([run]))?.split(separator: "\n") ?? []
    #expect(lines.count == 6 && lines[2] == "HPL-PA, clusters:3:0.1        3     75.00  25.00   60.00  45.00")
    var results = try Samples.results()
    expectEqual(ReportPage(ReportContent(title: "x", results: results)).coarseLevels?.text.contains("<td>–</td>"), true)
    results.runs = [run]
    let page = ReportPage(ReportContent(title: "x", results: results)).coarseLevels?.text ?? ""
    #expect(
      page.contains("HPL-PA, clusters:3:0.1</th><td>3</td><td>75.00</td><td>25.00</td><td>60.00</td><td>45.00</td>"))
  }

  @Test func anEmptyTableIsItsHeader() {
    #expect(Table(Summary([])).rows.isEmpty)
  }
}

@Suite struct ResultsTests {
  @Test func theKeysAreThePublishedOnes() throws {
    let data = try Samples.results().json()
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let keys: Set = [
      "version", "command", "seed", "date", "data", "options", "machine", "packages", "runs", "baselines",
    ]
    expectEqual(Set(object.keys), keys)
    #expect(object["version"] is String)
    #expect(object["seed"] is Int)

    let dataSet = try #require(object["data"] as? [String: Any])
    expectEqual(dataSet["name"] as? String, "embedded birds")
    expectEqual(dataSet["classes_train"] as? Int, 18)
    expectEqual(dataSet["classes_test"] as? Int, 18)
    expectEqual(dataSet["images_train"] as? Int, 720)
    expectEqual(dataSet["images_test"] as? Int, 1720)

    let runs = try #require(object["runs"] as? [[String: Any]])
    expectEqual(runs.map { $0["method"] as? String }, ["proxy-nca", "hpl-nca", "proxy-anchor", "hpl-pa"])
    let run = runs[3]
    let runKeys: Set = [
      "method", "title", "flat_method", "seed", "tested", "seconds", "images_per_second", "metrics", "parameters",
      "queries_dropped", "epochs",
      "hierarchy",
    ]
    expectEqual(Set(run.keys), runKeys)
    let metrics = try #require(run["metrics"] as? [String: Double])
    let metricKeys: Set = [
      "precision_at_1", "recall_at_1", "recall_at_2", "recall_at_4", "recall_at_8", "r_precision", "map_at_r",
      "nmi",
    ]
    expectEqual(Set(metrics.keys), metricKeys)
    expectEqual(metrics["map_at_r"], 0.257)
    let baselines = try #require(object["baselines"] as? [[String: Any]])
    expectEqual(baselines.map { $0["method"] as? String }, ["chance", "untrained"])
    #expect(Set(baselines[0].keys) == ["method", "title", "metrics"] && baselines[1]["seed"] as? Int == 0)
    let epochs = try #require(run["epochs"] as? [[String: Any]])
    expectEqual(Set(epochs[0].keys), ["epoch", "loss", "learning_rate", "levels"])
  }

  @Test func resultsSurviveJSON() throws {
    let results = try Samples.results(seeds: 2)
    let data = try results.json()
    try expectEqual(JSONDecoder().decode(Results.self, from: data), results)
    expectEqual(data.last, UInt8(ascii: "\n"))
  }

  @Test func notANumberIsRefused() throws {
    var results = try Samples.results()
    results.runs[0].metrics.mapAtR = .nan
    #expect(throws: (any Error).self) { try results.json() }
  }

  @Test func theCommandReadsBackInAShell() {
    expectEqual(shellCommand(["cub-hpl", "--data", "my birds", "--lr=1e-3"]), "cub-hpl --data 'my birds' --lr=1e-3")
    expectEqual(shellCommand(["it's", "", "$HOME"]), #"'it'\''s' '' '$HOME'"#)
  }

  @Test func theMachineIsDescribed() {
    let machine = Machine.current(threads: 1)
    #expect(machine.cores >= 1)
    #expect(machine.memoryGibibytes > 0)
    #expect(machine.description.contains("1 thread,"))
  }
}

@Suite struct OutputFolderTests {
  private let scratch = NSTemporaryDirectory() + "cub-hpl-tests-\(UUID().uuidString)"

  private func contents(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { $0 != FolderLock.name }.sorted()
  }

  private func removeScratch() { try? FileManager.default.removeItem(atPath: scratch) }

  @Test func filesAppearWhole() throws {
    defer { removeScratch() }
    let folder = try OutputFolder(scratch + "/a/b")
    #expect(contents(folder.path).isEmpty)
    try folder.write(Data("one".utf8), as: "x.json")
    try folder.write(Data("two".utf8), as: "x.json")
    expectEqual(contents(folder.path), ["x.json"])
    try expectEqual(String(contentsOfFile: folder.file("x.json"), encoding: .utf8), "two")
  }

  @Test func aFailedWriteLeavesTheOldFile() throws {
    struct Interrupted: Error {}
    defer { removeScratch() }
    let folder = try OutputFolder(scratch)
    try folder.write(Data("old".utf8), as: "model")
    #expect(throws: Interrupted.self) {
      try folder.write([
        (
          "model",
          { file in
            try file.write(Array("half".utf8))
            throw Interrupted()
          }
        )
      ])
    }
    expectEqual(contents(folder.path), ["model"])
    try expectEqual(String(contentsOfFile: folder.file("model"), encoding: .utf8), "old")
  }

  @Test func aFileInTheWayIsNamed() throws {
    defer { removeScratch() }
    let folder = try OutputFolder(scratch)
    try folder.write(Data(), as: "file")
    for path in [scratch + "/file", scratch + "/file/below/it"] {
      do {
        _ = try OutputFolder(path)
        Issue.record("\(path) was created")
      } catch let error as OutputError {
        #expect("\(error)".contains(path))
        #expect("\(error)".contains("--output"))
      }
    }
    expectEqual(contents(scratch), ["file"])
  }

  @Test func anUnwritableFolderIsAnError() {
    #expect(throws: OutputError.self) { try OutputFolder("/proc/cub-hpl") }
    #expect(throws: OutputError.self) { try OutputFolder("/dev/null/x") }
  }

  @Test func anEmptyNewFolderIsDiscarded() throws {
    defer { removeScratch() }
    let outer = try OutputFolder(scratch)
    let inner = try OutputFolder(within: scratch + "/runs/1")
    inner.discardIfEmpty()
    #expect(contents(outer.path).isEmpty)
    let kept = try OutputFolder(within: scratch + "/runs/2")
    try kept.write(Data(), as: "results.json")
    kept.discardIfEmpty()
    expectEqual(contents(kept.path), ["results.json"])
  }

  @Test func aFolderThatVanishedIsAnError() throws {
    let folder = try OutputFolder(scratch)
    removeScratch()
    #expect(throws: OutputError.self) { try folder.write(Data("x".utf8), as: "x") }
  }
}
