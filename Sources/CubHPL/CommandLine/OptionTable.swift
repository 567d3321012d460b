import Vision

extension OptionSpecification {
  /// Every option, in the order of the help: parsing, suggestions and help are all made from this table.
  static func all(_ methods: MethodList = .standard) -> [OptionSpecification] {
    data + method(methods) + training + course + sweep + models + run + other
  }

  private static let data: [OptionSpecification] = [
    text(
      "--data", "DIR", \.data, .data, "the folder of JPEG files: a data set, or for search any pictures",
      standard: "embedded birds; tsne and search: what the model was trained on"
    ).taken(by: Command.training + [.tsne, .search]),
    value(
      "--dataset", "NAME", \.dataset, .data,
      "its form: \(DatasetKind.allCases.map(\.rawValue).joined(separator: ", "))", standard: "recognised by its files"
    ) { text throws(InvalidValue) in try choice(text, called: "data set") }.taken(by: Command.training + [.tsne]),
    text(
      "--taxonomy", "FILE", \.taxonomy, .data,
      "the groups of the classes for --levels: lines of a class and its ancestors with tabs between",
      standard: "the super classes or folders of the data, where it has some"
    ).taken(by: Command.training + [.tsne]),
    flag("--skip-broken", \.skipBroken, .data, "leave broken pictures out, count and list them, instead of stopping")
      .taken(by: Command.training + [.tsne, .embed, .search]),
    integer(
      "--image-size", \.imageSize, in: 32...2048, .data, "side of the square pictures in pixels",
      standard: standard(\.imageSize)),
    text(
      "--export", "DIR", \.export, .data, "write the embedded birds as a CUB folder of JPEG files, and stop",
      standard: nil
    ).taken(by: [.train]),
  ]

  private static func method(_ methods: MethodList) -> [OptionSpecification] {
    [
      Self(
        name: "--method", placeholder: "LIST", group: .method,
        help:
          "methods to train, with commas between: \(methods.all.map(\.name).joined(separator: ", ")); or all, which is "
          + MethodList.main.joined(separator: ", "),
        standard:
          "all; compare: every flat loss, hpl-nca and hpl-pa; sweep: \(Defaults.sweptMethods.joined(separator: ", "))"
      ) { (options, value) throws(InvalidValue) in options.methods = try methods.names(in: value) }
    ] + levels
  }

  private static let levels: [OptionSpecification] = [
    Self(
      name: "--miner", placeholder: "NAME", group: .method,
      help: "how pair losses choose pairs or triplets in a batch: "
        + MinerKind.allCases.map(\.rawValue).joined(separator: ", "),
      standard: "contrastive: all; triplet: semi-hard; multi-similarity: multi-similarity"
    ) { (options, value) throws(InvalidValue) in options.miner = try choice(value, called: "miner") }
    .needing(.pairs),
    Self(
      name: "--levels", placeholder: "SPEC", group: .method,
      help: "levels of HPL: the weight of the class proxies, then ,clusters:COUNT:WEIGHT (of the level below, by "
        + ":k-means, which is the rule, or from below with :ward, :average or :complete linkage; with :means at the first of the "
        + "mean embeddings of the classes) or ,taxonomy:WEIGHT (from the data or --hierarchy) for each coarser level, whose "
        + "proxies are :learned (the rule) or the :centroid of their children",
      standard: "\(standard(\.levels)); with --hierarchy 0.1 for each of its levels"
    ) { (options, value) throws(InvalidValue) in options.levels = try LevelSpecification(value) }
    .needing(.coarseLevels),
    text(
      "--hierarchy", "FILE", \.hierarchy, .method,
      "take the groups of the training classes from this file, such as the hierarchy.json of an earlier run, for the "
        + "taxonomy levels of --levels", standard: "those of the data or of --taxonomy"
    ).needing(.coarseLevels),
    integer(
      "--level-ramp", \.levelRamp, in: 1...100_000, .method,
      "epochs after the warm-up in which the weights of the coarse levels rise to what --levels says",
      standard: "none: at once"
    ).needing(.coarseLevels),
    integer(
      "--warm-up", \.warmUp, in: 0...100_000, .method, "epochs before the first clustering",
      standard: standard(\.warmUp)
    ).needing(.coarseLevels),
    integer(
      "--recluster", \.recluster, in: 0...100_000, .method,
      "epochs from one clustering to the next; clusters keep their numbers as far as they overlap; 0 clusters once",
      standard: standard(\.recluster)
    ).needing(.coarseLevels),
    integer(
      "--dimensions", \.dimensions, in: 1...4096, .method, "length of an embedding", standard: standard(\.dimensions)),
    Self(
      name: "--backbone", placeholder: "NAME", group: .method,
      help: "the network: \(BackboneKind.allCases.map(\.rawValue).joined(separator: ", ")); all but small take "
        + "pictures of 224 pixels, normalised as their published weights want it",
      standard: BackboneKind.small.rawValue
    ) { (options, value) throws(InvalidValue) in options.backbone = try BackboneKind(name: value) },
    text(
      "--weights", "FILE", \.weights, .method,
      "start from the network of an earlier run, or from published weights for the backbone: a .safetensors file, or "
        + "a .pth or .pt file of PyTorch",
      standard: "random weights from the seed"),
    flag(
      "--freeze-batch-norm", \.freezeBatchNorm, .method,
      "keep the batch-norms of --weights as they are, their running statistics too"),
    integer(
      "--head-warm-up", \.headWarmUp, in: 0...100_000, .method,
      "first epochs, in which only the embedding head and the proxies learn", standard: "0"),
  ]

