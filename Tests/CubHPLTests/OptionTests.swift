import Foundation
import Testing

@testable import CubHPL

@Suite struct OptionTests {
  private func usageError(_ arguments: [String]) -> UsageError? {
    do {
      _ = try OptionParser.parse(arguments)
      return nil
    } catch {
      return error
    }
  }

  @Test func noArgumentsMeansNoOptions() throws {
    #expect(try OptionParser.parse([]) == Options())
    #expect(try Invocation(arguments: []) == .run(Options()))
  }

  @Test func everyOptionIsRead() throws {
    let options = try OptionParser.parse([
      "--data", "birds", "--skip-broken", "--image-size", "96", "--export", "out", "--method", "hpl-pa,proxy-nca",
      "--levels", "1,clusters:5:0.1", "--recluster", "3", "--hierarchy", "h.json", "--level-ramp", "2", "--warm-up",
      "0", "--dimensions", "512", "--backbone",
      "resnet50",
      "--weights", "net.safetensors", "--freeze-batch-norm", "--head-warm-up", "5", "--epochs", "7", "--batch", "32",
      "--samples-per-class", "8", "--lr", "1e-4", "--proxy-lr",
      "0.02", "--schedule", "step:3:0.5", "--sampler", "shuffled", "--accumulate", "2", "--ema", "0.99",
      "--validation-classes", "0.2", "--patience", "4", "--protocol", "mlrc", "--miner", "hard", "--over", "w1",
      "--values",
      "0,0.5", "--seed", "18446744073709551615", "--seeds", "3", "--threads", "2", "--workers", "1", "--output", "here",
      "--quiet", "--profile",
    ])
    let expected = Options(
      over: .weight, values: [0, 0.5], data: "birds", skipBroken: true, imageSize: 96, export: "out",
      methods: ["hpl-pa", "proxy-nca"], miner: .hard,
      levels: LevelSpecification(classWeight: 1, coarse: [.init(source: .clusters(5), weight: 0.1)]),
      hierarchy: "h.json", levelRamp: 2, recluster: 3,
      warmUp: 0, dimensions: 512, backbone: .resNet50, weights: "net.safetensors", freezeBatchNorm: true,
      recipe: .mlrc, headWarmUp: 5,
      epochs: 7, batch: 32, samplesPerClass: 8,
      learningRate: 1e-4, proxyLearningRate: 0.02, schedule: .step(every: 3, factor: 0.5),
      sampler: .shuffled, accumulate: 2, ema: 0.99, validation: .share(0.2), patience: 4, seed: .max, seeds: 3,
      threads: 2, workers: 1, output: "here",
      quiet: true, profile: true)
    #expect(options == expected)
  }

  @Test func anEqualsSignJoinsNameAndValue() throws {
    #expect(try OptionParser.parse(["--epochs=5", "--output=a=b"]) == Options(epochs: 5, output: "a=b"))
  }

  @Test func aFolderMayStartWithOneHyphen() throws {
    #expect(try OptionParser.parse(["--data", "-birds"]).data == "-birds")
  }

  @Test func helpAndVersionWin() throws {
    #expect(try Invocation(arguments: ["--epochs", "x", "--help"]) == .help)
    #expect(try Invocation(arguments: ["-h"]) == .help)
    #expect(try Invocation(arguments: ["--version", "--nonsense"]) == .version)
  }

  @Test(arguments: [
    ("--epoch", "--epochs"), ("--ephocs", "--epochs"), ("--img-size", "--image-size"), ("--bacth", "--batch"),
    ("--learning", nil), ("--samples-per", "--samples-per-class"), ("-x", nil), ("--zzzzzzzz", nil),
  ])
  func unknownOptionsAreCorrected(name: String, suggestion: String?) {
    #expect(usageError([name, "1"]) == .unknownOption(name, suggestion: suggestion))
  }

  @Test func mistakesOfFormAreNamed() {
    #expect(usageError(["birds"]) == .unexpectedArgument("birds"))
    #expect(usageError(["-"]) == .unexpectedArgument("-"))
    #expect(usageError([""]) == .unexpectedArgument(""))
    #expect(usageError(["--epochs"]) == .missingValue(option: "--epochs", placeholder: "N"))
    #expect(usageError(["--data", "--quiet"]) == .missingValue(option: "--data", placeholder: "DIR"))
    #expect(usageError(["--quiet=yes"]) == .unexpectedValue(option: "--quiet"))
    #expect(usageError(["--seed", "1", "--seed=1"]) == .repeated(option: "--seed"))
    #expect(usageError(["--quiet", "--quiet"]) == .repeated(option: "--quiet"))
  }

