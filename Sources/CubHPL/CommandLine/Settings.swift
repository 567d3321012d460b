import Foundation
import Vision

/// The options with every default filled in: what a run does, and what `results.json` says it did.
struct Settings: Equatable, Sendable {
  var command: Command
  /// What `sweep` goes over; the values are known when the data is.
  var sweep: Sweep?
  var data: String?
  /// The form of the data; nil is found out.
  var dataset: DatasetKind?
  var taxonomy: String?
  var recipe: Recipe?
  var skipBroken: Bool
  var imageSize: Int
  /// The names of the methods.
  var methods: [String]
  var miner: MinerKind?
  var levels: LevelSpecification
  /// The file that the groups of taxonomy levels come from; nil takes those of the data.
  var hierarchy: String?
  /// Epochs in which the coarse levels' weights rise after the warm-up; nil for at once.
  var levelRamp: Int?
  /// Epochs from one clustering to the next; 0 clusters once.
  var recluster: Int
  var warmUp: Int
  var dimensions: Int
  var backbone: BackboneKind
  var weights: String?
  var freezeBatchNorm: Bool
  var headWarmUp: Int
  var epochs: Int
  var batch: Int
  var samplesPerClass: Int
  var learningRate: Double
  var proxyLearningRate: Double
  var schedule: ScheduleSpecification
  var sampler: SamplerKind
  /// Batches whose gradients make one step.
  var accumulate: Int
  /// How much of the averaged weights each step keeps; nil averages nothing.
  var ema: Double?
  /// Training classes held out to choose the epoch by.
  var validation: ValidationClasses
  /// Epochs without a better validation after which a run ends.
  var patience: Int?
  var seed: UInt64
  var seeds: Int
  var threads: Int
  var workers: Int
  var output: String
  var quiet: Bool

  /// Fills in what the command line leaves open, and checks the options against each other.
  ///
  /// A protocol's numbers are for the form of data that the options name.
  ///
  /// - Parameters:
  ///   - cores: the number of threads without `--threads`.
  ///   - now: names the output folder without `--output`.
  init(
    _ options: Options, methods known: MethodList = .standard,
    cores: Int = ProcessInfo.processInfo.activeProcessorCount, now: Date = Date()
  ) throws(UsageError) {
    command = options.command
    let hasFolder = options.data != nil
    recipe = options.recipe
    backbone = options.backbone ?? options.recipe?.backbone(hasFolder: hasFolder) ?? .small
    let defaults = Self.defaults(options, backbone)
    data = options.data
    dataset = options.dataset
    taxonomy = options.taxonomy
    skipBroken = options.skipBroken
    imageSize = options.imageSize ?? defaults.imageSize
    switch command {
    case .train, .tsne, .embed, .search, .inspect: methods = options.methods ?? Defaults.methods
    case .compare: methods = options.methods ?? known.compared
    case .sweep: methods = options.methods ?? Defaults.sweptMethods
    }
    miner = options.miner
    levels = options.levels ?? defaults.levels
    (hierarchy, levelRamp) = (options.hierarchy, options.levelRamp)
    recluster = options.recluster ?? defaults.recluster
    dimensions = options.dimensions ?? defaults.dimensions
    weights = options.weights
    freezeBatchNorm = options.freezeBatchNorm || defaults.freezeBatchNorm
    headWarmUp = options.headWarmUp ?? defaults.headWarmUp
    epochs = options.epochs ?? defaults.epochs
    warmUp = options.warmUp ?? min(defaults.warmUp, epochs - 1)
    batch = options.batch ?? defaults.batch
    samplesPerClass = options.samplesPerClass ?? min(defaults.samplesPerClass, batch)
    learningRate = options.learningRate ?? defaults.learningRate
    proxyLearningRate = options.proxyLearningRate ?? learningRate * Defaults.proxyLearningRateFactor
    schedule = options.schedule ?? defaults.schedule
    sampler = options.sampler ?? defaults.sampler
    accumulate = options.accumulate ?? 1
    ema = options.ema
    validation = options.validation ?? defaults.validation
    patience = options.patience ?? defaults.patience
    seed = options.seed ?? Defaults.seed
    seeds = options.seeds ?? (command == .train ? Defaults.seeds : Defaults.experimentSeeds)
    threads = options.threads ?? cores
    workers = options.workers ?? Defaults.workers
    output = options.output ?? "runs/\(Self.folderName(now))"
    quiet = options.quiet
    sweep = options.over.map { Sweep(parameter: $0, values: options.values ?? []) }
    try check(options)
    try checkCommand(options, known)
  }

