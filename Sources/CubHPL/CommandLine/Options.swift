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
  /// The names of the options that were given.
  var given: Set<String> = []
}

/// What the person asked the program to do.
enum Invocation: Equatable, Sendable {
  /// The help, of one command or of all.
  case help(Command?)
  case version
  case run(Options)

  /// Reads the arguments after the program's name; `--help`, the word `help` and `--version` win over everything else.
  init(arguments: [String], methods: MethodList = .standard) throws(UsageError) {
    var rest = arguments[...]
    var word = rest.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
    if word != nil { rest.removeFirst() }
    var asksForHelp = arguments.contains("--help") || arguments.contains("-h")
    if word == Self.help {
      asksForHelp = true
      word = rest.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
    }
    let command = try word.map(Self.command)
    if asksForHelp {
      self = .help(command)
    } else if arguments.contains("--version") {
      self = .version
    } else {
      self = .run(try Self.options(rest, of: command ?? .train, methods))
    }
  }

  /// The word that asks for help.
  static let help = "help"

  private static func command(_ word: String) throws(UsageError) -> Command {
    if let command = Command(rawValue: word) { return command }
    throw .unknownCommand(word, suggestion: nearest(to: word, among: Command.allCases.map(\.rawValue) + [help]))
  }

  private static func options(
    _ arguments: ArraySlice<String>, of command: Command, _ methods: MethodList
  ) throws(UsageError) -> Options {
    var rest = arguments
    var folder: String?
    if command.takesFolder, let word = rest.first, !word.hasPrefix("-") {
      folder = word
      rest.removeFirst()
    }
    var options = try OptionParser.parse(Array(rest), for: command, methods: methods)
    (options.command, options.folder) = (command, folder)
    if options.export != nil, let other = options.given.sorted().first(where: { $0 != "--export" }) {
      throw .conflict("--export writes the embedded birds and nothing else: it does not go with \(other)")
    }
    return options
  }
}
