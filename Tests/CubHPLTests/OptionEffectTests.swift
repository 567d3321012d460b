import Testing
import _TestSupport

@testable import CubHPL

/// No option does nothing: each changes what its command does, or is refused.
@Suite struct OptionEffectTests {
  /// A value that is no default, and what else must be given for it to mean something.
  private static let uses: [String: (value: String?, with: [String])] = [
    "--data": ("x", []), "--dataset": ("cub", ["--data", "x"]), "--taxonomy": ("t.tsv", ["--data", "x"]),
    "--class-split": ("interleaved", ["--data", "x"]), "--gallery": ("g", []), "--threshold": ("0.5", []),
    "--neighbors": ("3", []),
    "--skip-broken": (nil, ["--data", "x"]), "--image-size": ("96", []),
    "--method": ("arcface,hpl-nca,triplet", []), "--miner": ("hard", []), "--levels": ("1.0,clusters:3:0.2", []),
    "--hierarchy": ("h.json", []), "--level-ramp": ("3", []), "--warm-up": ("1", []), "--recluster": ("3", []),
    "--dimensions": ("32", []), "--backbone": ("resnet18", []), "--weights": ("w.pth", []),
    "--freeze-batch-norm": (nil, ["--weights", "w.pth"]), "--head-warm-up": ("2", ["--weights", "w.pth"]),
    "--protocol": ("mlrc", []), "--epochs": ("9", []), "--batch": ("20", []), "--samples-per-class": ("5", []),
    "--lr": ("0.5", []), "--proxy-lr": ("0.7", []), "--schedule": ("constant", []), "--sampler": ("shuffled", []),
    "--accumulate": ("2", []), "--pieces-of": ("8", []), "--ema": ("0.9", []), "--validation-classes": ("3", []),
    "--patience": ("2", ["--validation-classes", "3"]), "--over": ("coarse", []), "--values": ("3,4", []),
    "--checkpoint": ("c", []), "--split": ("train", []), "--query": ("q.jpg", []), "--top": ("3", []),
    "--seed": ("5", []), "--seeds": ("7", []), "--threads": ("3", []), "--workers": ("5", []), "--output": ("o", []),
    "--precision": ("bfloat16", []), "--quiet": (nil, []), "--shard-proxies": (nil, []), "--sampling-rate": ("0.5", []),
    "--sync-batch-norm": (nil, []), "--optimizer": ("sgd", []), "--weight-decay": ("0.2", []),
    "--clip-values": ("3", []), "--clip-norm": ("4", []), "--augment": ("rotation:5", []), "--precision-at": ("5", []),
    "--whiten": (nil, []), "--expand-queries": ("3", []), "--rerank": (nil, []), "--pictures": ("999", []),
  ]
  /// What an experiment's settings do not hold.
  private static let asides: Set = ["--profile", "--config"]

  private static func arguments(_ option: any AnyOption) throws -> [String] {
    if asides.contains(option.name) { return [option.name] + (option.placeholder == nil ? [] : ["x"]) }
    let use = try #require(uses[option.name], "no value for \(option.name)")
    return [option.name] + [option.placeholder == nil ? nil : use.value].compactMap(\.self)
  }

  private static func settings(_ kind: ExperimentKind, _ arguments: [String]) throws -> Settings {
    let commands: [ExperimentKind: any Command.Type] = [
      .train: TrainCommand.self, .compare: CompareCommand.self, .sweep: SweepCommand.self,
    ]
    return try Settings(Harness.given(arguments, for: commands[kind]!), for: kind)
  }