  private static let training: [OptionSpecification] = [
    value(
      "--protocol", "NAME", \.recipe, .training,
      "take the defaults of a protocol: proxy-anchor (its training on the data set, for resnet50 or bn-inception) or mlrc (four folds of "
        + "classes, four networks of 128 dimensions, tested one by one and put together)", standard: "none"
    ) { text throws(InvalidValue) in try choice(text, called: "protocol") },
    integer(
      "--epochs", \.epochs, in: 1...100_000, .training, "passes over the training pictures",
      standard: standard(\.epochs)),
    integer("--batch", \.batch, in: 2...65_536, .training, "pictures in a step", standard: standard(\.batch)),
    integer(
      "--samples-per-class", \.samplesPerClass, in: 1...65_536, .training, "pictures of one class in a batch",
      standard: standard(\.samplesPerClass)),
    positive(
      "--lr", \.learningRate, .training, "learning rate of the network", standard: standard(\.learningRate)),
    positive(
      "--proxy-lr", \.proxyLearningRate, .training, "learning rate of the proxies",
      standard: "\(Int(Defaults.proxyLearningRateFactor)) times --lr"
    ).needing(.proxies),
  ]

  private static let course: [OptionSpecification] = [
    value(
      "--schedule", "SPEC", \.schedule, .training,
      "learning rate over the epochs: \(ScheduleSpecification.grammar)", standard: "cosine"
    ) { text throws(InvalidValue) in try ScheduleSpecification(text) },
    value(
      "--sampler", "NAME", \.sampler, .training,
      "balanced batches, of --samples-per-class pictures of a class, or shuffled ones", standard: "balanced"
    ) { text throws(InvalidValue) in try choice(text, called: "sampler") },
    integer(
      "--accumulate", \.accumulate, in: 1...65_536, .training,
      "batches whose gradients are added up for one step; each loss, and each batch-norm, still sees its own batch only",
      standard: "1"),
    value(
      "--ema", "X", \.ema, .training,
      "keep a moving average of the weights, such as 0.999 of the old at each step, and evaluate that", standard: "none"
    ) { text throws(InvalidValue) in
      guard let decay = Double(text), decay > 0, decay < 1 else { throw InvalidValue("must be between 0 and 1") }
      return decay
    },
    value(
      "--validation-classes", "X", \.validation, .training,
      "training classes to hold out, a number or a share such as 0.1, spread evenly; the epoch with the best MAP@R on them "
        + "is tested, and without any the last", standard: "0"
    ) { text throws(InvalidValue) in try ValidationClasses(text) },
    integer(
      "--patience", \.patience, in: 1...100_000, .training,
      "end a run after this many epochs without a better validation", standard: "never"),
  ]

