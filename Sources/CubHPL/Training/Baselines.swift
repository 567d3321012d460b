import Collectives
import Foundation
import Tensor
import TensorFiles

/// What every number of an experiment must be compared with: chance, and for each seed the network before it is trained, with random
/// weights and with those of `--weights`.
struct Baselines {
  let settings: Settings
  let data: TrainingData
  /// The value of a sweep that the data is for.
  var swept: Results.Swept?
  let output: OutputFolder
  let progress: Progress
  let group: Group

  /// A network before training.
  private enum Start: String, CaseIterable {
    case untrained, weights

    var title: String { self == .untrained ? "Untrained network" : "Weights as given" }
  }

  private var starts: [Start] { settings.weights == nil ? [.untrained] : Start.allCases }

  // Of other data are other baselines.
  private var suffix: String { swept.map { "-\($0.parameter)-\($0.text)" } ?? "" }
  private var words: String { swept.map { ", \($0.parameter) \($0.text)" } ?? "" }

  private var chance: Results.Baseline {
    .init(
      method: "chance\(suffix)", title: "Chance\(words)",
      metrics: .chance(
        data.test.labels, gallery: data.gallery?.labels, groups: data.testGroups, recallAt: data.recallLevels))
  }

  /// Chance first, then the seeds in their order.
  func measured() throws -> [Results.Baseline] {
    try [chance] + all { start, seed in try kept(start, seed) ?? measured(start, seed) }
  }

  /// The same without what has not been measured yet.
  func known() throws -> [Results.Baseline] { try [chance] + all(kept) }

  private func all(_ metrics: (Start, UInt64) throws -> Metrics?) throws -> [Results.Baseline] {
    try starts.flatMap { start in
      try settings.allSeeds.compactMap { seed in
        try metrics(start, seed).map {
          .init(method: start.rawValue + suffix, title: start.title + words, seed: seed, metrics: $0)
        }
      }
    }
  }

  /// What a folder of its own keeps, so that an experiment that goes on does not measure again.
  private struct Kept: Codable, CheckedContent {
    let identity: RunIdentity
    let metrics: Metrics

    func check() throws(ContentError) {
      try identity.settings.check()
      try metrics.check("metrics")
    }
  }

  private func folder(_ start: Start, _ seed: UInt64) -> String {
    output.file("runs/\(start.rawValue)\(suffix)-seed-\(seed)")
  }

  /// The settings that a network before training depends on.
  private func startSettings(_ start: Start) -> Settings {
    var settings = settings
    if start == .untrained { settings.weights = nil }
    return settings
  }

  /// What an earlier process has measured.
  private func kept(_ start: Start, _ seed: UInt64) throws -> Metrics? {
    let kept = try Kept(contentsOf: "\(folder(start, seed))/result.json", over: group)
    let identity = RunIdentity(startSettings(start), data: data)
    return kept.flatMap { $0.identity.isContinued(by: identity) ? $0.metrics : nil }
  }

  /// Measures the network that every method starts with from a seed.
  private func measured(_ start: Start, _ seed: UInt64) throws -> Metrics {
    let settings = startSettings(start)
    var generator = RandomGenerator(seed: seed)
    let network = settings.backbone.makeNetwork(
      embedding: settings.dimensions, imageSize: settings.imageSize, using: &generator)
    if let weights = settings.weights { _ = try group.agree { try network.loadWeights(of: weights, settings) } }
    let label = "\(start.title.prefix(1).lowercased() + start.title.dropFirst())\(words), seed \(seed)"
    progress.note("\(label): measuring")
    let embeddings = try TestEmbeddings(network, settings, data, over: group, workers: settings.workers) {
      progress.tell($0, "\(label)  embedding")
    }
    let metrics = try data.measure(embeddings, over: group) { progress.tell($0, "\(label)  evaluating") }.metrics
    let kept = try JSONText.encoded(Kept(identity: RunIdentity(settings, data: data), metrics: metrics))
    try OutputFolder(within: folder(start, seed)).write(kept, as: "result.json")
    return metrics
  }
}
