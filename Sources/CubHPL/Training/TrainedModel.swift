import Foundation
import HPL
import NN
import Tensor
import Vision

/// A trained network with its loss and settings, as a checkpoint holds them.
struct TrainedModel {
  /// In evaluation; with the averaged weights where the run kept some.
  let network: any Backbone<Float>
  /// The proxies and their hierarchy; nil where the loss compares pairs.
  let loss: HierarchicalProxyLoss<Float>?
  let method: Method
  /// What the run was trained with; without paths and the number of runs and threads.
  let settings: Settings
  /// Seed, curve, class names and the pictures' checksum.
  let state: Checkpoint.State

  /// Opens `last.safetensors` or `best.safetensors` of a run's folder, or the `model.safetensors` beside a report with the
  /// `proxies.safetensors` there.
  ///
  /// Throws `CheckpointError` where the file is damaged, something else, or of a loss that `methods` lacks.
  init(checkpoint path: String, methods: MethodList = .standard) throws {
    let checkpoint = try Checkpoint(contentsOf: path)
    state = checkpoint.state
    settings = state.identity.settings
    guard let method = methods[state.method] else {
      throw CheckpointError.unknownMethod(file: path, method: state.method)
    }
    self.method = method
    do {
      var generator = RandomGenerator(seed: state.seed)
      network = settings.backbone.makeNetwork(embedding: settings.dimensions, using: &generator)
      try checkpoint.loadNetwork(into: network)
      network.evaluate()
      let (proxies, prefix) = try Self.proxies(of: checkpoint, at: path, method)
      let taxonomy = try method.isHierarchical ? proxies.taxonomy(of: settings.levels, prefix: prefix) : nil
      loss = try method.objective(
        settings, classes: state.classNames.count, taxonomy: taxonomy, using: &generator
      ).proxies
      try loss?.load(proxies, prefix: prefix)
    } catch {
      throw CheckpointError.unreadable(file: path, reason: "\(error)")
    }
  }

  /// The tensors of the loss, and what stands before their names.
  private static func proxies(
    of checkpoint: Checkpoint, at path: String, _ method: Method
  ) throws -> (file: Safetensors, prefix: String) {
    guard checkpoint.isResult, !method.usesMiner else { return (checkpoint.tensors, "loss.") }
    let beside = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("proxies.safetensors")
    let proxies = try Safetensors(contentsOf: beside.path)
    guard proxies.metadata == checkpoint.tensors.metadata.filter({ $0.key != Checkpoint.key }) else {
      throw CheckpointError.unusable(file: beside.path, reason: "is of another model than \(path)")
    }
    return (proxies, "")
  }

  /// The embeddings of pictures, `[pictures, dimensions]`, not normalised.
  func embeddings(of pictures: ImageDataset, workers: Int = Defaults.workers) throws -> Tensor<Float> {
    try network.embeddings(of: pictures, settings, workers: workers)
  }
}

extension Safetensors {
  /// The groups that the levels took from the data, without their names; nil where they are all clusters.
  fileprivate func taxonomy(of levels: LevelSpecification, prefix: String) throws -> Taxonomy? {
    let given = levels.coarse.prefix { $0.source == .taxonomy }
    let groups = try given.indices.map { index -> Taxonomy.Level in
      let parents: Labels = try tensor("\(prefix)levels.\(index + 1).parents")
      return .init(parents: parents.scalars, names: (0...(parents.scalars.max() ?? 0)).map { "\($0)" })
    }
    return groups.isEmpty ? nil : Taxonomy(levels: groups)
  }
}

extension Backbone<Float> {
  /// The embeddings of pictures as they are evaluated, `[pictures, dimensions]`, not normalised.
  func embeddings(of pictures: ImageDataset, _ settings: Settings, workers: Int) throws -> Tensor<Float> {
    evaluate()
    let loader = Loader(
      pictures, transform: Pipeline.evaluation(size: settings.imageSize, normalizing: settings.backbone.normalization),
      seed: 0, workers: workers)
    var parts: [Tensor<Float>] = []
    try loader.forEach(pictures.batches(of: 120)) { batch in
      Profile.mark("wait for pictures")
      parts.append(withoutRecording { self(batch.images) })
    }
    return .concatenated(parts, along: 0)
  }
}
