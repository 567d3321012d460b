import Foundation
import TensorFiles

/// A run that has been trained for some epochs, and not tested.
struct UnfinishedRun: Codable, Equatable, Sendable {
  var method: String
  var title: String
  var flatMethod: String
  var seed: UInt64
  var fold: Int?
  var swept: Results.Swept?
  var seconds: Double
  var epochs: [Results.Epoch]
  var probe: String?
  var costs: [EpochCost]

  enum CodingKeys: String, CodingKey {
    case method, title, seed, fold, swept, seconds, epochs, probe, costs
    case flatMethod = "flat_method"
  }

  /// The same for charts over the epochs.
  var run: Results.Run {
    .init(
      method: method, title: title, flatMethod: flatMethod, seed: seed, swept: swept, seconds: seconds,
      imagesPerSecond: 0,
      metrics: .unmeasured, epochs: epochs, probe: probe, costs: costs)
  }

  func check(_ key: String) throws(ContentError) {
    try Check.seconds(seconds, "\(key).seconds")
    if let fold { try Check.count(fold, "\(key).fold") }
    try epochs.check("\(key).epochs")
    try costs.check("\(key).costs")
  }
}

extension Metrics {
  /// Of a network that has not been tested.
  static let unmeasured = Metrics(precisionAt1: .nan, recall: [1: .nan], rPrecision: .nan, mapAtR: .nan)
}

/// Where an experiment stands.
struct ExperimentState: Codable, Equatable, Sendable {
  /// How many runs there are, finished ones among them; each fold of a protocol is one.
  var runs: Int
  var runsFinished: Int
  /// What is trained, such as `HPL-PA, seed 1`, or measured; empty between two runs.
  var work: String
  /// Epochs of this run that are done, and all; nil for what has none.
  var epoch: Int?
  var epochs: Int
  /// When this was written, in ISO 8601.
  var updated: String
  /// Seconds until the next word is due.
  var pause: Double
  /// How it has ended, such as `stopped`; nil while it goes on.
  var ended: String?
  /// Why it has failed.
  var reason: String?

  enum CodingKeys: String, CodingKey {
    case runs, work, epoch, epochs, updated, pause, ended, reason
    case runsFinished = "runs_finished"
  }

  /// In words, as `running, epoch 5 of 20: HPL-PA, run 2 of 4`.
  var description: String {
    let place = epoch.map { done in
      ended != nil
        ? " after epoch \(done) of \(epochs)"
        : done < epochs ? ", epoch \(done + 1) of \(epochs)" : ", testing after epoch \(done)"
    }
    let run = runs > 1 && epoch != nil ? ", run \(min(runsFinished + 1, runs)) of \(runs)" : ""
    return "\(ended ?? "running")\(place ?? "")" + (work.isEmpty ? "" : ": \(work)\(run)")
  }
}

extension ExperimentState {
  /// That of an experiment at one of its runs, or at other work when all of them are done.
  init(
    _ runs: [[RunPlan]], at run: RunPlan?, work: String, epoch: Int?, epochs: Int, updated: String, pause: Double
  ) {
    let names = runs.joined().map(\.name)
    self.init(
      runs: names.count, runsFinished: run.map { names.firstIndex(of: $0.name)! } ?? names.count,
      work: run?.label ?? work, epoch: epoch, epochs: epochs, updated: updated, pause: pause)
  }
}

/// What is known of an experiment that has not finished: `live.json` in its folder, from which the pages are made.
struct LiveResults: Codable, CheckedContent {
  /// What the folder calls it.
  static let name = "live.json"

  var results: Results
  var unfinished: [UnfinishedRun]
  var state: ExperimentState

  func check() throws(ContentError) {
    try results.check()
    for (index, run) in unfinished.enumerated() { try run.check("unfinished[\(index)]") }
    try Check.count(state.runs, "state.runs")
    try Check.count(state.runsFinished, "state.runs_finished")
    try Check.count(state.epoch ?? 0, "state.epoch")
    try Check.count(state.epochs, "state.epochs")
    try Check.seconds(state.pause, "state.pause")
  }
}

extension Results {
  /// Checks what pages show.
  func check() throws(ContentError) {
    var options = options
    // Another program may have losses of its own.
    options.methods = []
    try options.check()
    try data.check("data")
    for (index, value) in (sweptData ?? []).enumerated() {
      try value.swept.check("swept_data[\(index)].swept")
      try value.data.check("swept_data[\(index)].data")
    }
    for (index, run) in runs.enumerated() { try run.check("runs[\(index)]") }
    let names = runs.map { run in run.method + (run.swept.map { ", \($0.parameter) \($0.text)" } ?? "") }
    try Check.alike(zip(names, runs.map(\.metrics)), "runs")
    for (index, baseline) in baselines.enumerated() { try baseline.metrics.check("baselines[\(index)].metrics") }
    try Check.alike(zip(baselines.map(\.method), baselines.map(\.metrics)), "baselines")
  }
}