  @Test(arguments: [
    ("--epochs", "0"), ("--epochs", "1.5"), ("--epochs", "ten"), ("--epochs", ""), ("--epochs", "99999999999999999999"),
    ("--batch", "1"), ("--image-size", "31"), ("--image-size", "4096"), ("--dimensions", "0"), ("--dimensions", "4097"),
    ("--seeds", "0"), ("--seed", "-1"), ("--threads", "0"), ("--workers", "0"), ("--recluster", "-1"),
    ("--level-ramp", "0"), ("--hierarchy", ""),
    ("--warm-up", "-1"), ("--samples-per-class", "0"), ("--lr", "0"), ("--lr", "-1"), ("--lr", "nan"), ("--lr", "inf"),
    ("--lr", "fast"), ("--proxy-lr", "0"), ("--data", ""), ("--output", ""), ("--weights", ""), ("--export", ""),
    ("--backbone", "resnet51"), ("--backbone", ""), ("--head-warm-up", "-1"), ("--method", ""), ("--method", "hpl"),
    ("--method", "all,hpl-pa"), ("--method", "hpl-pa,all"),
    ("--method", "hpl-pa,"), ("--method", "hpl-pa,hpl-pa"), ("--levels", "nonsense"),
    ("--miner", "hardest"), ("--sampler", "random"), ("--protocol", "hier"), ("--accumulate", "0"), ("--ema", "1"),
    ("--ema", "x"), ("--validation-classes", "-1"), ("--validation-classes", "1.5"), ("--patience", "0"),
    ("--schedule", "step:10"), ("--schedule", "step:0:0.5"), ("--schedule", "step:2:0"), ("--schedule", "linear"),
    ("--over", "w2"), ("--values", "1,x"), ("--values", "1,1"), ("--values", ""),
  ])
  func badValuesNameTheOption(option: String, value: String) throws {
    for arguments in [[option, value], ["\(option)=\(value)"]] {
      let error = try #require(usageError(arguments))
      guard case .invalidValue(option, value, _) = error else {
        Issue.record("\(error)")
        continue
      }
      let line = Failure.line(for: error)
      #expect(line.hasPrefix("cub-hpl: \(option) '\(value)': "))
      #expect(!line.contains("\n"))
      #expect(Failure.exitStatus(for: error) == 2)
    }
  }

  @Test func anUnknownMethodListsTheKnownOnes() throws {
    let error = try #require(usageError(["--method", "proxy-anchr"]))
    #expect(
      Failure.line(for: error)
        == "cub-hpl: --method 'proxy-anchr': unknown method 'proxy-anchr'; did you mean proxy-anchor? "
        + "(known: \(MethodList.standard.all.map(\.name).joined(separator: ", ")), all)")
  }

  @Test func allMeansEveryMethod() throws {
    #expect(try OptionParser.parse(["--method", "all"]).methods == MethodList.main)
  }

  @Test func aMessageIsAlwaysOneLine() {
    let error = UsageError.unexpectedArgument("a\nb\r\nc")
    #expect(Failure.line(for: error) == "cub-hpl: unexpected argument 'a b c'; options start with --, see --help")
    #expect(Failure.exitStatus(for: OutputError.cannotWrite(file: "x", reason: "full")) == 1)
  }

  @Test func editDistanceCountsSwapsOnce() {
    #expect(editDistance("", "abc") == 3)
    #expect(editDistance("abc", "") == 3)
    #expect(editDistance("abcd", "acbd") == 1)
    #expect(editDistance("kitten", "sitting") == 3)
  }
}

@Suite struct HelpTests {
  private var lines: [Substring] { Help.text().split(separator: "\n", omittingEmptySubsequences: false) }

