import Foundation
import TensorFiles
import Testing
import _TestSupport

@testable import CubHPL

/// The report of an experiment that goes on, and the pages that are made from its files.
@Suite struct LiveReportTests {
  /// Two runs are tested, and the third is in its third epoch of twelve.
  private static func live(_ title: String = "Proxy-Anchor") throws -> LiveResults {
    var results = try Samples.results()
    let open = results.runs[2]
    results.runs = Array(results.runs[..<2])
    var epochs = Array(open.epochs[..<2])
    for index in epochs.indices {
      epochs[index].probeMapAtR = 0.4 + Double(index) / 10
      epochs[index].logged = ["hard <b>": 0.5]
      epochs[index].norms = ["network": .init(gradients: 2, weights: 30)]
    }
    let cost = EpochCost(data: 1, forward: 2, backward: 4, step: 0.5, evaluation: 0.25, other: 0.25, peakMebibytes: 512)
    let run = UnfinishedRun(
      method: open.method, title: title, flatMethod: open.flatMethod, seed: 0, seconds: 16, epochs: epochs,
      probe: "3 of the 18 classes", costs: [cost, cost])
    let state = ExperimentState(
      runs: 4, runsFinished: 2, work: title, epoch: 2, epochs: 12, updated: "2027-01-15T08:00:00Z", pause: 8)
    return LiveResults(results: results, unfinished: [run], state: state)
  }

  private func page(_ live: LiveResults) -> String { String(decoding: ReportPage.html(.init(live)), as: UTF8.self) }

  @Test func thePageSaysWhereTheRunStands() throws {
    var live = try Self.live()
    let running = page(live)
    #expect(running.contains("Running, epoch 3 of 12: Proxy-Anchor, run 3 of 4."))
    #expect(running.contains("reloads itself while the run lasts") && running.contains("location.reload()"))
    for text in ["MAP@R on a part of the training classes", "Gradient norm, network", "Logged: hard &lt;b&gt;", "512"] {
      #expect(running.contains(text), "\(text)")
    }
    #expect(running.contains("<tbody class=\"baselines\">") && !running.contains("nan"))
    live.state.epoch = 12
    expectEqual(live.state.description, "running, testing after epoch 12: Proxy-Anchor, run 3 of 4")
    (live.state.epoch, live.state.ended, live.state.reason) = (5, "failed", "cub-hpl: <x>")
    let ended = page(live)
    #expect(ended.contains("Failed after epoch 5 of 12") && ended.contains("cub-hpl: &lt;x&gt;"))
    #expect(!ended.contains("<script"))
  }

  /// The results of a protocol's folds come when all of a method's are done, two of them for four runs.
  @Test func everyFoldIsARun() throws {
    let settings = try Harness.settings([])
    let runs = ["proxy-anchor", "hpl-pa"].map { name in
      (0..<4).map { RunPlan(method: MethodList.standard[name]!, seed: 0, fold: $0, settings: settings) }
    }
    func text(_ run: RunPlan?, _ work: String = "") -> String {
      ExperimentState(runs, at: run, work: work, epoch: run.map { _ in 1 }, epochs: 5, updated: "", pause: 0)
        .description
    }
    expectEqual(text(runs[0][2]), "running, epoch 2 of 5: Proxy-Anchor, fold 3, run 3 of 8")
    expectEqual(text(runs[1][0]), "running, epoch 2 of 5: HPL-PA, fold 1, run 5 of 8")
    expectEqual(text(nil, "the networks before training"), "running: the networks before training")
  }

  @Test func beforeTheFirstTestThereAreBaselines() throws {
    var live = try Self.live()
    live.results.runs = []
    live.results.baselines = [live.results.baselines[0]]
    let text = page(live)
    #expect(text.contains("Chance") && text.contains("<h2 id=\"results\">") && text.contains("<h2 id=\"losses\">"))
    live.unfinished = []
    live.results.baselines = []
    #expect(page(live).contains("<h1>"))
  }

  @Test func pagesAreMadeFromFiles() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func write(_ data: Data, _ name: String) throws {
      let file = URL(fileURLWithPath: "\(folder)/\(name)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: file)
    }
    func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
    var results = try Samples.results()
    results.options.learningRate = 0.125
    try write(results.json(), "b done/results.json")
    try write(JSONText.encoded(Self.live("</script><b>")), "a/deep/live.json")
    try write(Data("{".utf8), "c/results.json")
    try Harness.run(["report", folder])
    let index = try text("index.html")
    #expect(index.contains("7 runs of 2 experiments") && index.contains("stopped, 2 of 16"))
    #expect(index.contains("<select data-parameter=\"lr\">") && !index.contains("data-parameter=\"epochs\""))
    #expect(index.contains("href=\"b%20done/report.html\"") && index.contains("href=\"a/deep/report.html\""))
    #expect(!index.contains("</script><b>") && index.contains("\\u003c/script\\u003e"))
    for marker in ["http:", "https:", "src=", "<link", "@import"] {
      #expect(!index.replacing("http://www.w3.org/2000/svg", with: "").contains(marker), "\(marker)")
    }
    #expect(try text("a/deep/report.html").contains("Stopped after epoch 2 of 12"), "nobody goes on with it")
    #expect(try text("b done/report.html").contains("has no pictures"))
    #expect(try LiveResults(contentsOf: "\(folder)/a/deep/live.json")?.state.ended == "stopped")

    // Where a process is at work, its page stays.
    try write(JSONText.encoded(Self.live()), "a/deep/live.json")
    try write(Data("its own".utf8), "a/deep/report.html")
    let lock = try FolderLock("\(folder)/a/deep")
    defer { lock.release() }
    try Harness.run(["report", "\(folder)/a", "\(folder)/b done", "--output", "\(folder)/x/all.html"])
    #expect(try text("a/deep/report.html") == "its own" && text("x/all.html").contains("running, 2 of 16"))
    #expect(try text("x/all.html").contains("href=\"../b%20done/report.html\""))
  }

