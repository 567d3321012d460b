import ClassTree
import Collectives
import Foundation
import HPL
import Models
import NN
import Retrieval
import Tensor
import TensorFiles
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

/// One network on its way: trained an epoch at a time, with a checkpoint after each.
///
/// Everything that training changes is a property here, and an epoch is a function of these and of its number, so that a
/// run that is made from a checkpoint goes on bit for bit as if it had never stopped.
final class TrainingRun {
  let plan: RunPlan
  let folder: RunFolder
  let classes: TrainingClasses
  let model: any Backbone<Float>
  /// What was not taken from the file of `--weights`, as lines for a person.
  let weightNotes: [String]
  let objective: Objective
  let optimizer: Optimizer<Float>
  private(set) var curve: [Results.Epoch] = []
  /// The numbers of epochs that the run was first to have, where it goes on to more.
  private(set) var lengthened: [Int] = []
  /// How many ranks trained the checkpoint that the run goes on from, where it were others than now.
  private(set) var otherRanks: Int?
  /// What each epoch took, those of an older version's left out.
  private(set) var costs: [EpochCost] = []
  private var seconds = 0.0
  private var imagesSeen = 0
  /// What the loss tells by `logNumber`.
  private let log = LossLog()
  private let average: ExponentialMovingAverage<Float>?
  private var clusterGenerator: RandomGenerator

  private let settings: Settings
  private let group: Group
  private let source: DataSource?
  private let birds: DrawnData?
  private let sampler: any Sampler
  private let loader: Loader
  private let schedule: Schedule
  private let reclustering: ReclusteringSchedule
  private let coarseWeight: Schedule
  private var events: EventFile?
  /// What the test takes, as far as this process has trained it.
  private var kept: Checkpoint?

  /// Makes network, proxies and optimizer, or takes them from the folder's last checkpoint; the same seed gives every
  /// method the same network and class proxies.
  init(_ plan: RunPlan, data: TrainingData, folder: RunFolder) throws {
    (self.plan, self.folder, settings, group) = (plan, folder, plan.settings, folder.group)
    (source, birds) = (data.source, data.birds)
    classes = try data.classes(settings, fold: plan.fold)
    let pictures = classes.train
    var generator = RandomGenerator(seed: plan.seed)
    let model = settings.backbone.makeNetwork(
      embedding: settings.dimensions, imageSize: settings.imageSize, using: &generator)
    let checkpoint = try folder.checkpoint()
    weightNotes =
      try checkpoint == nil
      ? folder.group.agree { try plan.settings.weights.map { try model.loadWeights(of: $0, plan.settings) } ?? [] } : []
    if settings.syncBatchNorm { model.synchronizeStatistics(over: group) }
    if settings.freezeBatchNorm { model.setStatisticsFrozen(true) }
    self.model = model
    objective = try plan.method.objective(
      settings, classes: pictures.classCount, taxonomy: pictures.taxonomy, over: group, using: &generator)
    clusterGenerator = generator.split()
    optimizer = settings.optimizer.makeOptimizer(
      [
        ParameterGroup(model.parameters, learningRate: settings.learningRate, name: "network"),
        ParameterGroup(
          objective.parameters,
          learningRate: objective.learnsAsProxies ? settings.proxyLearningRate : settings.learningRate,
          name: objective.learnsAsProxies ? "proxies" : "loss"),
      ].filter { !$0.parameters.isEmpty }, weightDecay: settings.weightDecay)
    average = settings.ema.map { ExponentialMovingAverage(of: model, decay: $0) }
    sampler = try settings.sampler.makeSampler(of: classes, settings: settings, seed: plan.seed)
    loader = Loader(
      pictures, transform: Pipeline.training(settings), seed: plan.seed, workers: settings.workers)
    schedule = settings.schedule.schedule(
      epochs: settings.epochs, stepsPerEpoch: settings.steps(for: sampler.batches(epoch: 0).count))
    reclustering = ReclusteringSchedule(
      start: settings.warmUp, period: settings.recluster > 0 ? settings.recluster : nil)
    // The first epoch with coarse levels already has some of their weight.
    coarseWeight = .ramp(settings.warmUp - 1..<settings.warmUp + (settings.levelRamp ?? 0))
    if let checkpoint { try restore(checkpoint) }
    share()
  }

