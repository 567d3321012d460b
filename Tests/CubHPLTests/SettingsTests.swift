import Foundation
import Testing
import _TestSupport

@testable import CubHPL

@Suite struct SettingsTests {
  private func settings(_ arguments: String...) throws -> Settings { try Harness.settings(arguments) }

  @Test func defaultsDependOnTheData() throws {
    try expectEqual(settings().epochs, 16)
    try expectEqual(settings("--data", "x").epochs, 40)
    try expectEqual(settings().threads, 2)
    try expectEqual(settings().methods, MethodList.main)
  }

  @Test func proxiesFollowTheLearningRate() throws {
    expectLess(abs(try settings("--lr", "0.01").proxyLearningRate - 1), 1e-12)
    try expectEqual(settings("--lr", "0.01", "--proxy-lr", "0.5").proxyLearningRate, 0.5)
  }

  @Test func defaultsGiveWayToOptions() throws {
    try expectEqual(settings("--epochs", "1").warmUp, 0)
    try expectEqual(settings("--batch", "2").samplesPerClass, 2)
  }

  @Test func theOutputFolderIsNamedByTheTime() throws {
    let output = try settings().output
    #expect(output.wholeMatch(of: /runs\/\d{4}-\d\d-\d\d-\d{6}/) != nil, "\(output)")
  }

  @Test func seedsFollowEachOther() throws {
    try expectEqual(settings("--seed", "7", "--seeds", "3").allSeeds, [7, 8, 9])
  }

  @Test func contradictionsAreErrors() {
    #expect(throws: UsageError.self) { try settings("--epochs", "5", "--warm-up", "5") }
    #expect(throws: UsageError.self) { try settings("--batch", "4", "--samples-per-class", "5") }
    #expect(throws: UsageError.self) { try settings("--seed", "\(UInt64.max)", "--seeds", "2") }
    #expect(throws: UsageError.self) { try settings("--lr", "1e307") }
  }

  @Test func aPublishedBackboneBringsItsDefaults() throws {
    let small = try settings("--data", "x")
    expectEqual(small.backbone, .small)
    expectEqual(small.imageSize, 64)
    expectEqual(small.dimensions, 128)
    let large = try settings("--data", "x", "--backbone", "resnet50")
    expectEqual(large.imageSize, 224)
    expectEqual(large.dimensions, 512)
    expectEqual(large.learningRate, 1e-4)
    #expect(large.epochs == small.epochs && !large.freezeBatchNorm && large.headWarmUp == 0)
    try expectEqual(settings("--backbone", "bn-inception", "--image-size", "96").imageSize, 96)
  }

