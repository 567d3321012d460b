import Foundation

/// The options with every default filled in: what a run does, and what `results.json` says it did.
struct Settings: Equatable, Sendable {
  var data: String?
  var skipBroken: Bool
  var imageSize: Int
  var methods: [Method]
  var levels: LevelSpecification
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
  var seed: UInt64
  var seeds: Int
  var threads: Int
  var workers: Int
  var output: String
  var quiet: Bool

  /// Fills in what the command line leaves open, and checks the options against each other.
  ///
  /// - Parameters:
  ///   - cores: the number of threads without `--threads`.
  ///   - now: names the output folder without `--output`.
  init(_ options: Options, cores: Int = ProcessInfo.processInfo.activeProcessorCount, now: Date = Date())
    throws(UsageError)
  {
    backbone = options.backbone ?? .small
    let defaults = (options.data == nil ? Defaults.embedded : Defaults.folder).suiting(backbone)
    data = options.data
    skipBroken = options.skipBroken
    imageSize = options.imageSize ?? defaults.imageSize
    methods = options.methods ?? Defaults.methods
    levels = options.levels ?? defaults.levels
    recluster = options.recluster ?? defaults.recluster
    dimensions = options.dimensions ?? defaults.dimensions
    weights = options.weights
    freezeBatchNorm = options.freezeBatchNorm
    headWarmUp = options.headWarmUp ?? 0
    epochs = options.epochs ?? defaults.epochs
    warmUp = options.warmUp ?? min(defaults.warmUp, epochs - 1)
    batch = options.batch ?? defaults.batch
    samplesPerClass = options.samplesPerClass ?? min(defaults.samplesPerClass, batch)
    learningRate = options.learningRate ?? defaults.learningRate
    proxyLearningRate = options.proxyLearningRate ?? learningRate * Defaults.proxyLearningRateFactor
    seed = options.seed ?? Defaults.seed
    seeds = options.seeds ?? Defaults.seeds
    threads = options.threads ?? cores
    workers = options.workers ?? Defaults.workers
    output = options.output ?? "runs/\(Self.folderName(now))"
    quiet = options.quiet
    try check()
  }

  /// The seeds to train with, one after the other.
  var allSeeds: [UInt64] { (0..<UInt64(seeds)).map { seed + $0 } }

  private func check() throws(UsageError) {
    if warmUp >= epochs {
      throw .conflict("--warm-up \(warmUp) leaves no epoch with clusters: it must be less than --epochs \(epochs)")
    }
    try checkBackbone()
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
    case data, methods, levels, recluster, dimensions, backbone, weights, epochs, batch, seed, seeds, threads, workers,
      output
    case quiet
    case freezeBatchNorm = "freeze_batch_norm"
    case headWarmUp = "head_warm_up"
    case skipBroken = "skip_broken"
    case imageSize = "image_size"
    case warmUp = "warm_up"
    case samplesPerClass = "samples_per_class"
    case learningRate = "learning_rate"
    case proxyLearningRate = "proxy_learning_rate"
  }
}
