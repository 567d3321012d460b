/// What is trained: the methods, their levels, and the network.
struct MethodOptions: OptionGroup {
  static let heading = "Method"

  let methods: Option<[String]>
  let miner = Option<MinerKind?>(
    "--miner", "NAME", "how pair losses choose pairs or triplets in a batch: \(names(MinerKind.self))",
    default: .none("triplet: semi-hard; multi-similarity: multi-similarity; margin: distance-weighted; others: all"),
    needs: [.pairs],
    read: choice(called: "miner"))
  let levels = Option<LevelSpecification>(
    "--levels", "SPEC",
    "levels of HPL: the weight of the class proxies, then ,clusters:COUNT:WEIGHT (of the level below, by "
      + ":k-means, which is the rule, or from below with :ward, :average or :complete linkage; with :means at the first of the "
      + "mean embeddings of the classes) or ,taxonomy:WEIGHT (from the data or --hierarchy) for each coarser level, whose "
      + "proxies are :learned (the rule) or the :centroid of their children",
    default: .by(embedded: .clusters(8), folder: .clusters(20)).saying {
      "\($0); with --hierarchy 0.1 for each of its levels"
    },
    needs: [.hierarchicalMethod], read: LevelSpecification.init)
  let hierarchy = Option<String?>(
    "--hierarchy", "FILE",
    "take the groups of the training classes from this file, such as the hierarchy.json of an earlier run, for the "
      + "taxonomy levels of --levels",
    default: .none("those of the data or of --taxonomy"), needs: [.hierarchicalMethod, .taxonomyLevels], read: nonempty)
  let levelRamp = Option<Int?>(
    "--level-ramp", "N",
    "epochs after the warm-up in which the weights of the coarse levels rise to what --levels says",
    default: .none("none: at once"), needs: [.hierarchicalMethod, .coarseLevels], read: integer(1...100_000))
  let warmUp = Option<Int>(
    "--warm-up", "N", "epochs before the first clustering",
    default: .by(embedded: 2, folder: 5).fitting { min($0, $1.epochs - 1) },
    needs: [.hierarchicalMethod, .coarseLevels], read: integer(0...100_000))
  let recluster = Option<Int>(
    "--recluster", "N",
    "epochs from one clustering to the next; clusters keep their numbers as far as they overlap; 0 clusters once",
    default: .by(embedded: 2, folder: 5), needs: [.hierarchicalMethod, .coarseLevels, .clusters],
    read: integer(0...100_000))
  let shardProxies = Option(
    flag: "--shard-proxies",
    "spread the class proxies, with their gradients and moments, over the ranks of mpirun or srun; the results are those of all "
      + "in one place, up to rounding", needs: [.classProxies])
  let samplingRate = Option<Double>(
    "--sampling-rate", "X",
    "the share of the other classes' proxies that take part in a step, such as 0.1, beside those of the batch's classes (Partial FC); "
      + "for losses that are a softmax over proxies", default: .always(1), needs: [.classProxies]
  ) { text throws(InvalidValue) in
    guard let rate = Double(text), rate > 0, rate <= 1 else { throw InvalidValue("must be above 0 and at most 1") }
    return rate
  }
  let dimensions = Option<Int>(
    "--dimensions", "N", "length of an embedding", default: .by(embedded: 64, folder: 128, published: 512),
    read: integer(1...4096))
  let backbone: Option<BackboneKind>
  let imageSize = Option<Int>(
    "--image-size", "N", "side of the square pictures in pixels", default: .by(embedded: 64, published: 224),
    read: integer(32...2048))
  let weights = Option<String?>(
    "--weights", "FILE",
    "start from the network of an earlier run, or from published weights for the backbone: a .safetensors file, or "
      + "a .pth or .pt file of PyTorch",
    default: .none("random weights from the seed"), read: nonempty)
  let freezeBatchNorm = Option(
    flag: "--freeze-batch-norm",
    "keep the batch-norms of --weights as they are, their running statistics too",
    needs: [.publishedStatistics, .batchNorm])
  let syncBatchNorm = Option(
    flag: "--sync-batch-norm",
    "normalise over the whole batch where several ranks share it; without it each normalises its part",
    needs: [.learningBatchNorm])
  let headWarmUp = Option<Int>(
    "--head-warm-up", "N", "first epochs, in which only the embedding head and the proxies learn", default: .always(0),
    needs: [.trainedBody], read: integer(0...100_000))

  init(of kind: ExperimentKind = .train, _ known: MethodList = .standard) {
    let own = known.parts.backbones.map(BackboneKind.own)
    backbone = Option(
      "--backbone", "NAME",
      "the network: \(names(BackboneKind.self, adding: own)); all but small take pictures of 224 pixels, normalised as their "
        + "published weights want it",
      default: .said(BackboneKind.small.rawValue) { $0.recipe?.backbone(hasFolder: $0.data != nil) ?? .small },
      read: choice(called: "backbone", adding: own))
    methods = Option(
      "--method", "LIST",
      "methods to train, with commas between: \(known.all.map(\.name).joined(separator: ", ")); or all, which is "
        + MethodList.main.joined(separator: ", "),
      default: kind.methods(known), key: "methods", read: known.names)
  }
}

extension LevelSpecification {
  /// A weight of 1 for the classes, and 0.1 for a level of so many clusters.
  fileprivate static func clusters(_ count: Int) -> LevelSpecification {
    .init(classWeight: 1, coarse: [.init(source: .clusters(count), weight: 0.1)])
  }
}