  /// What stands where an option is not given.
  private static func defaults(_ options: Options, _ backbone: BackboneKind) -> Defaults {
    let hasFolder = options.data != nil
    let defaults = (hasFolder ? Defaults.folder : Defaults.embedded).suiting(backbone)
    return options.recipe.map {
      defaults.following($0, backbone, options.dataset, hasFolder: hasFolder, hasWeights: options.weights != nil)
    } ?? defaults
  }

  /// A line for each default that has become smaller, because it did not fit the data or another option.
  func smallerDefaults(_ options: Options, methods known: MethodList, classes: Int) -> [String] {
    let usual = Self.defaults(options, backbone)
    let hasLevels = methods.contains { known[$0]?.isHierarchical == true }
    func line(_ option: String, _ value: Any, _ usual: Any, _ reason: String) -> String {
      "\(option) \(value) instead of \(usual): \(reason)"
    }
    var lines: [String] = []
    if options.batch == nil, batch < usual.batch {
      lines.append(line("--batch", batch, usual.batch, "\(samplesPerClass) pictures of each of \(classes) classes"))
    }
    if options.samplesPerClass == nil, samplesPerClass < usual.samplesPerClass {
      lines.append(
        line("--samples-per-class", samplesPerClass, usual.samplesPerClass, "--batch \(batch) holds no more"))
    }
    if hasLevels, options.levels == nil, hierarchy == nil, sweep?.parameter != .coarse, levels != usual.levels {
      lines.append(line("--levels", levels, usual.levels, "half as many clusters as the \(classes) classes"))
    }
    if hasLevels, options.warmUp == nil, warmUp < usual.warmUp {
      lines.append(line("--warm-up", warmUp, usual.warmUp, "there are --epochs \(epochs)"))
    }
    return lines
  }

  /// The seeds to train with, one after the other.
  var allSeeds: [UInt64] { (0..<UInt64(seeds)).map { seed + $0 } }

  private func check(_ options: Options) throws(UsageError) {
    if warmUp >= epochs {
      throw .conflict("--warm-up \(warmUp) leaves no epoch with clusters: it must be less than --epochs \(epochs)")
    }
    if data == nil, let option = ["--dataset", "--taxonomy", "--skip-broken"].first(where: options.given.contains) {
      throw .conflict("\(option) needs --data: the embedded birds have their own form and groups, and none is broken")
    }
    try checkBackbone()
    try checkTraining(options)
    if hierarchy != nil, options.levels?.coarse.contains(where: { $0.source == .taxonomy }) == false {
      throw .conflict("--hierarchy gives groups, and --levels \(levels) takes none of them: it needs taxonomy:WEIGHT")
    }
    if let ramp = levelRamp, ramp > epochs - warmUp {
      throw .conflict(
        "--level-ramp \(ramp) does not end: after --warm-up \(warmUp) of --epochs \(epochs) there are \(epochs - warmUp)"
      )
    }
    if samplesPerClass > batch {
      throw .conflict("--samples-per-class \(samplesPerClass) does not fit into --batch \(batch)")
    }
    if seed > UInt64.max - UInt64(seeds) {
      throw .conflict("--seed \(seed) is too large for --seeds \(seeds)")
    }
    if !proxyLearningRate.isFinite {
      throw .conflict("--lr \(learningRate) is too large: the learning rate of the proxies would be infinite")
    }
  }

