import ClassTree
import Collectives
import Foundation
import HPL
import Models
import Tensor
import TensorFiles
import Vision

/// A trained network with its loss and settings, as a checkpoint holds them.
struct TrainedModel {
  /// In evaluation; with the averaged weights where the run kept some.
  let network: any Backbone<Float>
  /// The proxies and their hierarchy; nil where the loss compares samples, and of a method that this program does not know.
  let loss: HierarchicalProxyLoss<Float>?
  /// Nil for a method of another program, whose network can be used all the same.
  let method: Method?
  /// What the run was trained with; without paths and the number of runs and threads.
  let settings: Settings
  /// Seed, curve, class names and the pictures' checksum.
  let state: Checkpoint.State

  /// Opens `last.safetensors` or `best.safetensors` of a run's folder, or the `model.safetensors` beside a report with the
  /// `proxies.safetensors` there.
  ///
  /// Throws `CheckpointError` where the file is damaged, something else, or of a network that `methods` lacks.
  init(checkpoint path: String, methods: MethodList = .standard) throws {
    try self.init(Checkpoint(contentsOf: path), at: path, methods: methods)
  }

  /// Takes it from a checkpoint in memory; `path` is where its file lies, or would.
  init(_ checkpoint: Checkpoint, at path: String, methods: MethodList) throws {
    state = checkpoint.state
    var settings = state.identity.settings
    if case .own(let part) = settings.backbone {
      guard let own = methods.parts.backbones.first(where: { $0.name == part.name }) else {
        throw CheckpointError.unknownNetwork(file: path, network: part.name)
      }
      settings.backbone = .own(own)
    }
    self.settings = settings
    method = methods[state.method]
    do {
      // Before the network, which takes much longer to make than to find the other file damaged.
      let proxyFile = try method.map { try Self.proxies(of: checkpoint, at: path, $0) }
      var generator = RandomGenerator(seed: state.seed)
      network = settings.backbone.makeNetwork(
        embedding: settings.dimensions, imageSize: settings.imageSize, using: &generator)
      try checkpoint.loadNetwork(into: network)
      network.evaluate()
      guard let method, let (proxies, prefix) = proxyFile else {
        loss = nil
        return
      }
      let classes = state.classNames.count
      guard method.comparesSamples || proxies.shape(of: "\(prefix)levels.0.proxies")?.first ?? classes >= classes else {
        throw TensorFileError.malformed(
          file: proxies.source, reason: "tensor '\(prefix)levels.0.proxies' has no proxy for each of \(classes) classes"
        )
      }
      let taxonomy =
        try method.isHierarchical ? proxies.taxonomy(of: settings.levels, classes: classes, prefix: prefix) : nil
      loss = try method.objective(
        settings, classes: classes, taxonomy: taxonomy, using: &generator
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
    guard checkpoint.isResult, !method.comparesSamples else { return (checkpoint.tensors, "loss.") }
    let beside = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("proxies.safetensors")
    let proxies = try Safetensors(contentsOf: beside.path)
    guard proxies.hasChecksum else {
      throw CheckpointError.unusable(file: beside.path, reason: "has no checksum")
    }
    guard proxies.metadata == checkpoint.tensors.metadata.filter({ $0.key != Checkpoint.key }) else {
      throw CheckpointError.unusable(file: beside.path, reason: "is of another model than \(path)")
    }
    return (proxies, "")
  }

  /// Identifies the network, whatever file it is in: the backbone, the numbers in an embedding, and a checksum of its weights and of how
  /// pictures are made ready for it.
  func fingerprint() throws -> String {
    var sum = FileChecksum()
    func add(_ text: String) { Array(text.utf8).withUnsafeBytes { sum.add($0) } }
    add("\(settings.imageSize) \(settings.backbone.rawValue)")
    for (name, parameter) in network.state.map({ ($0.name, $0.parameter.value) }) {
      add("\(name) \(parameter.shape)")
      parameter.withUnsafeScalars { sum.add(UnsafeRawBufferPointer($0)) }
    }
    return "\(settings.backbone.rawValue)-\(settings.dimensions)-\(sum.digits)"
  }

  /// Throws `RankError` where ranks have opened different models.
  func check(over group: Group) throws {
    guard group.size > 1 else { return }
    let norms = network.state.map { ($0.parameter.value * $0.parameter.value).sum().item }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let identity = String(decoding: try encoder.encode(state.identity), as: UTF8.self)
    try RanksError.check("\(identity) \(state.curve.count) \(norms)", over: group) { _, _ in ["another model"] }
  }

  /// The embeddings of pictures, `[pictures, dimensions]`, not normalised.
  ///
  /// Throws `EmbeddingError` where one is no direction.
  func embeddings(
    of pictures: ImageDataset, over group: Group, workers: Int = 2, meter: Meter = .silent
  ) throws -> Tensor<Float> {
    let embeddings = try network.embeddings(of: pictures, settings, over: group, workers: workers) {
      meter.tell($0, "embedding \(counted(pictures.count, "picture", "pictures"))")
    }
    if !embeddings.isFinite.allTrue {
      let row = (0..<pictures.count).first { !embeddings[$0].isFinite.allTrue }!
      throw EmbeddingError(picture: pictures.samples[row].source.name)
    }
    return embeddings
  }
}

/// An embedding that is no direction.
struct EmbeddingError: Error, CustomStringConvertible {
  let picture: String

  var description: String { "the model makes NaN or infinity of \(picture): its training has diverged" }
}

extension Safetensors {
  /// The groups that the levels took from the data, without their names; nil where they are all clusters.
  fileprivate func taxonomy(of levels: LevelSpecification, classes: Int, prefix: String) throws -> ClassHierarchy? {
    let given = levels.coarse.prefix { $0.source == .taxonomy }
    var below = classes
    let groups = try given.indices.map { index -> ClassHierarchy.Level in
      let name = "\(prefix)levels.\(index + 1).parents"
      let parents: Tensor<Int> = try tensor(name)
      let groups = Set(parents.scalars)
      guard parents.shape == [below], groups == Set(0..<groups.count) else {
        throw TensorFileError.malformed(
          file: source, reason: "tensor '\(name)' does not put \(below) proxies into groups numbered from 0")
      }
      below = groups.count
      return .init(name: "", groups: (0..<below).map { "\($0)" }, parents: parents.scalars)
    }
    return groups.isEmpty ? nil : try ClassHierarchy(classes: (0..<classes).map { "\($0)" }, levels: groups)
  }
}

extension Backbone<Float> {
  /// The embeddings of pictures as they are evaluated, `[pictures, dimensions]`, not normalised; each rank computes a part of them.
  func embeddings(
    of pictures: ImageDataset, _ settings: Settings, over group: Group, workers: Int,
    progress: (Double) -> Void = { _ in }
  ) throws -> Tensor<Float> {
    evaluate()
    let loader = Loader(
      pictures, transform: Pipeline.evaluation(size: settings.imageSize, normalizing: settings.backbone.normalization),
      seed: 0, workers: workers)
    // Whole batches, so that a picture's embedding is the same bits whoever computes it.
    let batches = pictures.batches(of: 120)
    var parts: [Tensor<Float>] = []
    try group.agree {
      let own = batches[group.share(of: batches.count)]
      try loader.forEach(Array(own)) { batch in
        Profile.mark("wait for pictures")
        parts.append(withPrecision(settings.precision) { withoutRecording { self(batch.images) } })
        progress(Double(parts.count) / Double(own.count))
      }
    }
    return group.gathered(parts.isEmpty ? .zeros([0, settings.dimensions]) : .concatenated(parts, along: 0))
  }
}