  /// Gives all ranks what the first one has: they compute the same, but processors of other kinds round differently.
  private func share() {
    model.broadcast(over: group)
    objective.broadcast(over: group)
  }

  /// Whether all epochs are done, or `--patience` has run out.
  var isFinished: Bool {
    if curve.count >= settings.epochs { return true }
    guard let patience = settings.patience, let best = curve.best else { return false }
    return curve.count - best.epoch >= patience
  }

  /// Trains for one epoch, evaluates the validation classes, and writes checkpoint and curves.
  ///
  /// Throws `DivergenceError` when the loss is no number, and whatever reading a picture or writing a file throws.
  func advance(_ progress: Progress) throws {
    let start = Progress.now()
    var watch = EpochWatch()
    var point = try train(epoch: curve.count, progress, &watch)
    model.averageStatistics(over: group)
    average?.averageStatistics(over: group)
    share()
    seconds += Progress.now() - start
    point.norms = withWeights(point.norms ?? [:])
    watch.count(\.other)
    let epoch = curve.count + 1
    if let pictures = classes.validation ?? classes.probe {
      let embeddings = try average?.applied { try embed(pictures, progress) } ?? embed(pictures, progress)
      let metrics = try RetrievalMetrics(embeddings: embeddings, labels: Labels(pictures.labels), over: group) {
        progress.tell($0, "\(plan.label)  epoch \(epoch), evaluating")
      }
      if classes.validation == nil {
        (point.probeMapAtR, point.probeRecallAt1) = (metrics.mapAtR, metrics.recall[1])
      } else {
        (point.validationMapAtR, point.validationRecallAt1) = (metrics.mapAtR, metrics.recall[1])
      }
      watch.count(\.evaluation)
    }
    curve.append(point)
    costs.append(watch.finished())
    // What all ranks have a part of is put together before a signal has to wait.
    let checkpoint = checkpoint()
    try Interruption.holding { try save(checkpoint) }
  }

  private func train(epoch: Int, _ progress: Progress, _ watch: inout EpochWatch) throws -> Results.Epoch {
    let groups = try objective.proxies.flatMap { try beginLevels($0, epoch: epoch, progress) }
    model.train()
    if settings.headWarmUp > 0 { model.setBodyFrozen(epoch < settings.headWarmUp) }
    let loss = objective.value(seed: plan.seed, epoch: epoch)
    let batches = sampler.batches(epoch: epoch)
    let steps = settings.steps(for: batches.count)
    if let least = batches.map(\.count).min(), least < group.size {
      throw RanksError.tooSmall(least, settings, group)
    }
    var (sum, levels, accuracies): (Double, [Double], [Double]) = (0, [], [])
    let imagesBefore = imagesSeen
    var (count, step) = (0, 0)
    var gradients: Gradients?
    var norms = [Double](repeating: 0, count: optimizer.groups.count)
    log.reset()
    let loaded = loader.batches(of: batches, epoch: epoch, part: group.rank, of: group.size)
    defer { loaded.cancel() }
    watch.count(\.other)
    while let batch = try group.agree({ try loaded.next() }) {
      Profile.mark("wait for pictures")
      watch.count(\.data)
      let labels = group.gathered(batch.labels)
      let parts = min(settings.accumulate, batches.count - step * settings.accumulate)
      var (embeddings, levelLosses) = (Tensor<Float>(0), [Float]())
      var total: Float = 0
      // A batch with nothing to compare may have a loss of 0 that depends on nothing: it changes nothing.
      let (_, gradient) = try valueWithGradients(allowsUntracked: total == 0) {
        let output = group.gathered(withPrecision(settings.precision) { embedded(batch.images) })
        let value = log.collecting { loss(output, labels) }
        (embeddings, total, levelLosses) = (output.detached, value.total.item, value.levels)
        guard total.isFinite else {
          throw shared(DivergenceError(run: plan.label, epoch: epoch + 1, step: step + 1, loss: total))
        }
        watch.count(\.forward)
        return value.total / Float(parts)
      }
      watch.count(\.backward)
      if gradients == nil { gradients = gradient } else { gradients!.add(gradient) }
      count += 1
      if count == step * settings.accumulate + parts {
        optimizer.learningRateFactor = schedule.factor(at: epoch * steps + step)
        gradients!.sum(of: model.parameters, over: group)
        for (index, group) in optimizer.groups.enumerated() {
          norms[index] += Double(gradients!.norm(of: group.parameters))
        }
        clip(&gradients!)
        optimizer.step(gradients!, allowsNoGradients: gradients!.count == 0)
        average?.update()
        gradients = nil
        step += 1
      }
      watch.count(\.step)
      sum += Double(total)
      if levels.isEmpty {
        levels = Array(repeating: 0, count: levelLosses.count)
        accuracies = levels
      }
      for (level, loss) in levelLosses.enumerated() { levels[level] += Double(loss) }
      // To look at all proxies would take longer than what a sampling rate is for.
      if let proxies = objective.proxies, settings.samplingRate == 1 {
        let shares = proxies.accuracies(embeddings, labels: labels)
        for level in levels.indices { accuracies[level] += shares[level] * Double(labels.count) }
      }
      imagesSeen += labels.count
      progress.step(epoch: epoch + 1, loss: Double(total), images: labels.count)
      watch.count(\.other)
    }
    for name in log.notFinite.sorted() {
      progress.note(
        "\(plan.label): the loss logged NaN or infinity as '\(name)' in epoch \(epoch + 1); its mean is without them")
    }
    let logged = log.means.mapValues(Self.writable)
    let means = zip(optimizer.groups, norms).map { group, sum in
      (group.name, Results.Epoch.Norms(gradients: Self.writable(sum / Double(max(step, 1))), weights: 0))
    }
    return Results.Epoch(
      epoch: epoch + 1, loss: sum / Double(count),
      learningRate: settings.learningRate * schedule.factor(at: epoch * steps),
      levels: levels.map { $0 / Double(count) },
      accuracies: settings.samplingRate < 1
        ? nil : objective.proxies.map { _ in accuracies.map { $0 / Double(imagesSeen - imagesBefore) } },
      groups: groups, norms: Dictionary(uniqueKeysWithValues: means), logged: logged.isEmpty ? nil : logged)
  }

