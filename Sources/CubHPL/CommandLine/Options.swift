import Vision

/// What the command line says; nil is "not said", and `Settings` fills it in.
struct Options: Equatable, Sendable {
  var command = Command.train
  var over: Sweep.Parameter?
  var values: [Double]?
  var data: String?
  var dataset: DatasetKind?
  var taxonomy: String?
  var skipBroken = false
  var imageSize: Int?
  var export: String?
  var methods: [String]?
  var miner: MinerKind?
  var levels: LevelSpecification?
  var hierarchy: String?
  var levelRamp: Int?
  var recluster: Int?
  var warmUp: Int?
  var dimensions: Int?
  var backbone: BackboneKind?
  var weights: String?
  var freezeBatchNorm = false
  var recipe: Recipe?
  var headWarmUp: Int?
  var epochs: Int?
  var batch: Int?
  var samplesPerClass: Int?
  var learningRate: Double?
  var proxyLearningRate: Double?
  var schedule: ScheduleSpecification?
  var sampler: SamplerKind?
  var accumulate: Int?
  var ema: Double?
  var validation: ValidationClasses?
  var patience: Int?
  var checkpoints: [String]?
  var split: Split?
  /// The folder after the word `embed`.
  var folder: String?
  var query: String?
  var top: Int?
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
  init(arguments: [String], methods: MethodList = .standard) throws(UsageError) {
    if arguments.contains("--help") || arguments.contains("-h") {
      self = .help
    } else if arguments.contains("--version") {
      self = .version
    } else {
      var rest = arguments[...]
      var command = Command.train
      if let word = rest.first, !word.hasPrefix("-") {
        let known = Command.allCases.map(\.rawValue)
        guard let named = Command(rawValue: word) else {
          throw .unknownCommand(word, suggestion: nearest(to: word, among: known))
        }
        command = named
        rest.removeFirst()
      }
      var folder: String?
      if command.takesFolder, let word = rest.first, !word.hasPrefix("-") {
        folder = word
        rest.removeFirst()
      }
      var options = try OptionParser.parse(Array(rest), methods: methods)
      (options.command, options.folder) = (command, folder)
      self = .run(options)
    }
  }
}