  private static let sweep: [OptionSpecification] = [
    value(
      "--over", "NAME", \.over, .sweep,
      "what sweep changes: the weight w1 of the first coarse level, or coarse, its number of "
        + "proxies", standard: nil
    ) { text throws(InvalidValue) in try choice(text, called: "parameter") }.taken(by: [.sweep]),
    value(
      "--values", "LIST", \.values, .sweep, "the values, with commas between",
      standard: "w1: 0 to 1; coarse: a twentieth to a half of the training classes"
    ) { text throws(InvalidValue) in try Sweep.values(text) }.taken(by: [.sweep]),
  ]

  private static let models: [OptionSpecification] = [
    Self(
      name: "--checkpoint", placeholder: "FILE", group: .models,
      help:
        "the trained model: last.safetensors or best.safetensors of a run's folder, or the model.safetensors beside a "
        + "report; tsne takes several, each with its own --checkpoint",
      standard: nil, isRepeatable: true, commands: [.tsne, .embed, .search, .inspect]
    ) { (options, value) throws(InvalidValue) in
      guard !value.isEmpty else { throw InvalidValue("must not be empty") }
      options.checkpoints = (options.checkpoints ?? []) + [value]
    },
    value("--split", "NAME", \.split, .models, "the pictures: test or train", standard: "test") {
      text throws(InvalidValue) in try choice(text, called: "split")
    }.taken(by: [.tsne]),
    text("--query", "FILE", \.query, .models, "the JPEG file that search looks for", standard: nil)
      .taken(by: [.search]),
    integer("--top", \.top, in: 1...1_000_000, .models, "how many pictures search shows", standard: "10")
      .taken(by: [.search]),
  ]

  private static let run: [OptionSpecification] = [
    integer(
      "--seed", \.seed, in: 0...UInt64.max, .run, "first seed; the same seed gives the same run",
      standard: "\(Defaults.seed)"
    ).taken(by: Command.training + [.tsne]),
    integer(
      "--seeds", \.seeds, in: 1...1000, .run, "train with this many seeds and report mean and deviation",
      standard: "\(Defaults.seeds); compare and sweep \(Defaults.experimentSeeds)"),
    integer("--threads", \.threads, in: 1...1024, .run, "threads that compute", standard: "all cores")
      .taken(by: Command.training + [.tsne, .embed, .search]),
    integer("--workers", \.workers, in: 1...256, .run, "threads that load pictures", standard: "\(Defaults.workers)")
      .taken(by: Command.training + [.tsne, .embed, .search]),
    text(
      "--output", "PATH", \.output, .run,
      "folder for results.json, report.html and the trained weights, or for the pictures of tsne; embed: a file that ends in "
        + ".npy; search: a page that ends in .html",
      standard: "runs/<time>; embed: embeddings.npy; search: none"
    ).taken(by: Command.training + [.tsne, .embed, .search]),
    flag("--quiet", \.quiet, .run, "no progress, only the table").taken(by: Command.allCases.filter { $0 != .inspect }),
    flag(
      "--profile", \.profile, .run,
      "print what each operation took, and write the first ones to profile.json for chrome://tracing"),
  ]

  private static let other: [OptionSpecification] = [
    answer("--version", "print the version, and stop"),
    answer("--help", "print this text, or after a command its options, and stop"),
  ]

  private static func standard<Value: Equatable>(_ value: KeyPath<Defaults, Value>) -> String {
    let embedded = Defaults.embedded[keyPath: value]
    let folder = Defaults.folder[keyPath: value]
    let published = Defaults.folder.suiting(.resNet50)[keyPath: value]
    return "\(embedded)" + (folder == embedded ? "" : "; with --data \(folder)")
      + (published == folder ? "" : "; with a published --backbone \(published)")
  }
}
