extension OptionSpecification {
  /// Every option, in the order of the help: parsing, suggestions and help are all made from this table.
  static let all: [OptionSpecification] = data + method + training + run + other

  private static let data: [OptionSpecification] = [
    text(
      "--data", "DIR", \.data, .data, "train on this folder of JPEG files in the CUB-200-2011 layout",
      standard: "embedded birds"),
    flag("--skip-broken", \.skipBroken, .data, "leave broken pictures out, count and list them, instead of stopping"),
    integer(
      "--image-size", \.imageSize, in: 32...2048, .data, "side of the square pictures in pixels",
      standard: standard(\.imageSize)),
    text(
      "--export", "DIR", \.export, .data, "write the embedded birds as a CUB folder of JPEG files, and stop",
      standard: nil),
  ]

  private static let method: [OptionSpecification] = [
    Self(
      name: "--method", placeholder: "LIST", group: .method,
      help: "methods to train, with commas between: \(Method.allCases.map(\.rawValue).joined(separator: ", ")), or all",
      standard: "all"
    ) { (options, value) throws(InvalidValue) in options.methods = try Method.list(value) },
    Self(
      name: "--levels", placeholder: "SPEC", group: .method,
      help: "levels of HPL: the weight of the class proxies, then ,clusters:COUNT:WEIGHT (k-means over the level "
        + "below) or ,taxonomy:WEIGHT (from the data) for each coarser level, whose proxies are :learned "
        + "(the rule) or the :centroid of their children",
      standard: standard(\.levels)
    ) { (options, value) throws(InvalidValue) in options.levels = try LevelSpecification(value) },
    integer(
      "--warm-up", \.warmUp, in: 0...100_000, .method, "epochs before the first clustering",
      standard: standard(\.warmUp)),
    integer(
      "--recluster", \.recluster, in: 1...100_000, .method, "epochs from one clustering to the next",
      standard: standard(\.recluster)),
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
      standard: "\(Int(Defaults.proxyLearningRateFactor)) times --lr"),
  ]

  private static let run: [OptionSpecification] = [
    integer(
      "--seed", \.seed, in: 0...UInt64.max, .run, "first seed; the same seed gives the same run",
      standard: "\(Defaults.seed)"),
    integer(
      "--seeds", \.seeds, in: 1...1000, .run, "train with this many seeds and report mean and deviation",
      standard: "\(Defaults.seeds)"),
    integer("--threads", \.threads, in: 1...1024, .run, "threads that compute", standard: "all cores"),
    integer(
      "--workers", \.workers, in: 1...256, .run, "threads that load pictures", standard: "\(Defaults.workers)"),
    text(
      "--output", "DIR", \.output, .run, "folder for results.json, report.html and the trained weights",
      standard: "runs/<time>"),
    flag("--quiet", \.quiet, .run, "no progress, only the table"),
    flag(
      "--profile", \.profile, .run,
      "print what each operation took, and write the first ones to profile.json for chrome://tracing"),
  ]

  private static let other: [OptionSpecification] = [
    answer("--version", "print the version, and stop"),
    answer("--help", "print this text, and stop"),
  ]

  private static func standard<Value: Equatable>(_ value: KeyPath<Defaults, Value>) -> String {
    let embedded = Defaults.embedded[keyPath: value]
    let folder = Defaults.folder[keyPath: value]
    let published = Defaults.folder.suiting(.resNet50)[keyPath: value]
    return "\(embedded)" + (folder == embedded ? "" : "; with --data \(folder)")
      + (published == folder ? "" : "; with a published --backbone \(published)")
  }
}