  private func checkCommand(_ options: Options, _ known: MethodList) throws(UsageError) {
    if command == .sweep {
      guard let sweep else {
        throw .conflict(
          "sweep needs --over: \(Sweep.Parameter.allCases.map(\.rawValue).joined(separator: " or "))")
      }
      try sweep.check(levels)
      if sweep.parameter == .coarse, hierarchy != nil, options.levels == nil {
        throw .conflict("--over coarse needs clusters, and --hierarchy gives groups that stay: name both with --levels")
      }
      if let flat = methods.first(where: { known[$0]?.isHierarchical != true }) {
        throw .conflict("--method \(flat) has no coarse level: sweep takes the methods hpl-…")
      }
    }
    let chosen = methods.compactMap { known[$0] }
    for option in OptionSpecification.all(known) where options.given.contains(option.name) {
      if let part = option.needs, !chosen.contains(where: part.isFound) {
        throw .conflict("\(option.name) \(part.reason): \(methods.joined(separator: ", "))")
      }
    }
    for option in ["--warm-up", "--recluster", "--level-ramp"]
    where options.given.contains(option) && options.levels?.coarse.isEmpty == true {
      throw .conflict("\(option) is about coarse levels, and --levels \(levels) has none")
    }
    let isGiven = options.levels.map { !$0.coarse.contains { $0.source != .taxonomy } } ?? (hierarchy != nil)
    if options.recluster != nil, isGiven {
      throw .conflict("--recluster is about clusters, and the groups of a taxonomy stay as they are")
    }
  }

  private func checkTraining(_ options: Options) throws(UsageError) {
    if let recipe, let reason = recipe.objection(to: backbone) {
      throw .conflict("--protocol \(recipe.rawValue) does not fit --backbone \(backbone.rawValue): \(reason)")
    }
    if recipe?.folds != nil, options.validation != nil {
      throw .conflict("--validation-classes does not fit --protocol mlrc, whose folds are the validation classes")
    }
    if patience != nil, validation == .none, recipe?.folds == nil {
      throw .conflict("--patience needs --validation-classes: without them nothing says that an epoch is better")
    }
    if sampler == .shuffled, options.samplesPerClass != nil {
      throw .conflict("--samples-per-class does not fit --sampler shuffled, which takes pictures as they come")
    }
  }

  private func checkBackbone() throws(UsageError) {
    if let reason = backbone.objection(toSize: imageSize) {
      throw .conflict("--image-size \(imageSize) does not fit --backbone \(backbone.rawValue): \(reason)")
    }
    if freezeBatchNorm && weights == nil {
      throw .conflict("--freeze-batch-norm needs --weights: the statistics of a random network say nothing")
    }
    if freezeBatchNorm && !backbone.hasBatchNorm {
      throw .conflict("--freeze-batch-norm does not fit --backbone \(backbone.rawValue), which has no batch-norm")
    }
    if headWarmUp > 0 && weights == nil {
      throw .conflict("--head-warm-up needs --weights: the body of a random network must learn from the start")
    }
    if headWarmUp >= epochs {
      throw .conflict(
        "--head-warm-up \(headWarmUp) leaves no epoch for the body: it must be less than --epochs \(epochs)")
    }
  }

  /// The local time as `2026-01-31-235959`.
  private static func folderName(_ date: Date) -> String {
    let parts = Calendar(identifier: .gregorian).dateComponents(
      [.year, .month, .day, .hour, .minute, .second], from: date)
    let day = String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    return day + String(format: "-%02d%02d%02d", parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
  }
}

extension Settings: Codable {
  enum CodingKeys: String, CodingKey {
    case command, sweep
    case recipe = "protocol"
    case data, dataset, taxonomy, hierarchy, schedule, sampler, accumulate, ema, patience, methods, miner, levels,
      recluster,
      dimensions, backbone, weights, epochs, batch, seed, seeds, threads, workers,
      output
    case quiet
    case levelRamp = "level_ramp"
    case freezeBatchNorm = "freeze_batch_norm"
    case headWarmUp = "head_warm_up"
    case skipBroken = "skip_broken"
    case validation = "validation_classes"
    case imageSize = "image_size"
    case warmUp = "warm_up"
    case samplesPerClass = "samples_per_class"
    case learningRate = "learning_rate"
    case proxyLearningRate = "proxy_learning_rate"
  }
}
