import Foundation
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct OptionTests {
  private func usageError(_ arguments: [String], for command: any Command.Type = TrainCommand.self) -> UsageError? {
    do {
      _ = try Harness.given(arguments, for: command)
      return nil
    } catch {
      return error
    }
  }

  @Test func noArgumentsMeansNoOptions() throws {
    try expectEqual(Harness.given([]).values, Values())
    guard case .run(let command) = try Invocation(["cub-hpl"]) else { throw CancellationError() }
    try expectEqual(#require(command as? TrainCommand).given.values, Values())
  }

  /// Each option's value is spelled as it was typed, or as its kind writes it.
  @Test func everyOptionIsRead() throws {
    let arguments = [
      "--data", "birds", "--skip-broken", "--image-size", "96", "--method", "hpl-pa,proxy-nca", "--levels",
      "1.0,clusters:5:0.1", "--recluster", "3", "--hierarchy", "h.json", "--level-ramp", "2", "--warm-up", "0",
      "--dimensions", "512", "--backbone", "resnet50", "--weights", "net.safetensors", "--freeze-batch-norm",
      "--head-warm-up", "5", "--epochs", "7", "--batch", "32", "--samples-per-class", "8", "--lr", "0.0001",
      "--proxy-lr", "0.02", "--schedule", "step:3:0.5", "--sampler", "shuffled", "--accumulate", "2", "--pieces-of",
      "5", "--ema", "0.99",
      "--validation-classes", "0.2", "--patience", "4", "--protocol", "mlrc", "--miner", "hard", "--over", "w1",
      "--values", "0.0,0.5", "--seed", "18446744073709551615", "--seeds", "3", "--threads", "2", "--workers", "1",
      "--output", "here", "--quiet", "--profile", "--dataset", "cub", "--taxonomy", "t.tsv", "--class-split", "seed:3",
      "--config",
      "settings.json", "--optimizer", "sgd", "--weight-decay", "0.01", "--clip-values", "10.0", "--clip-norm", "3.0",
      "--augment", "rotation:10.0,rand-augment:9", "--precision-at", "5,10", "--whiten", "--expand-queries", "4",
      "--rerank",
      "--pictures", "2000", "--shard-proxies", "--sampling-rate", "0.1", "--sync-batch-norm", "--precision",
      "bfloat16",
    ]
    let given = try Harness.given(arguments, for: SweepCommand.self)
    let options = SweepCommand.options(.standard)
    expectEqual(given.values.names, Set(options.map(\.name)))
    expectEqual(options.count, arguments.count { $0.hasPrefix("--") })
    for option in options {
      let place = try #require(arguments.firstIndex(of: option.name), "\(option.name)")
      let typed = option.placeholder == nil ? "true" : arguments[place + 1]
      expectEqual(option.spelling(in: given.values), typed, "\(option.name)")
    }
    expectEqual(given.levels, LevelSpecification(classWeight: 1, coarse: [.init(source: .clusters(5), weight: 0.1)]))
    expectEqual(given.seed, .max)
    expectEqual(given.learningRate, 1e-4)
    expectEqual(given.schedule, .step(every: 3, factor: 0.5))
    expectEqual(given.methods.all.count, 33)
    expectEqual(given.backbone, .published(.resNet50))
    expectEqual(given.validation, .share(0.2))
  }

  @Test func anEqualsSignJoinsNameAndValue() throws {
    let given = try Harness.given(["--epochs=5", "--output=a=b"])
    expectEqual(given.epochs, 5)
    expectEqual(given.output, "a=b")
    expectEqual(given.values.names, ["--epochs", "--output"])
  }

  @Test func aFolderMayStartWithOneHyphen() throws {
    try expectEqual(Harness.given(["--data", "-birds"]).data, "-birds")
  }

  @Test func helpAndVersionWin() throws {
    for arguments in [["--epochs", "x", "--help"], ["-h"]] {
      guard case .help(nil) = try Invocation(["cub-hpl"] + arguments) else { throw CancellationError() }
    }
    guard case .version = try Invocation(["cub-hpl", "--version", "--nonsense"]) else { throw CancellationError() }
  }

  @Test func theOptionThatBecameACommandIsNamed() {
    expectEqual(usageError(["--export", "x"]), .becameCommand(option: "--export", command: "export DIR"))
    expectEqual(
      failure { try Harness.run(["--export=x"]) }, "cub-hpl: --export is no option but a command: cub-hpl export DIR")
  }

  @Test(arguments: [
    ("--epoch", "--epochs"), ("--ephocs", "--epochs"), ("--img-size", "--image-size"), ("--bacth", "--batch"),
    ("--learning", nil), ("--samples-per", "--samples-per-class"), ("-x", nil), ("--zzzzzzzz", nil),
  ])
  func unknownOptionsAreCorrected(name: String, suggestion: String?) {
    expectEqual(usageError([name, "1"]), .unknownOption(name, of: "train", suggestion: suggestion))
  }

  @Test func mistakesOfFormAreNamed() {
    expectEqual(usageError(["birds"]), .unexpectedArgument("birds"))
    expectEqual(usageError(["-"]), .unexpectedArgument("-"))
    expectEqual(usageError([""]), .unexpectedArgument(""))
    expectEqual(usageError(["--epochs"]), .missingValue(option: "--epochs", placeholder: "N"))
    expectEqual(usageError(["--data", "--quiet"]), .missingValue(option: "--data", placeholder: "DIR"))
    expectEqual(usageError(["--quiet=yes"]), .unexpectedValue(option: "--quiet"))
    expectEqual(usageError(["--seed", "1", "--seed=1"]), .repeated(option: "--seed"))
    expectEqual(usageError(["--quiet", "--quiet"]), .repeated(option: "--quiet"))
  }

  @Test(arguments: [
    ("--epochs", "0"), ("--epochs", "1.5"), ("--epochs", "ten"), ("--epochs", ""), ("--epochs", "99999999999999999999"),
    ("--batch", "1"), ("--image-size", "31"), ("--image-size", "4096"), ("--dimensions", "0"), ("--dimensions", "4097"),
    ("--seeds", "0"), ("--seed", "-1"), ("--threads", "0"), ("--workers", "0"), ("--recluster", "-1"),
    ("--level-ramp", "0"), ("--hierarchy", ""),
    ("--warm-up", "-1"), ("--samples-per-class", "0"), ("--lr", "0"), ("--lr", "-1"), ("--lr", "nan"), ("--lr", "inf"),
    ("--lr", "fast"), ("--proxy-lr", "0"), ("--data", ""), ("--output", ""), ("--weights", ""), ("--config", ""),
    ("--backbone", "resnet51"), ("--backbone", ""), ("--head-warm-up", "-1"), ("--method", ""), ("--method", "hpl"),
    ("--method", "all,hpl-pa"), ("--method", "hpl-pa,all"),
    ("--method", "hpl-pa,"), ("--method", "hpl-pa,hpl-pa"), ("--levels", "nonsense"),
    ("--miner", "hardest"), ("--class-split", "random"), ("--class-split", "seed:x"), ("--sampler", "random"),
    ("--protocol", "paper"), ("--optimizer", "adamx"), ("--weight-decay", "-1"), ("--clip-norm", "0"),
    ("--clip-values", "x"), ("--precision-at", "0"), ("--precision-at", "5,5"), ("--expand-queries", "0"),
    ("--augment", "blur"), ("--accumulate", "0"), ("--ema", "1"),
    ("--ema", "x"), ("--validation-classes", "-1"), ("--validation-classes", "1.5"), ("--patience", "0"),
    ("--schedule", "step:10"), ("--schedule", "step:0:0.5"), ("--schedule", "step:2:0"), ("--schedule", "linear"),
    ("--over", "w2"), ("--values", "1,x"), ("--values", "1,1"), ("--values", ""),
  ])
  func badValuesNameTheOption(option: String, value: String) throws {
    for arguments in [[option, value], ["\(option)=\(value)"]] {
      let command: any Command.Type = ["--over", "--values"].contains(option) ? SweepCommand.self : TrainCommand.self
      let error = try #require(usageError(arguments, for: command))
      guard case .invalidValue(option, value, _) = error else {
        Issue.record("\(error)")
        continue
      }
      let line = Failure.line(for: error)
      #expect(line.hasPrefix("cub-hpl: \(option) '\(value)': "))
      #expect(!line.contains("\n"))
      expectEqual(Failure.exitStatus(for: error), 2)
    }
  }

  @Test func anUnknownMethodListsTheKnownOnes() throws {
    let error = try #require(usageError(["--method", "proxy-anchr"]))
    expectEqual(
      Failure.line(for: error),
      "cub-hpl: --method 'proxy-anchr': unknown method 'proxy-anchr'; did you mean proxy-anchor? "
        + "(known: \(MethodList.standard.all.map(\.name).joined(separator: ", ")), all)")
  }

  @Test func allMeansEveryMethod() throws {
    try expectEqual(Harness.settings("--method", "all").methods, MethodList.main)
  }

  @Test func aMessageIsAlwaysOneLine() {
    let error = UsageError.unexpectedArgument("a\nb\r\nc")
    expectEqual(Failure.line(for: error), "cub-hpl: unexpected argument 'a b c'; options start with --, see --help")
    expectEqual(Failure.exitStatus(for: OutputError.cannotWrite(file: "x", reason: "full")), 1)
  }

  @Test func editDistanceCountsSwapsOnce() {
    expectEqual(editDistance("", "abc"), 3)
    expectEqual(editDistance("abc", ""), 3)
    expectEqual(editDistance("abcd", "acbd"), 1)
    expectEqual(editDistance("kitten", "sitting"), 3)
  }
}