  /// The same norms with those of the weights as they are now.
  private func withWeights(_ norms: [String: Results.Epoch.Norms]) -> [String: Results.Epoch.Norms] {
    var norms = norms
    for group in optimizer.groups {
      norms[group.name]?.weights = Self.writable(Double(group.parameters.norm() as Float))
    }
    return norms
  }

  /// As files can have it, no more than a `Float` holds; a norm that is no number ends the next epoch anyway.
  static func writable(_ number: Double) -> Double {
    let most = Double(Float.greatestFiniteMagnitude)
    return number.isFinite ? min(max(number, -most), most) : most
  }

  /// What the network makes of pictures, in pieces where `--pieces-of` asks for that.
  private func embedded(_ images: Tensor<Float>) -> Tensor<Float> {
    settings.piecesOf.map { model(images, inPiecesOf: $0) } ?? model(images)
  }

  /// Bounds gradients as the settings ask for.
  private func clip(_ gradients: inout Gradients) {
    if let limit = settings.clipValues {
      gradients.clipValues(of: model.parameters + objective.parameters, to: Float(limit))
    }
    if let limit = settings.clipNorm { gradients.clipNorm(of: model.parameters, to: Float(limit)) }
  }

  /// What every rank finds wrong alike, as the error of all.
  private func shared(_ error: DivergenceError) -> any Error {
    group.size > 1 ? RankError(rank: 0, reason: "\(error)", cause: error) : error
  }

  /// Renews clusters where that is due, sets the coarse levels' weight, and describes their groups; nil where they do not count.
  private func beginLevels(
    _ loss: HierarchicalProxyLoss<Float>, epoch: Int, _ progress: Progress
  ) throws -> [Results.Epoch.Groups]? {
    let coarse = loss.levels.indices.dropFirst()
    let isRenewed = reclustering.renews(at: epoch) && !coarse.isEmpty
    let before = coarse.map(loss.ancestors)
    var means: Tensor<Float>?
    if isRenewed {
      if settings.levels.clustersMeans {
        let pictures = classes.train
        means = classMeans(
          of: try embed(pictures, progress), labels: Labels(pictures.labels), classes: pictures.classCount)
      }
      guard abs(means ?? loss.proxies(on: 0)).max().item.isFinite else {
        throw shared(DivergenceError(run: plan.label, epoch: epoch + 1, step: 1, loss: .nan))
      }
    }
    _ = reclustering.begin(epoch: epoch, loss, classMeans: means, over: group, using: &clusterGenerator) {
      progress.tell($0, "\(plan.label)  epoch \(epoch + 1), clustering")
    }
    loss.coarseWeightFactor = coarseWeight.factor(at: epoch)
    guard loss.usesCoarseLevels, !coarse.isEmpty else { return nil }
    return zip(coarse, settings.levels.coarse).map { level, specification in
      guard specification.source != .taxonomy else { return .init() }
      let groups = loss.ancestors(on: level)
      let moved = ClassHierarchy.moves(from: before[level - 1], to: groups)
      return .init(
        moved: isRenewed && epoch > settings.warmUp ? Double(moved) / Double(groups.count) : nil,
        agreement: classes.taxonomy.map { .init(of: groups, with: $0) })
    }
  }