  @Test(arguments: [
    (["--backbone", "vit-s16", "--image-size", "250"], "--image-size 250 does not fit --backbone vit-s16"),
    (["--backbone", "dinov2-vit-s14", "--image-size", "256"], "its sides must be multiples of 14"),
    (["--backbone", "bn-inception", "--image-size", "240"], "must be multiples of 32"),
    (["--backbone", "vit-s16", "--weights", "w.pth", "--freeze-batch-norm"], "which has no batch-norm"),
    (["--backbone", "resnet18", "--freeze-batch-norm"], "--freeze-batch-norm needs --weights"),
    (["--backbone", "resnet18", "--head-warm-up", "1"], "--head-warm-up needs --weights"),
    (["--patience", "3"], "--patience needs --validation-classes"),
    (["--sampler", "shuffled", "--samples-per-class", "2"], "--samples-per-class does not fit --sampler shuffled"),
    (["--batch", "20", "--pieces-of", "20"], "--pieces-of 20 divides nothing: --batch 20 is no larger"),
    (["--sync-batch-norm", "--pieces-of", "20"], "--pieces-of does not fit --sync-batch-norm"),
    (["--miner", "hard"], "none of the methods compares pairs"),
    (["--hierarchy", "h.json", "--levels", "1,clusters:3:0.1"], "takes none of them: it needs taxonomy:WEIGHT"),
    (["--hierarchy", "h.json", "--method", "cosface"], "--hierarchy is about coarse levels"),
    (["--level-ramp", "2", "--method", "proxy-nca"], "--level-ramp is about coarse levels"),
    (["--level-ramp", "3", "--warm-up", "2", "--epochs", "4"], "--level-ramp 3 does not end"),
    (["sweep", "--over", "coarse", "--hierarchy", "h.json"], "--hierarchy gives groups that stay"),
    (["--over", "w1"], "--over belongs to the command sweep; cub-hpl train --help lists the options of train"),
    (["compare", "--values", "1"], "--values belongs to the command sweep; cub-hpl compare --help"),
    (
      ["--checkpoint", "a"],
      "--checkpoint belongs to the commands tsne, embed, search, index, add, classify and inspect; cub-hpl train"
    ),
    (["tsne", "--checkpoint", "a", "--epochs", "3"], "--epochs belongs to the commands train, compare and sweep;"),
    (["--skip-broken"], "--skip-broken needs --data"),
    (["--dataset", "cub"], "--dataset needs --data"),
    (["--recluster", "2", "--levels", "1.0"], "--recluster is about coarse levels, and --levels 1.0 has none"),
    (["--level-ramp", "2", "--levels", "1.0"], "--level-ramp is about coarse levels, and --levels 1.0 has none"),
    (["--warm-up", "3", "--levels", "1.0"], "--warm-up is about coarse levels, and --levels 1.0 has none"),
    (["--recluster", "2", "--levels", "1.0,taxonomy:0.1"], "the groups of a taxonomy stay as they are"),
    (["--recluster", "2", "--hierarchy", "h.json"], "the groups of a taxonomy stay as they are"),
    (["sweep"], "sweep needs --over: w1, coarse, classes, pictures-per-class or likeness"),
    (["sweep", "--over", "coarse", "--values", "2.5"], "whole numbers of proxies"),
    (["sweep", "--over", "coarse", "--levels", "1,taxonomy:0.1"], "needs clusters as the first coarse level"),
    (["sweep", "--over", "w1", "--levels", "1"], "has no coarse level"),
    (
      ["sweep", "--over", "classes", "--values", "7"],
      "that is 7 species with 205 pictures each; there must be at least 8"
    ),
    (["sweep", "--over", "classes", "--pictures", "200"], "--values 180: of --pictures 200 that is 180 species"),
    (["sweep", "--over", "pictures-per-class", "--values", "2.5"], "whole numbers of species and pictures"),
    (["sweep", "--over", "likeness", "--values", "1.5"], "takes shares from 0 to 1"),
    (["sweep", "--over", "classes", "--data", "x"], "--data does not go with --over classes"),
    (["sweep", "--over", "classes", "--protocol", "mlrc"], "--protocol mlrc does not go with --over classes"),
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
    let error = #expect(throws: UsageError.self) { try Invocation(["cub-hpl"] + arguments) }
    expectEqual(error.map { "\($0)".contains(reason) }, true)
  }

  @Test func aProtocolBringsItsDefaults() throws {
    let anchor = try settings("--data", "x", "--protocol", "proxy-anchor", "--weights", "w.pth")
    expectEqual(anchor.backbone, .published(.resNet50))
    expectEqual(anchor.imageSize, 224)
    expectEqual(anchor.dimensions, 512)
    expectEqual(anchor.epochs, 60)
    expectEqual(anchor.batch, 120)
    expectEqual(anchor.sampler, .shuffled)
    expectEqual(anchor.learningRate, 1e-4)
    #expect(anchor.freezeBatchNorm && anchor.headWarmUp == 5 && anchor.schedule == .step(every: 5, factor: 0.5))
    expectEqual(anchor.validation, .share(0.1))
    let inception = try settings(
      "--data", "x", "--protocol", "proxy-anchor", "--backbone", "bn-inception", "--weights", "w.pth", "--epochs", "9")
    expectEqual(inception.batch, 180)
    expectEqual(inception.headWarmUp, 1)
    expectEqual(inception.schedule, .step(every: 10, factor: 0.5))
    expectEqual(inception.epochs, 9)
    expectEqual(inception.imageSize, 224)
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
    expectEqual(mlrc.backbone, .published(.bnInception))
    expectEqual(mlrc.dimensions, 128)
    expectEqual(mlrc.batch, 32)
    expectEqual(mlrc.patience, 10)
    expectEqual(mlrc.imageSize, 227)
    #expect(!mlrc.freezeBatchNorm && mlrc.recipe?.folds == 4)
    try expectEqual(settings("--protocol", "mlrc").backbone, .small)
  }

  @Test func hyperbolicProtocolsBringTheirDefaults() throws {
    let hier = try settings("--data", "x", "--protocol", "hier", "--method", "hier", "--weights", "w.pth")
    #expect(hier.backbone == .published(.resNet50) && hier.dimensions == 512 && hier.sampler == .randomClasses)
    #expect(hier.batch == 180 && hier.samplesPerClass == 2 && hier.epochs == 100 && hier.learningRate == 1e-4)
    #expect(hier.proxyLearningRate == 5e-3 && hier.weightDecay == 1e-2 && hier.clipValues == 10 && hier.clipNorm == nil)
    #expect(hier.schedule == .step(every: 5, factor: 0.5) && hier.freezeBatchNorm && hier.headWarmUp == 1)
    let products = try settings("--data", "x", "--dataset", "sop", "--protocol", "hier", "--weights", "w.pth")
    #expect(products.learningRate == 6e-4 && products.epochs == 150 && products.weightDecay == 1e-4)
    #expect(!products.freezeBatchNorm && products.headWarmUp == 5 && products.schedule == .step(every: 25, factor: 0.3))
    let dino = try settings("--data", "x", "--protocol", "hier", "--backbone", "dino-vit-s16", "--lr", "2e-6")
    #expect(dino.dimensions == 128 && dino.schedule == .constant && abs(dino.proxyLearningRate - 1e-4) < 1e-12)
    let hyp = try settings("--data", "x", "--protocol", "hyp", "--method", "hyp")
    #expect(hyp.backbone == .published(.vitS16) && hyp.dimensions == 128 && hyp.learningRate == 3e-5)
    #expect(hyp.batch == 900 && hyp.samplesPerClass == 9 && hyp.weightDecay == 1e-2 && hyp.clipNorm == 3)
    let shop = try settings(
      "--data", "x", "--dataset", "in-shop", "--protocol", "hyp", "--backbone", "dino-vit-s16", "--method", "hyp")
    #expect(shop.learningRate == 1e-5 && shop.samplesPerClass == 2 && shop.epochs == 79)
    try expectEqual(settings("--data", "x", "--dataset", "cars", "--protocol", "hyp", "--method", "hyp").batch, 882)
    #expect(throws: UsageError.self) { try settings("--protocol", "hyp", "--backbone", "resnet50") }
  }

  @Test func commandsBringTheirDefaults() throws {
    let compare = try Settings(Harness.given([], for: CompareCommand.self), for: .compare)
    expectEqual(compare.seeds, 3)
    expectEqual(
      compare.methods,
      [
        "proxy-nca", "hpl-nca", "proxy-nca++", "proxy-anchor", "hpl-pa", "norm-softmax", "cosface", "arcface",
        "soft-triple", "contrastive", "triplet", "multi-similarity",
      ])
    #expect(
      throws: UsageError.unknownCommand("compair", suggestion: "compare")
    ) { try Invocation(["cub-hpl", "compair", "--seeds", "2"]) }
  }

