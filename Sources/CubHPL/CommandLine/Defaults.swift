/// The numbers behind every option that is not given; help and `Settings` both read them here.
struct Defaults: Sendable {
  var imageSize: Int
  var levels: LevelSpecification
  var recluster: Int
  var warmUp: Int
  var dimensions: Int
  var epochs: Int
  var batch: Int
  var samplesPerClass: Int
  var learningRate: Double
  var schedule = ScheduleSpecification.cosine
  var sampler = SamplerKind.balanced
  var freezeBatchNorm = false
  var headWarmUp = 0
  var validation = ValidationClasses.none
  var patience: Int?

  /// Proxies learn this many times faster than the network, as in Proxy-Anchor's recipe.
  static let proxyLearningRateFactor = 100.0
  static let methods = MethodList.main
  static let seed: UInt64 = 0
  static let seeds = 1
  /// Of `compare` and `sweep`, whose intervals need several.
  static let experimentSeeds = 3
  static let sweptMethods = ["hpl-nca", "hpl-pa"]
  static let workers = 2

  /// These with what a published backbone asks for: its size of pictures, and the numbers of Proxy-Anchor's recipe.
  func suiting(_ backbone: BackboneKind) -> Defaults {
    guard backbone.isPublished else { return self }
    var defaults = self
    (defaults.imageSize, defaults.dimensions, defaults.learningRate) = (224, 512, 1e-4)
    return defaults
  }

  /// For the embedded data set.
  static let embedded = Defaults(
    imageSize: 64, levels: .init(classWeight: 1, coarse: [.init(source: .clusters(8), weight: 0.1)]),
    recluster: 2, warmUp: 2, dimensions: 64, epochs: 16, batch: 60, samplesPerClass: 4, learningRate: 3e-3)

  /// For a folder given with `--data`.
  static let folder = Defaults(
    imageSize: 64, levels: .init(classWeight: 1, coarse: [.init(source: .clusters(20), weight: 0.1)]),
    recluster: 5, warmUp: 5, dimensions: 128, epochs: 40, batch: 120, samplesPerClass: 4, learningRate: 1e-3)
}
