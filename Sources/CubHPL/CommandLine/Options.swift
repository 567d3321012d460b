/// What the command line says; nil is "not said", and `Settings` fills it in.
struct Options: Equatable, Sendable {
  var data: String?
  var skipBroken = false
  var imageSize: Int?
  var export: String?
  var methods: [Method]?
  var levels: LevelSpecification?
  var recluster: Int?
  var warmUp: Int?
  var dimensions: Int?
  var backbone: BackboneKind?
  var weights: String?
  var freezeBatchNorm = false
  var headWarmUp: Int?
  var epochs: Int?
  var batch: Int?
  var samplesPerClass: Int?
  var learningRate: Double?
  var proxyLearningRate: Double?
  var seed: UInt64?
  var seeds: Int?
  var threads: Int?
  var workers: Int?
  var output: String?
  var quiet = false
  var profile = false
}

/// What the person asked the program to do.
enum Invocation: Equatable, Sendable {
  case help
  case version
  case run(Options)

  /// Reads the arguments after the program's name; `--help` and `--version` win over everything else.
  init(arguments: [String]) throws(UsageError) {
    if arguments.contains("--help") || arguments.contains("-h") {
      self = .help
    } else if arguments.contains("--version") {
      self = .version
    } else {
      self = .run(try OptionParser.parse(arguments))
    }
  }
}
