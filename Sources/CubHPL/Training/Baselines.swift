import Collectives
import Foundation
import Tensor
import TensorFiles

/// What every number of an experiment must be compared with: chance, and for each seed the network before it is trained.
struct Baselines {
  let settings: Settings
  let data: TrainingData
  /// The value of a sweep that the data is for.
  var swept: Results.Swept?
  let output: OutputFolder
  let progress: Progress
  let group: Group

  /// Chance first, then the seeds in their order.
  func measured() throws -> [Results.Baseline] {
    let chance = Metrics.chance(
      data.test.labels, gallery: data.gallery?.labels, groups: data.testGroups, recallAt: data.recallLevels)
    // Of other data are other baselines.
    let (suffix, words) = swept.map { ("-\($0.parameter)-\($0.text)", ", \($0.parameter) \($0.text)") } ?? ("", "")
    return try [.init(method: "chance\(suffix)", title: "Chance\(words)", metrics: chance)]
      + settings.allSeeds.map { seed in
        .init(
          method: "untrained\(suffix)",
          title: (settings.weights == nil ? "Untrained network" : "Weights as given") + words, seed: seed,
          metrics: try untrained(seed: seed, suffix))
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

  /// Measures the network that every method starts with from a seed: random, or with the weights of `--weights`.
  private func untrained(seed: UInt64, _ suffix: String) throws -> Metrics {
    let path = output.file("runs/untrained\(suffix)-seed-\(seed)")
    let identity = RunIdentity(settings, data: data)
    if let kept = try Kept(contentsOf: "\(path)/result.json", over: group), kept.identity.isContinued(by: identity) {
      return kept.metrics
    }
    var generator = RandomGenerator(seed: seed)
    let network = settings.backbone.makeNetwork(
      embedding: settings.dimensions, imageSize: settings.imageSize, using: &generator)
    if let weights = settings.weights { _ = try group.agree { try network.loadWeights(of: weights, settings) } }
    let label = "untrained network, seed \(seed)"
    progress.note("\(label): measuring")
    let embeddings = try TestEmbeddings(network, settings, data, over: group, workers: settings.workers)
    let metrics = try data.measure(embeddings, over: group, progress: { progress.evaluating($0, of: label) }).metrics
    let kept = try JSONText.encoded(Kept(identity: identity, metrics: metrics))
    try OutputFolder(within: path).write(kept, as: "result.json")
    return metrics
  }
}