  private func embed(_ pictures: ImageDataset, _ progress: Progress) throws -> Tensor<Float> {
    try model.embeddings(of: pictures, settings, over: group, workers: settings.workers) {
      progress.tell($0, "\(plan.label)  epoch \(curve.count + 1), embedding \(pictures.count) pictures")
    }
  }

  /// The name of the checkpoint that the test takes: the best on the validation classes, or else the last.
  var testedCheckpoint: String { classes.validation == nil ? RunFolder.last : RunFolder.best }

  /// The model of that checkpoint, which is read where an earlier process has trained it.
  func testedModel(_ methods: MethodList) throws -> TrainedModel {
    guard let kept else { return try folder.model(in: testedCheckpoint, methods: methods) }
    return try TrainedModel(kept, at: folder.file(testedCheckpoint), methods: methods)
  }

  /// What `results.json` says of the run, whose tested network is `model`.
  func result(of model: TrainedModel, _ measures: TestMeasures) -> Results.Run {
    Results.Run(
      method: plan.method.name, title: plan.method.title, flatMethod: plan.method.flatName, seed: plan.seed,
      swept: plan.swept, seconds: seconds, imagesPerSecond: Double(imagesSeen) / max(seconds, 1e-9),
      metrics: measures.metrics,
      parameters: self.model.parameterCount + objective.module.parameterCount,
      queriesDropped: measures.queriesDropped, epochs: curve, tested: tested, hierarchy: hierarchy(of: model),
      probe: classes.probeWords, costs: costs.isEmpty ? nil : costs)
  }

  /// The run as far as it has come, without measures of a test.
  var unfinished: UnfinishedRun {
    UnfinishedRun(
      method: plan.method.name, title: plan.method.title, flatMethod: plan.method.flatName, seed: plan.seed,
      fold: plan.fold, swept: plan.swept, seconds: seconds, epochs: curve, probe: classes.probeWords, costs: costs)
  }

  /// Which epoch is tested, and why.
  var tested: String {
    let count = curve.count
    let longer = lengthened.isEmpty ? "" : "; lengthened from \(lengthened.map(String.init).joined(separator: " and "))"
    let end = count < settings.epochs ? " of \(count), where --patience ended" : " of \(count)"
    guard let validation = classes.validation, let best = curve.best else {
      return "epoch \(count), the last: no validation classes\(longer)"
    }
    return "epoch \(best.epoch)\(end): the best MAP@R on \(validation.classCount) validation classes\(longer)"
  }

  /// The coarse levels, from the finest.
  private func hierarchy(of model: TrainedModel) -> [Results.Level] {
    guard let loss = model.loss, loss.levels.count > 1 else { return [] }
    return zip(loss.levels.dropFirst(), settings.levels.coarse).enumerated().map { index, pair in
      let (level, specification) = pair
      return Results.Level(
        name: specification.description, parents: level.parents,
        groupNames: specification.source == .taxonomy ? classes.train.taxonomy?.levels[index].groups : nil,
        agreement: specification.source == .taxonomy
          ? nil : classes.taxonomy.map { .init(of: loss.ancestors(on: index + 1), with: $0) })
    }
  }
}

extension TrainingRun {
  private func checkpoint() -> Checkpoint {
    var tensors = Safetensors()
    model.save(into: &tensors, prefix: "model.")
    objective.module.save(into: &tensors, prefix: "loss.")
    objective.proxies?.saveCentroids(into: &tensors, prefix: "centroids.")
    optimizer.save(into: &tensors)
    average?.save(into: &tensors)
    tensors.set(Tensor<Int>(clusterGenerator.words.map { Int(bitPattern: UInt($0)) }), for: "generator")
    let state = Checkpoint.State(
      identity: folder.identity, source: source, birds: birds, method: plan.method.name, title: plan.method.title,
      seed: plan.seed,
      fold: plan.fold,
      curve: curve, seconds: seconds, imagesSeen: imagesSeen, classNames: classes.train.classNames,
      lengthened: lengthened.isEmpty ? nil : lengthened, ranks: group.size > 1 ? group.size : nil,
      costs: costs.isEmpty ? nil : costs)
    return Checkpoint(state, tensors)
  }

