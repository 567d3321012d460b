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
