import Foundation
import HPL
import NN
import Tensor
import Vision

/// A loss that is no number any more.
struct DivergenceError: Error, CustomStringConvertible {
  let run: String
  let epoch: Int
  let step: Int
  let loss: Float

  var description: String {
    "\(run): the loss became \(loss.isNaN ? "NaN" : "infinite") in epoch \(epoch), step \(step); try a smaller --lr or --proxy-lr"
  }
}

/// One method trained from one seed.
///
/// Everything that training changes is a property here, and an epoch is a function of these and of its number, so that a
/// checkpoint between two epochs is a copy of the properties.
final class TrainingRun {
  let method: Method
  let seed: UInt64
  let model: any Backbone<Float>
  /// What was not taken from the file of `--weights`, as lines for a person.
  let weightNotes: [String]
  let loss: HierarchicalProxyLoss<Float>
  let optimizer: AdamW<Float>
  private(set) var curve: [Results.Epoch] = []
  private(set) var seconds = 0.0
  private(set) var imagesSeen = 0
  private var clusterGenerator: RandomGenerator

  private let settings: Settings
  private let data: TrainingData
  private let sampler: BalancedSampler
  private let loader: Loader
  private let schedule: Schedule
  private let reclustering: ReclusteringSchedule

  /// Makes network, proxies and optimizer; the same seed gives every method the same network and class proxies.
  init(_ method: Method, seed: UInt64, settings: Settings, data: TrainingData) throws {
    (self.method, self.seed, self.settings, self.data) = (method, seed, settings, data)
    var generator = RandomGenerator(seed: seed)
    let model = settings.backbone.makeNetwork(embedding: settings.dimensions, using: &generator)
    weightNotes = try settings.weights.map { try model.loadWeights(of: $0) } ?? []
    if settings.freezeBatchNorm { model.setBatchNormFrozen(true) }
    self.model = model
    let levels = try method.levels(settings.levels, classes: data.train.classCount, taxonomy: data.train.taxonomy)
    loss = HierarchicalProxyLoss(dimensions: settings.dimensions, levels: levels, using: &generator)
    clusterGenerator = generator.split()
    optimizer = AdamW(
      groups: [
        .init(model.parameters, learningRate: settings.learningRate, name: "network"),
        .init(loss.parameters, learningRate: settings.proxyLearningRate, name: "proxies"),
      ], weightDecay: 1e-4)
    sampler = try BalancedSampler(
      labels: Labels(data.train.labels), batch: settings.batch, samplesPerClass: settings.samplesPerClass, seed: seed)
    loader = Loader(
      data.train, transform: Pipeline.training(settings), seed: seed, workers: settings.workers)
    let steps = sampler.batches(epoch: 0).count
    schedule = Schedule.cosine(over: max(1, (settings.epochs - 1) * steps)).warmingUp(over: steps)
    reclustering = ReclusteringSchedule(start: settings.warmUp, period: settings.recluster)
  }

  /// The run's name in messages.
  var label: String { settings.seeds > 1 ? "\(method.title), seed \(seed)" : method.title }

  /// Trains for one epoch (from 0) and appends a point to the curve.
  ///
  /// Throws `DivergenceError` when the loss is no number, and whatever reading a picture throws.
  func trainEpoch(_ epoch: Int, progress: Progress) throws {
    let start = Progress.now()
    defer { seconds += Progress.now() - start }
    model.train()
    if settings.headWarmUp > 0 { model.setBodyFrozen(epoch < settings.headWarmUp) }
    _ = reclustering.begin(epoch: epoch, loss, using: &clusterGenerator)
    let batches = sampler.batches(epoch: epoch)
    var sum = 0.0
    var step = 0
    try loader.forEach(batches, epoch: epoch) { batch in
      Profile.mark("wait for pictures")
      optimizer.learningRateFactor = schedule.factor(at: epoch * batches.count + step)
      step += 1
      let value = loss(model(batch.images), labels: batch.labels)
      guard value.item.isFinite else {
        throw DivergenceError(run: label, epoch: epoch + 1, step: step, loss: value.item)
      }
      optimizer.step(value.backward(), ignoresOthers: false)
      sum += Double(value.item)
      imagesSeen += batch.indices.count
      progress.step(epoch: epoch + 1, loss: Double(value.item), images: batch.indices.count)
    }
    curve.append(
      Results.Epoch(
        epoch: epoch + 1, loss: sum / Double(step),
        learningRate: settings.learningRate * schedule.factor(at: epoch * batches.count)))
  }