  @Test func aMistypedBackboneIsCorrected() {
    let error = #expect(throws: UsageError.self) { try settings("--backbone", "resnet5") }
    expectEqual(
      error.map { "\($0)" },
      "--backbone 'resnet5': unknown backbone 'resnet5'; did you mean resnet50? "
        + "(known: small, resnet18, resnet34, resnet50, resnet101, bn-inception, vit-s16, vit-b16, dino-vit-s16, "
        + "dino-vit-b16, dinov2-vit-s14, dinov2-vit-b14, dinov2-vit-s14-reg, dinov2-vit-b14-reg, mobilenet-v3-large, "
        + "mobilenet-v3-small, convnext-tiny)")
  }

  @Test func settingsSurviveJSON() throws {
    let all = [
      try settings("--levels", "1,clusters:9:0.1:centroid,taxonomy:0.2", "--data", "x"),
      try Settings(
        Harness.given(["--over", "w1", "--values", "0,0.5", "--ema", "0.9"], for: SweepCommand.self), for: .sweep),
      try settings("--backbone", "dinov2-vit-s14-reg", "--image-size", "252"),
    ]
    for settings in all {
      let data = try JSONEncoder().encode(settings)
      try expectEqual(JSONDecoder().decode(Settings.self, from: data), settings)
    }
    expectEqual(all[1].sweep, Sweep(parameter: .weight, values: [0, 0.5]))
  }
}
