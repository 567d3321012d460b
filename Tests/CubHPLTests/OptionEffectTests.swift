import Testing

@testable import CubHPL

/// No option does nothing: each changes what its command does, or is refused.
@Suite struct OptionEffectTests {
  /// A value that is no default, and what else must be given for it to mean something.
  private static let uses: [String: (value: String?, with: [String])] = [
    "--data": ("x", []), "--dataset": ("cub", ["--data", "x"]), "--taxonomy": ("t.tsv", ["--data", "x"]),
    "--skip-broken": (nil, ["--data", "x"]), "--image-size": ("96", []), "--export": ("out", []),
    "--method": ("arcface,hpl-nca,triplet", []), "--miner": ("hard", []), "--levels": ("1.0,clusters:3:0.2", []),
    "--hierarchy": ("h.json", []), "--level-ramp": ("3", []), "--warm-up": ("1", []), "--recluster": ("3", []),
    "--dimensions": ("32", []), "--backbone": ("resnet18", []), "--weights": ("w.pth", []),
    "--freeze-batch-norm": (nil, ["--weights", "w.pth"]), "--head-warm-up": ("2", ["--weights", "w.pth"]),
    "--protocol": ("mlrc", []), "--epochs": ("9", []), "--batch": ("20", []), "--samples-per-class": ("5", []),
    "--lr": ("0.5", []), "--proxy-lr": ("0.7", []), "--schedule": ("constant", []), "--sampler": ("shuffled", []),
    "--accumulate": ("2", []), "--ema": ("0.9", []), "--validation-classes": ("3", []),
    "--patience": ("2", ["--validation-classes", "3"]), "--over": ("coarse", []), "--values": ("3,4", []),
    "--checkpoint": ("c", []), "--split": ("train", []), "--query": ("q.jpg", []), "--top": ("3", []),
    "--seed": ("5", []), "--seeds": ("7", []), "--threads": ("3", []), "--workers": ("5", []), "--output": ("o", []),
    "--quiet": (nil, []), "--profile": (nil, []),
  ]
  /// What `Settings` does not hold: the program does it beside the runs.
  private static let asides: Set = ["--export", "--profile"]

  private static func arguments(_ option: String) throws -> [String] {
    let use = try #require(uses[option], "no value for \(option)")
    return [option] + [use.value].compactMap(\.self)
  }

  private static func options(_ command: Command, _ arguments: [String]) throws -> Options {
    guard case .run(let options) = try Invocation(arguments: [command.rawValue] + arguments) else {
      throw CancellationError()
    }
    return options
  }

  private static var names: [String] {
    OptionSpecification.all().map(\.name).filter { !["--help", "--version"].contains($0) }
  }

  @Test(arguments: Command.allCases)
  func aCommandReadsItsOptionsAndRefusesOthers(_ command: Command) throws {
    for option in OptionSpecification.all() where Self.names.contains(option.name) {
      let arguments = try Self.arguments(option.name)
      guard option.commands.contains(command) else {
        #expect(throws: UsageError.otherCommand(option: option.name, command: command, takers: option.commands)) {
          try Self.options(command, arguments)
        }
        continue
      }
      var changed = try Self.options(command, arguments)
      changed.given = []
      #expect(changed != (try Self.options(command, [])), "\(command.rawValue) \(option.name)")
    }
  }

  /// Methods without levels, with levels, and on pairs; and the options about what each lacks.
  @Test(arguments: [
    ("arcface", ["--miner", "--levels", "--hierarchy", "--level-ramp", "--warm-up", "--recluster"]),
    ("hpl-pa", ["--miner"]),
    ("triplet", ["--proxy-lr", "--levels", "--hierarchy", "--level-ramp", "--warm-up", "--recluster"]),
    ("arcface,hpl-pa,triplet", []),
  ])
  func aMethodIsTrainedOtherwiseOrTheOptionIsRefused(_ method: String, _ refused: [String]) throws {
    for command in [Command.train, .compare] {
      for name in Self.names where name != "--method" && !Self.asides.contains(name) {
        guard OptionSpecification.all().first(where: { $0.name == name })!.commands.contains(command) else { continue }
        let context =
          ["--method", method, "--output", "here"].filter { name != "--output" || $0 != "--output" && $0 != "here" }
          + Self.uses[name]!.with
        let usual = try Settings(Self.options(command, context), cores: 2, now: Samples.date)
        let given = try Self.options(command, context + Self.arguments(name))
        if refused.contains(name) {
          let error = #expect(throws: UsageError.self) { try Settings(given, cores: 2, now: Samples.date) }
          #expect(error.map { "\($0)".hasPrefix(name) } == true)
        } else {
          #expect(try Settings(given, cores: 2, now: Samples.date) != usual, "\(command.rawValue) \(method) \(name)")
        }
      }
    }
  }

  @Test func aSweepTakesEveryOptionOfItsMethods() throws {
    let context = ["--over", "w1", "--output", "here"]
    for option in OptionSpecification.all() where option.commands.contains(.sweep) && Self.names.contains(option.name) {
      guard !["--over", "--output", "--method", "--profile", "--miner"].contains(option.name) else { continue }
      let all = context + Self.uses[option.name]!.with
      let usual = try Settings(Self.options(.sweep, all), cores: 2, now: Samples.date)
      let given = try Settings(Self.options(.sweep, all + Self.arguments(option.name)), cores: 2, now: Samples.date)
      #expect(given != usual, "\(option.name)")
    }
    let miner = try Self.options(.sweep, context + ["--miner", "hard"])
    #expect(throws: UsageError.self) { try Settings(miner, cores: 2, now: Samples.date) }
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
    let options = try Self.options(.train, ["--data", ExperimentTests.smallCUB] + arguments)
    var settings = try Settings(options, cores: 2, now: Samples.date)
    let classes = try TrainingData(settings) { _ in }.train
    settings.fit(to: classes, given: options)
    #expect(settings.smallerDefaults(options, methods: .standard, classes: classes.classCount) == lines)
  }
}