  private func save(_ checkpoint: Checkpoint) throws {
    let output = try folder.open()
    let isBest = curve.best?.epoch == curve.count
    // The best one first: if the program is stopped in between, the last one is older and writes it again.
    if isBest { try checkpoint.write(to: folder.best) }
    try checkpoint.write(to: folder.last)
    if isBest || classes.validation == nil && isFinished { keep(checkpoint) }
    try output.write(Data(Curves.csv(curve, costs).utf8), as: "curves.csv")
    guard World.speaks else { return }
    let events = try self.events ?? EventFile(in: folder.path, goingOnAt: curve.count)
    self.events = events
    try events.append(curve.last!, costs.last)
    if isFinished {
      self.events = nil
      try events.close()
    }
  }

  /// Keeps what a test needs: without the optimiser, which is twice as large as the network.
  private func keep(_ checkpoint: Checkpoint) {
    kept = Checkpoint(checkpoint.state, checkpoint.tensors.without(prefix: "optimizer."))
  }

  private func restore(_ checkpoint: Checkpoint) throws {
    let (state, tensors) = (checkpoint.state, checkpoint.tensors)
    do {
      try model.load(tensors, prefix: "model.")
      try objective.module.load(tensors, prefix: "loss.")
      try objective.proxies?.loadCentroids(tensors, prefix: "centroids.")
      try optimizer.load(tensors)
      try average?.load(tensors)
      let words: Tensor<Int> = try tensors.tensor("generator")
      guard words.count == 4, words.scalars != [0, 0, 0, 0] else {
        throw CheckpointError.unreadable(file: folder.last, reason: "'generator' is no state of a random generator")
      }
      clusterGenerator = RandomGenerator(words: words.scalars.map { UInt64(UInt(bitPattern: $0)) })
    } catch {
      throw CheckpointError.unreadable(file: folder.last, reason: "\(error)")
    }
    (curve, seconds, imagesSeen) = (state.curve, state.seconds, state.imagesSeen)
    // What an older version trained has taken nobody knows what.
    costs = state.costs ?? curve.map { _ in EpochCost() }
    lengthened = state.lengthened ?? []
    if state.ranks ?? 1 != group.size { otherRanks = state.ranks ?? 1 }
    let epochs = state.identity.settings.epochs
    if epochs < settings.epochs { lengthened.append(epochs) }
  }

  /// What each group of parameters learns with, so that nobody can miss one that no optimizer sees.
  var learningRates: [String] {
    optimizer.groups.map { group in
      let count = group.parameters.reduce(0) { $0 + $1.parameter.wholeShape.reduce(1, *) }
      return
        "\(group.name): \(group.parameters.count) parameters, \(count) numbers, learning rate \(group.learningRate!)"
    }
  }
}

extension [Results.Epoch] {
  /// The epoch with the best MAP@R on the validation classes, the first of equals; nil without such classes.
  var best: Results.Epoch? {
    var best: Results.Epoch?
    for point in self {
      if let value = point.validationMapAtR, value > best?.validationMapAtR ?? -1 { best = point }
    }
    return best
  }
}

extension Pipeline {
  /// What training does to each picture: the field's random crop and flip, where a bird drawn to fill its small picture
  /// is cropped less than a photograph, and what `--augment` adds.
  static func training(_ settings: Settings) -> Pipeline {
    let size = settings.imageSize
    let crop =
      settings.data == nil ? RandomResizedCrop(size: size, scale: 0.6...1) : RandomResizedCrop(size: size)
    func further(afterNormalization isAfter: Bool) -> [any Transform] {
      (settings.augment ?? []).filter { $0.followsNormalization == isAfter }.map { $0.makeTransform(imageSize: size) }
    }
    return Pipeline(
      [crop, RandomHorizontalFlip()] + further(afterNormalization: false) + [settings.backbone.normalization]
        + further(afterNormalization: true))
  }
}