  /// The options of all commands, each name once: which of several is taken is the command's own affair.
  private static let everyOption = Dictionary(
    Commands.all.flatMap { $0.options(.standard) }.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }
  ).values

  /// Every option of every command changes what the command was given, and is refused elsewhere.
  @Test(arguments: Commands.all.indices)
  func aCommandReadsItsOptionsAndRefusesOthers(_ index: Int) throws {
    let command = Commands.all[index]
    let own = command.options(.standard)
    for option in Self.everyOption {
      guard let taken = own.first(where: { $0.name == option.name }) else {
        let takers = Commands.taking(option.name, .standard).map { $0.word }
        #expect(throws: UsageError.otherCommand(option: option.name, command: command.word, takers: takers)) {
          try Harness.given([option.name, "x"], for: command)
        }
        continue
      }
      let given = try Harness.given(Self.arguments(taken), for: command)
      var (with, without) = (Values(), Values())
      taken.resolve(given, into: &with)
      taken.resolve(try Harness.given([], for: command), into: &without)
      #expect(with != without, "\(command.word) \(option.name)")
    }
  }

  /// Methods without levels, with levels, on pairs, and on rankings with proxies; and the options about what each lacks.
  @Test(arguments: [
    ("arcface", ["--miner", "--levels", "--hierarchy", "--level-ramp", "--warm-up", "--recluster"]),
    ("hpl-pa", ["--miner"]),
    (
      "triplet",
      [
        "--proxy-lr", "--shard-proxies", "--sampling-rate", "--levels", "--hierarchy", "--level-ramp", "--warm-up",
        "--recluster",
      ]
    ),
    (
      "happier",
      [
        "--miner", "--shard-proxies", "--sampling-rate", "--levels", "--hierarchy", "--level-ramp", "--warm-up",
        "--recluster",
      ]
    ),
    ("arcface,hpl-pa,triplet", []),
  ])
  func aMethodIsTrainedOtherwiseOrTheOptionIsRefused(_ method: String, _ refused: [String]) throws {
    for kind in [ExperimentKind.train, .compare] {
      for option in TrainingOptions.all(of: kind) where option.name != "--method" && !Self.asides.contains(option.name)
      {
        let name = option.name
        let context =
          ["--method", method] + (name == "--output" ? [] : ["--output", "here"]) + Self.uses[name]!.with
        let usual = try Self.settings(kind, context)
        let given = context + (try Self.arguments(option))
        if refused.contains(name) {
          let error = #expect(throws: UsageError.self) { try Self.settings(kind, given) }
          expectEqual(error.map { "\($0)".hasPrefix(name) }, true)
        } else {
          #expect(try Self.settings(kind, given) != usual, "\(kind) \(method) \(name)")
        }
      }
    }
  }

  @Test func aSweepTakesEveryOptionOfItsMethods() throws {
    let context = ["--over", "w1", "--output", "here"]
    for option in TrainingOptions.all(of: .sweep) where !Self.asides.contains(option.name) {
      guard !["--over", "--output", "--method", "--miner", "--pictures"].contains(option.name) else { continue }
      let all = context + Self.uses[option.name]!.with
      let given = try Self.settings(.sweep, all + Self.arguments(option))
      #expect(try given != Self.settings(.sweep, all), "\(option.name)")
    }
    #expect(throws: UsageError.self) { try Self.settings(.sweep, context + ["--miner", "hard"]) }
  }

  @Test(arguments: [
    (
      ["--epochs", "3"],
      [
        "--batch 24 instead of 120: 4 pictures of each of 6 classes",
        "--levels 1.0,clusters:3:0.1 instead of 1.0,clusters:20:0.1: half as many clusters as the 6 classes",
        "--warm-up 2 instead of 5: there are --epochs 3",
      ]
    ),
    (["--method", "arcface", "--batch", "3"], ["--samples-per-class 3 instead of 4: --batch 3 holds no more"]),
    (["--batch", "12", "--levels", "1.0,clusters:2:0.1"], []),
  ])
  func aSmallDataSetMakesDefaultsSmallerAndSaysSo(_ arguments: [String], _ lines: [String]) throws {
    let given = try Harness.given(["--data", ExperimentTests.smallCUB] + arguments)
    let asked = try Settings(given)
    let classes = try TrainingData(DataRequest(asked)) { _ in }.train
    expectEqual(asked.fitted(to: classes, given).smallerDefaults(given, classes: classes.classCount), lines)
  }
}