  /// The embeddings of the test pictures, `[pictures, dimensions]`, not normalised.
  func testEmbeddings() throws -> Tensor<Float> {
    model.evaluate()
    let loader = Loader(
      data.test,
      transform: Pipeline.evaluation(size: settings.imageSize, normalizing: settings.backbone.normalization),
      seed: seed,
      workers: settings.workers)
    var parts: [Tensor<Float>] = []
    try loader.forEach(data.test.batches(of: 120)) { batch in
      Profile.mark("wait for pictures")
      parts.append(withoutRecording { model(batch.images) })
    }
    return .concatenated(parts, along: 0)
  }

  /// What `results.json` says of the run.
  func result(_ metrics: RetrievalMetrics) -> Results.Run {
    Results.Run(
      method: method.rawValue, seed: seed, seconds: seconds, imagesPerSecond: Double(imagesSeen) / max(seconds, 1e-9),
      metrics: Metrics(metrics), parameters: model.parameterCount + loss.parameterCount,
      queriesDropped: metrics.queriesDropped, epochs: curve, hierarchy: hierarchy)
  }

  /// The coarse levels as they are now, from the finest.
  var hierarchy: [Results.Level] {
    zip(loss.levels.dropFirst(), settings.levels.coarse).map { level, specification in
      Results.Level(
        name: "\(LevelSpecification(classWeight: 1, coarse: [specification]))".split(separator: ",").last.map(
          String.init)!,
        parents: level.parents, groupNames: specification.source == .taxonomy ? data.train.taxonomy?.names : nil)
    }
  }
}

extension Method {
  /// The levels to train with: the classes, and above them what `--levels` says if the method is hierarchical.
  func levels(_ specification: LevelSpecification, classes: Int, taxonomy: Taxonomy?) throws -> [ProxyLevel<Float>] {
    let base: any ProxyLoss<Float> = flat == .proxyNCA ? ProxyNCA() : ProxyAnchor()
    guard isHierarchical else { return [.classes(classes, loss: base)] }
    var levels: [ProxyLevel<Float>] = [.classes(classes, weight: Float(specification.classWeight), loss: base)]
    for (index, coarse) in specification.coarse.enumerated() {
      let proxies: ProxyLevel<Float>.CoarseProxies = coarse.proxies == .learned ? .learned : .centroid
      switch coarse.source {
      case .clusters(let count):
        levels.append(.clusters(count, weight: Float(coarse.weight), loss: base, proxies: proxies))
      case .taxonomy:
        guard let taxonomy, index == 0 else {
          throw UsageError.conflict(
            "--levels: a taxonomy groups the classes, so it must be the first coarse level, and the data must have one")
        }
        levels.append(.taxonomy(taxonomy.parents, weight: Float(coarse.weight), loss: base, proxies: proxies))
      }
    }
    do {
      try ProxyLevel.check(levels)
    } catch {
      throw UsageError.conflict("--levels \(specification) does not fit \(classes) training classes: \(error)")
    }
    return levels
  }
}

extension Pipeline {
  /// What training does to each picture: the field's random crop and flip, where a bird drawn to fill its small picture
  /// is cropped less than a photograph.
  static func training(_ settings: Settings) -> Pipeline {
    let normalization = settings.backbone.normalization
    guard settings.data == nil else { return .training(size: settings.imageSize, normalizing: normalization) }
    return Pipeline([
      RandomResizedCrop(size: settings.imageSize, scale: 0.6...1), RandomHorizontalFlip(), normalization,
    ])
  }
}

extension Metrics {
  /// The numbers of `results.json`.
  init(_ metrics: RetrievalMetrics) {
    self.init(
      precisionAt1: metrics.precisionAt1, recallAt1: metrics.recall[1]!, recallAt2: metrics.recall[2]!,
      recallAt4: metrics.recall[4]!, recallAt8: metrics.recall[8]!, rPrecision: metrics.rPrecision,
      mapAtR: metrics.mapAtR)
  }
}