  @Test func helpFitsEightyColumns() {
    for line in lines { #expect(line.count <= 80, "\(line)") }
  }

  @Test func helpNamesEveryOptionOnceWithItsDefault() {
    for option in OptionSpecification.all() {
      let entries = lines.filter { $0.hasPrefix("  \(option.name) ") }
      #expect(entries.count == 1, "\(option.name)")
    }
    let words = Help.text().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for option in OptionSpecification.all() {
      if let standard = option.standard { #expect(words.contains("[\(standard)]"), "\(option.name)") }
    }
  }

  @Test func namesAreDistinct() {
    #expect(Set(OptionSpecification.all().map(\.name)).count == OptionSpecification.all().count)
  }

  @Test func theExamplesParse() throws {
    let examples = lines.filter { $0.hasPrefix("  cub-hpl ") }
    #expect(examples.count == 7)
    for example in examples {
      let words = example.split(separator: " ").dropFirst().map(String.init)
      guard case .run(let options) = try Invocation(arguments: words) else { throw CancellationError() }
      _ = try Settings(options)
    }
  }

  @Test func wrappingKeepsWordsWhole() {
    #expect(wrapped("one two three", width: 7) == ["one two", "three"])
    #expect(wrapped("extraordinary x", width: 5) == ["extraordinary", "x"])
    #expect(wrapped("", width: 5) == [""])
  }
}

@Suite struct SettingsTests {
  private func settings(_ arguments: String...) throws -> Settings {
    try Settings(OptionParser.parse(arguments), cores: 6, now: Samples.date)
  }

  @Test func defaultsDependOnTheData() throws {
    #expect(try settings().epochs == Defaults.embedded.epochs)
    #expect(try settings("--data", "x").epochs == Defaults.folder.epochs)
    #expect(try settings().threads == 6)
    #expect(try settings().methods == MethodList.main)
  }

  @Test func proxiesFollowTheLearningRate() throws {
    #expect(abs(try settings("--lr", "0.01").proxyLearningRate - 1) < 1e-12)
    #expect(try settings("--lr", "0.01", "--proxy-lr", "0.5").proxyLearningRate == 0.5)
  }

  @Test func defaultsGiveWayToOptions() throws {
    #expect(try settings("--epochs", "1").warmUp == 0)
    #expect(try settings("--batch", "2").samplesPerClass == 2)
  }

  @Test func theOutputFolderIsNamedByTheTime() throws {
    let output = try settings().output
    #expect(output.wholeMatch(of: /runs\/\d{4}-\d\d-\d\d-\d{6}/) != nil, "\(output)")
  }

  @Test func seedsFollowEachOther() throws {
    #expect(try settings("--seed", "7", "--seeds", "3").allSeeds == [7, 8, 9])
  }

  @Test func contradictionsAreErrors() {
    #expect(throws: UsageError.self) { try settings("--epochs", "5", "--warm-up", "5") }
    #expect(throws: UsageError.self) { try settings("--batch", "4", "--samples-per-class", "5") }
    #expect(throws: UsageError.self) { try settings("--seed", "\(UInt64.max)", "--seeds", "2") }
    #expect(throws: UsageError.self) { try settings("--lr", "1e307") }
  }

  @Test func aPublishedBackboneBringsItsDefaults() throws {
    let small = try settings("--data", "x")
    #expect(small.backbone == .small && small.imageSize == 64 && small.dimensions == 128)
    let large = try settings("--data", "x", "--backbone", "resnet50")
    #expect(large.imageSize == 224 && large.dimensions == 512 && large.learningRate == 1e-4)
    #expect(large.epochs == small.epochs && !large.freezeBatchNorm && large.headWarmUp == 0)
    #expect(try settings("--backbone", "bn-inception", "--image-size", "96").imageSize == 96)
  }

  @Test(arguments: [
    (["--backbone", "vit-s16", "--image-size", "256"], "--image-size 256 does not fit --backbone vit-s16"),
    (["--backbone", "bn-inception", "--image-size", "240"], "must be multiples of 32"),
    (["--backbone", "vit-s16", "--weights", "w.pth", "--freeze-batch-norm"], "which has no batch-norm"),
    (["--backbone", "resnet18", "--freeze-batch-norm"], "--freeze-batch-norm needs --weights"),
    (["--backbone", "resnet18", "--head-warm-up", "1"], "--head-warm-up needs --weights"),
    (["--patience", "3"], "--patience needs --validation-classes"),
    (["--sampler", "shuffled", "--samples-per-class", "2"], "--samples-per-class does not fit --sampler shuffled"),
    (["--miner", "hard"], "none of the methods compares pairs"),
    (["--hierarchy", "h.json", "--levels", "1,clusters:3:0.1"], "takes none of them: it needs taxonomy:WEIGHT"),
    (["--hierarchy", "h.json", "--method", "cosface"], "--hierarchy is about coarse levels"),
    (["--level-ramp", "2", "--method", "proxy-nca"], "--level-ramp is about coarse levels"),
    (["--level-ramp", "3", "--warm-up", "2", "--epochs", "4"], "--level-ramp 3 does not end"),
    (["sweep", "--over", "coarse", "--hierarchy", "h.json"], "--hierarchy gives groups that stay"),
    (["--over", "w1"], "--over belongs to the command sweep"),
    (["--values", "1"], "--values belongs to the command sweep"),
    (["sweep"], "sweep needs --over: w1 or coarse"),
    (["sweep", "--over", "coarse", "--values", "2.5"], "whole numbers of proxies"),
    (["sweep", "--over", "coarse", "--levels", "1,taxonomy:0.1"], "needs clusters as the first coarse level"),
    (["sweep", "--over", "w1", "--levels", "1"], "has no coarse level"),
    (["sweep", "--over", "w1", "--method", "hpl-pa,cosface"], "--method cosface has no coarse level"),
    (["--protocol", "proxy-anchor", "--backbone", "small"], "does not fit --backbone small"),
    (["--protocol", "mlrc", "--validation-classes", "2"], "--validation-classes does not fit --protocol mlrc"),
    (["--weights", "w.pth", "--epochs", "3", "--head-warm-up", "3"], "leaves no epoch for the body"),
    (
      ["--backbone", "resnet50", "--levels", "1,clusters:9:0.1", "--image-size", "32", "--warm-up", "40"],
      "--warm-up 40"
    ),
  ])
  func wrongCombinationsAreErrors(_ arguments: [String], _ reason: String) throws {
    let error = #expect(throws: UsageError.self) {
      guard case .run(let options) = try Invocation(arguments: arguments) else { throw CancellationError() }
      _ = try Settings(options, cores: 6, now: Samples.date)
    }
    #expect(error.map { "\($0)".contains(reason) } == true)
  }

  @Test func aProtocolBringsItsDefaults() throws {
    let anchor = try settings("--data", "x", "--protocol", "proxy-anchor", "--weights", "w.pth")
    #expect(anchor.backbone == .resNet50 && anchor.imageSize == 224 && anchor.dimensions == 512)
    #expect(anchor.epochs == 60 && anchor.batch == 120 && anchor.sampler == .shuffled && anchor.learningRate == 1e-4)
    #expect(anchor.freezeBatchNorm && anchor.headWarmUp == 5 && anchor.schedule == .step(every: 5, factor: 0.5))
    #expect(anchor.validation == .share(0.1))
    let inception = try settings(
      "--data", "x", "--protocol", "proxy-anchor", "--backbone", "bn-inception", "--weights", "w.pth", "--epochs", "9")
    #expect(inception.batch == 180 && inception.headWarmUp == 1 && inception.schedule == .step(every: 10, factor: 0.5))
    #expect(inception.epochs == 9 && inception.imageSize == 224)
    for kind in ["sop", "in-shop"] {
      let large = try settings(
        "--data", "x", "--dataset", kind, "--protocol", "proxy-anchor", "--backbone", "bn-inception", "--weights",
        "w.pth")
      #expect(large.learningRate == 6e-4 && abs(large.proxyLearningRate - 6e-2) < 1e-12 && large.batch == 180)
      #expect(large.schedule == .step(every: 20, factor: 0.25) && !large.freezeBatchNorm && large.headWarmUp == 1)
    }
    for (backbone, every) in [("resnet50", 10), ("bn-inception", 20)] {
      let cars = try settings(
        "--data", "x", "--dataset", "cars", "--protocol", "proxy-anchor", "--backbone", backbone, "--weights", "w.pth")
      #expect(cars.schedule == .step(every: every, factor: 0.5) && cars.learningRate == 1e-4 && cars.freezeBatchNorm)
    }
    let mlrc = try settings("--data", "x", "--protocol", "mlrc")
    #expect(mlrc.backbone == .bnInception && mlrc.dimensions == 128 && mlrc.batch == 32 && mlrc.patience == 10)
    #expect(mlrc.imageSize == 227)
    #expect(!mlrc.freezeBatchNorm && mlrc.recipe?.folds == 4)
    #expect(try settings("--protocol", "mlrc").backbone == .small)
  }

  @Test func commandsBringTheirDefaults() throws {
    guard case .run(let options) = try Invocation(arguments: ["compare"]) else { throw CancellationError() }
    let compare = try Settings(options)
    #expect(compare.seeds == 3)
    #expect(
      compare.methods == [
        "proxy-nca", "hpl-nca", "proxy-nca++", "proxy-anchor", "hpl-pa", "norm-softmax", "cosface", "arcface",
        "soft-triple", "contrastive", "triplet", "multi-similarity",
      ])
    #expect(
      throws: UsageError.unknownCommand("compair", suggestion: "compare")
    ) { try Invocation(arguments: ["compair", "--seeds", "2"]) }
  }

  @Test func aMistypedBackboneIsCorrected() {
    let error = #expect(throws: UsageError.self) { try settings("--backbone", "resnet5") }
    #expect(error.map { "\($0)".contains("did you mean resnet50?") || "\($0)".contains("did you mean resnet") } == true)
  }

  @Test func settingsSurviveJSON() throws {
    let settings = try settings("--levels", "1,clusters:9:0.1:centroid,taxonomy:0.2", "--data", "x")
    let data = try JSONEncoder().encode(settings)
    #expect(try JSONDecoder().decode(Settings.self, from: data) == settings)
  }
}