  /// Between reading and locking, the process that was at work may have finished.
  @Test func whatHasFinishedMeanwhileIsNotStopped() throws {
    try inTemporaryFolder { folder in
      let live = URL(fileURLWithPath: "\(folder)/live.json")
      try JSONText.encoded(Self.live()).write(to: live)
      let seen = try RecordedExperiment(folder)
      #expect(seen.state != nil && seen.unfinished.count == 1)
      try FileManager.default.removeItem(at: live)
      try Samples.results().json().write(to: URL(fileURLWithPath: "\(folder)/results.json"))
      try Data("its own".utf8).write(to: URL(fileURLWithPath: "\(folder)/report.html"))
      let now = try seen.withReport()
      #expect(now.state == nil && now.unfinished.isEmpty && now.results.runs.count == 4)
      try expectEqual(String(contentsOfFile: "\(folder)/report.html", encoding: .utf8), "its own")
    }
  }

  /// Means are taken of the runs of a method, and of the seeds of a baseline.
  @Test func unequalMeasuresAreNamed() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/results.json"
      func expect(_ message: String, _ change: (inout Results) -> Void) throws {
        var results = try Samples.results(seeds: 2)
        change(&results)
        try results.json().write(to: URL(fileURLWithPath: file))
        expectEqual(
          failure { try RecordedExperiment(folder) },
          "cub-hpl: \(file): \(message); the experiment's command, given again with its --output, writes it anew")
      }
      let (flat, hpl) = ("runs[0], which is of proxy-nca too", "runs[3], which is of hpl-pa too")
      let untrained = "baselines[1], which is of untrained too"
      try expect("runs[4].metrics: has no nmi, unlike \(flat)") { $0.runs[4].metrics.nmi = nil }
      try expect("runs[7].metrics: has recall_at_16, unlike \(hpl)") { $0.runs[7].metrics.recall[16] = 0.9 }
      try expect("baselines[2].metrics: has no recall_at_8, unlike \(untrained)") {
        $0.baselines[2].metrics.recall[8] = nil
      }
      try expect("baselines[2].metrics: has no cmc to 2, unlike \(untrained)") {
        $0.baselines[1].metrics.cumulativeMatches = [0.5, 0.6]
        $0.baselines[2].metrics.cumulativeMatches = [0.5]
      }
      try expect("data: -1 is not from 0 to 9007199254740992") { $0.data.imagesTest = -1 }
    }
  }

  /// Each measure that some run has is a column, and of many epochs the last is kept.
  @Test func theIndexHasWhatAllRunsHave() throws {
    try inTemporaryFolder { folder in
      var (first, second) = (try Samples.results(), try Samples.results())
      first.runs = [first.runs[0]]
      (first.runs[0].metrics.recall, first.runs[0].metrics.nmi) = ([1: 0.5, 10: 0.7], nil)
      second.runs = [Samples.run("hpl-pa", seed: 0, base: 0.2, epochs: 1001)]
      for (name, results) in [("a", first), ("b", second)] {
        _ = try OutputFolder(within: "\(folder)/\(name)")
        try results.json().write(to: URL(fileURLWithPath: "\(folder)/\(name)/results.json"))
      }
      try Harness.run(["report", folder])
      let page = try String(contentsOfFile: "\(folder)/index.html", encoding: .utf8)
      let columns = page.matches(of: /class="sort">([^<]+)</).map(\.1)
      expectEqual(
        columns.filter { $0.contains("@") || $0.contains("Prec") || $0 == "NMI" },
        ["MAP@R", "R@1", "R@2", "R@4", "R@8", "R@10", "R-Precision", "NMI"])
      #expect(page.contains("[1001,") && page.contains("[1,") && page.matches(of: /\[\d+,/).count < 2000)
    }
  }

  @Test func whatIsNoExperimentIsNamed() throws {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    expectEqual(
      failure { try Harness.run(["report"]) },
      "cub-hpl: report needs a folder with experiments, such as runs: cub-hpl report DIR")
    #expect(failure { try Harness.run(["report", folder]) }.contains("holds no experiment: there is no results.json"))
    #expect(failure { try Harness.run(["report", "\(folder)/no"]) }.contains("is not a folder"))
    #expect(failure { try Harness.run(["report", folder, "--output", "x.txt"]) }.contains("ends in .html"))
    try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(folder)/results.json"))
    #expect(failure { try Harness.run(["report", folder]) }.contains("holds no experiment that can be read"))
  }
}
