import Collectives
import DrawnBirds
import Foundation
import HPL
import Retrieval
import Tensor
import Testing
import Vision
import _TestSupport

@testable import CubHPL

/// `compare`, `sweep` and the protocols from the command line to the files.
@Suite(.serialized) struct CommandExperimentTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private static let small = [
    "--data", ExperimentTests.smallCUB, "--image-size", "32", "--epochs", "1", "--dimensions", "8",
  ]

  private func run(_ arguments: [String], methods: MethodList = .standard, output: String = "out") throws -> Results {
    try Harness.results(arguments, in: "\(folder)/\(output)", methods: methods)
  }

  private func changed(_ name: String) throws -> Date? {
    try FileManager.default.attributesOfItem(atPath: "\(folder)/out/runs/\(name)/result.json")[.modificationDate]
      as? Date
  }

  @Test func aComparisonGoesOnWhereItStopped() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let methods = MethodList(adding: [.proxies("own", title: "Own loss") { _ in NormSoftmax(temperature: 0.1) }])
    let arguments = ["compare"] + Self.small
    let first = try run(arguments + ["--method", "own,hpl-own", "--seeds", "1"], methods: methods)
    expectEqual(first.runs.map(\.title), ["Own loss", "HPL-Own loss"])
    expectEqual(first.runs.map(\.flatMethod), ["own", "own"])
    let before = try changed("own-seed-0")
    let more = try run(arguments + ["--method", "own,hpl-own,triplet", "--seeds", "2"], methods: methods)
    expectEqual(more.runs.map(\.seed), [0, 0, 0, 1, 1, 1])
    expectEqual(Array(more.runs[..<2]), first.runs, "what was finished is kept")
    try expectEqual(changed("own-seed-0"), before)
    let page = try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8)
    #expect(page.contains("Own loss") && page.contains("95 % interval"))
    #expect(page.contains("Own loss and HPL-Own loss") && page.contains("name=\"plane0-1\""))
    #expect(!page.contains("plane1-0"), "triplet has no counterpart")
    #expect(FileManager.default.fileExists(atPath: "\(folder)/out/map-at-r.svg"))
    let picture = try String(contentsOfFile: "\(folder)/out/tsne-own.svg", encoding: .utf8)
    #expect(picture.contains("HPL-Own loss, by coarse cluster") && picture.contains("Own loss, by class"))
    // The runs of seed 1 were not shown so far: their pictures come from the checkpoints.
    _ = try run(arguments + ["--method", "own,hpl-own", "--seed", "1"], methods: methods)
    #expect(try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8).contains("plane0-1"))
    let line = failure { try run(arguments + ["--method", "triplet,own", "--lr", "0.01"], methods: methods) }
    #expect(line.contains("learning_rate (there") && line.contains("give them again, or another --output"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/runs/triplet-seed-2"), "nothing was trained")
  }

  @Test func aSweepHasACurve() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let results = try run(
      ["sweep", "--over", "coarse", "--values", "3,1", "--method", "hpl-pa", "--seeds", "2"] + Self.small)
    expectEqual(results.runs.map { $0.swept?.value }, [3, 1, 3, 1])
    expectEqual(results.runs.map { Set($0.hierarchy[0].parents).count }, [3, 1, 3, 1])
    let curve = try #require(SweepCurve.all(results.runs).first)
    #expect(curve.points.map(\.swept.text) == ["1", "3"] && curve.points[0].row.runs.count == 2)
    let chart = try String(contentsOfFile: "\(folder)/out/sweep.svg", encoding: .utf8)
    #expect(chart.hasPrefix("<svg xmlns=") && chart.contains("coarse proxies") && !chart.contains("nan"))
    #expect(chart.matches(of: /<path class="curve seed/).count == 2)
    expectEqual(results.baselines.map(\.method), ["chance", "untrained", "untrained"])
    #expect(!chart.contains("var("), "programs for papers know no variables")
    #expect(try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8).contains("<h2 id=\"sweep\">"))
    let line = failure { try run(["sweep", "--over", "coarse", "--values", "2,7"] + Self.small, output: "other") }
    #expect(line.contains("7 clusters of the 6 proxies below"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/other"))
  }

  /// Each value has birds of its own, and what they must be compared with.
  @Test func aSweepOverClassesDrawsBirds() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let options = [
      "--over", "classes", "--values", "8,16", "--pictures", "64", "--method", "proxy-anchor", "--seeds", "1",
      "--epochs", "1", "--image-size", "32", "--dimensions", "4", "--threads", "2",
    ]
    let results = try run(["sweep"] + options)
    expectEqual(results.runs.map { $0.swept?.text }, ["8", "16"])
    let plan = try ExperimentPlan(Harness.given(options, for: SweepCommand.self), .sweep) { _ in }
    try expectEqual(plan.batches(of: Array(plan.runs.joined())), [2, 1], "of 16 and of 32 pictures")
    // Each value has its own data in the results, and the pages say so.
    let swept = try #require(results.sweptData)
    expectEqual(swept.map(\.swept), results.runs.compactMap(\.swept))
    expectEqual(swept.map(\.data.classesTrain), [4, 8])
    expectEqual(swept.map(\.data.name), [8, 16].map { DrawnData(species: $0, pictures: 64 / $0).title })
    #expect(swept[0].data.classNames.count == 4 && swept[0].data.splitChecksum != swept[1].data.splitChecksum)
    let page = try String(contentsOfFile: "\(folder)/out/report.html", encoding: .utf8)
    #expect(page.contains("4 to 8 classes and 32 pictures to train") && page.contains("<h1>Drawn birds</h1>"))
    let index = RunIndex([try RecordedExperiment("\(folder)/out")], beside: URL(fileURLWithPath: "\(folder)/i.html"))
    expectEqual(index.runs.compactMap { $0.parameters["data"] }, swept.map(\.data.name))
    expectEqual(index.runs.map { $0.parameters["split checksum"] }, swept.map(\.data.splitChecksum))
    expectEqual(
      results.baselines.map(\.method),
      ["chance-classes-8", "untrained-classes-8", "chance-classes-16", "untrained-classes-16"])
    // A class of 4 among 8, of 8 pictures; of 4 among 16.
    expectLess(abs(results.baselines[0].metrics.recallAt1 - 7.0 / 31), 1e-12)
    expectLess(abs(results.baselines[2].metrics.recallAt1 - 3.0 / 31), 1e-12)
    expectEqual(results.smallerDefaults?.first, "classes 8: --batch 16 instead of 60: 4 pictures of each of 4 classes")
    let chart = try String(contentsOfFile: "\(folder)/out/sweep.svg", encoding: .utf8)
    #expect(chart.contains(">number of species<") && chart.contains("Proxy-Anchor 8: "))
    // What the hierarchy changes is said at each value, and none of the values is the best.
    var paired = results
    paired.runs =
      results.runs
      + results.runs.map { run in
        var other = run
        (other.method, other.title, other.metrics.mapAtR) = ("hpl-pa", "HPL-PA", run.metrics.mapAtR + 0.0125)
        return other
      }
    let table = Table.sweep(paired)
    expectEqual(table.matches(of: /\+1\.25/).count, 2)
    #expect(table.contains("over flat") && !table.contains("*"))
    let html = ReportPage(ReportContent(title: "x", results: paired)).sweep?.text ?? ""
    expectEqual(html.matches(of: /<td>\+1\.25<\/td>/).count, 2)
    #expect(html.contains("<th scope=\"col\">over flat</th>") && html.contains("Over flat, points of MAP@R"))
    expectEqual(FileManager.default.fileExists(atPath: "\(folder)/out/over-flat.svg"), false)
    let model = try TrainedModel(checkpoint: "\(folder)/out/runs/proxy-anchor-classes-16-seed-0/last.safetensors")
    #expect(try Inspection.text(of: model, at: "m").contains("\ntrained on drawn birds; 8 training classes"))
    let data = try TrainingData(of: [("m", model.state)], over: .alone) { _ in }
    #expect(data.train.classCount == 8 && data.title == "Drawn birds, 16 species × 4 pictures, likeness 0.7")
  }

  @Test func aSweepKnowsItsValues() throws {
    let classes = Sweep(parameter: .classes, values: [])
    expectEqual(classes.filled.values, [24, 48, 96, 180])
    expectEqual(classes.birds(96, pictures: 1440), DrawnData(species: 96, pictures: 15))
    let pictures = Sweep(parameter: .picturesPerClass, values: [])
    expectEqual(pictures.birds(8, pictures: 1440), DrawnData(species: 180, pictures: 8))
    expectEqual(
      Sweep(parameter: .likeness, values: []).birds(0.9, pictures: 1440),
      DrawnData(species: 48, pictures: 30, likeness: 0.9))
    expectEqual(Sweep.values(of: .coarse, classes: 24), [2, 4, 8, 12])
    expectEqual(Sweep.values(of: .coarse, classes: 100), [5, 10, 20, 33, 50])
    let levels = try LevelSpecification("1.0,clusters:8:0.1:centroid")
    expectEqual(Sweep.levels(levels, setting: .weight, to: 0.5).description, "1.0,clusters:8:0.5:centroid")
    expectEqual(Sweep.levels(levels, setting: .coarse, to: 4).description, "1.0,clusters:4:0.1:centroid")
  }

  /// Four networks, each on three quarters of the classes; together they are the nearest by the mean of their cosines.
  @Test func foldsAreTestedApartAndTogether() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let birds = ImageDataset.birds(families: 8, speciesPerFamily: 2, picturesPerSpecies: 4, size: 36)
    _ = try OutputFolder(folder)
    try CUBFolder.write(birds, to: URL(fileURLWithPath: "\(folder)/birds"))
    let arguments = [
      "--protocol", "mlrc", "--data", "\(folder)/birds", "--backbone", "small", "--image-size", "32", "--epochs", "1",
      "--dimensions", "4", "--batch", "8", "--method", "proxy-anchor,hpl-pa",
    ]
    let results = try run(arguments)
    expectEqual(
      results.runs.map(\.title),
      [
        "Proxy-Anchor, concatenated", "Proxy-Anchor, separated", "HPL-PA, concatenated", "HPL-PA, separated",
      ])
    let models = try (1...4).map {
      try TrainedModel(checkpoint: "\(folder)/out/runs/hpl-pa-seed-0-fold-\($0)/best.safetensors")
    }
    let names = models.map { Set($0.state.classNames) }
    #expect(names.allSatisfy { $0.count == 6 } && names[0].intersection(names[1]).count == 4)
    let data = try TrainingData(DataRequest(Harness.settings(arguments))) { _ in }
    let embeddings = try models.map { try $0.embeddings(of: data.test, over: .alone).normalized(along: 1) }
    let labels = Labels(data.test.labels)
    let means = try embeddings.map { try RetrievalMetrics(embeddings: $0, labels: labels).mapAtR }.reduce(0, +) / 4
    expectLess(abs(results.runs[3].metrics.mapAtR - means), 1e-12)
    let together = try RetrievalMetrics(embeddings: .concatenated(embeddings, along: 1), labels: labels)
    expectEqual(results.runs[2].metrics.mapAtR, together.mapAtR)
    #expect(results.runs[2].tested.contains("fold 4: epoch 1 of 1: the best MAP@R on 2 validation classes"))
    #expect(failure { try run(["--protocol", "mlrc"] + Self.small, output: "x") }.contains("4 folds need at least 8"))
  }

  @Test func publishedNumbersAreOfTheirDataSetOnly() throws {
    let cub = try #require(PublishedResult.all(.cub, testClasses: 100))
    expectEqual(cub.results.first { $0.title == "HPL-PA" }?.mapAtR, 26.72)
    #expect(PublishedResult.all(.cub, testClasses: 6) == nil)
    #expect(PublishedResult.all(nil, testClasses: 100) == nil)
    expectEqual(PublishedResult.all(.cars, testClasses: 98)?.results.contains { $0.recallAt1 == 87.7 }, true)
    var results = try Samples.results(seeds: 3)
    (results.data.kind, results.data.classesTest) = (.cub, 100)
    let text = Table.comparison(results)
    #expect(text.contains("P@1") == false && cub.results.first?.recallAt1 == 67.21, "MLRC's P@1 is R@1")
    #expect(text.contains("26.00 ± 0.30*") && text.contains("25.25…26.75") && text.contains("HIER"))
  }
}

