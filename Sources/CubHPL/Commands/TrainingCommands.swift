/// Trains some methods and reports on them; the program does it without a word.
struct TrainCommand: TrainingCommand {
  static let kind = ExperimentKind.train
  static let summary = "train --method and report on it (without a command)"
  static let examples = [
    CommandExample(
      arguments: "--method proxy-anchor,hpl-pa --seeds 3",
      meaning: "the paper's main comparison on the embedded birds, over three seeds"),
    CommandExample(
      arguments: "--data CUB_200_2011 --levels 1.0,clusters:20:0.1 --epochs 60",
      meaning: "every method on CUB-200-2011, with 20 coarse proxies"),
    CommandExample(
      arguments: "--method hpl-pa --levels 1.0,clusters:20:0.1,clusters:5:0.05",
      meaning: "three levels: classes, 20 groups of classes, 5 groups of groups"),
  ]

  let given: Given

  init(checked given: Given) { self.given = given }
}

/// Trains every loss and puts the results next to one another.
struct CompareCommand: TrainingCommand {
  static let kind = ExperimentKind.compare
  static let summary =
    "train every loss over several seeds: the table of losses, with intervals and the published numbers"
  static let examples = [
    CommandExample(
      arguments: "compare --output runs/table", meaning: "the table of losses; given again, it goes on where it stopped"
    )
  ]

  let given: Given

  init(checked given: Given) { self.given = given }
}

/// Trains with one number of the hierarchy at several values.
struct SweepCommand: TrainingCommand {
  static let kind = ExperimentKind.sweep
  static let summary =
    "train at several values of --over: the curve of the weight, of the number of coarse proxies, or of what birds are drawn"
  static let examples = [
    CommandExample(
      arguments: "sweep --over coarse --values 2,4,8,12", meaning: "retrieval by the number of coarse proxies"),
    CommandExample(
      arguments: "sweep --over classes --values 24,96,360 --pictures 7200",
      meaning: "retrieval by the number of drawn species, as many pictures in all"),
  ]

  let given: Given

  init(checked given: Given) { self.given = given }
}

/// A command that trains: its options make settings, these and the data a plan, and the plan an experiment.
protocol TrainingCommand: Command {
  static var kind: ExperimentKind { get }

  /// What was given, whose settings go together.
  init(checked given: Given)

  var given: Given { get }
}

extension TrainingCommand {
  static var word: String { kind.rawValue }

  static func groups(_ methods: MethodList) -> [any OptionGroup] { TrainingOptions.groups(of: kind, methods) }

  init(_ given: Given) throws(UsageError) {
    _ = try Settings(given, for: Self.kind)
    self.init(checked: given)
  }

  func run() throws { try Experiment.run(given, Self.kind) }
}