@Suite struct IntervalTests {
  /// Quantiles of scipy.stats.t.
  @Test(arguments: [
    (1, 12.706205), (2, 4.302653), (20, 2.085963), (21, 2.079614), (30, 2.042272), (60, 2.000298), (1000, 1.962339),
  ])
  func boundsAreThoseOfStudentsT(_ degreesOfFreedom: Int, _ bound: Double) {
    expectLess(abs(StudentT.bound95(degreesOfFreedom: degreesOfFreedom) - bound), 1e-5)
  }

  @Test func theIntervalIsAroundTheMean() throws {
    let interval: Double = try #require(Statistic([1, 2, 3]).interval)
    let expected: Double = 4.302653 / 3.0.squareRoot()
    expectLess(abs(interval - expected), 1e-6)
    expectEqual(Statistic([1]).interval, nil)
  }

  /// At two seeds the interval of shares reaches far beyond what can be.
  @Test func intervalsAreCutWhereNoValueCanBe() throws {
    let row = try #require(
      Summary([0.2, 0.4].map { Samples.run("hpl-pa", seed: UInt64($0 * 10), base: $0) }).rows.first)
    expectEqual(row.interval(.mapAtR), "0.00…100.00")
    expectEqual(row.interval(.rPrecision), "0.00…100.00")
    expectEqual(row.percentage(.mapAtR), "30.00 ± 14.14")
    let bounds = try #require(Statistic([1, 2]).bounds(within: -100...7))
    #expect(abs(bounds.lowerBound + 4.8531025) < 1e-7 && bounds.upperBound == 7)
  }
}
