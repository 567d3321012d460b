import ClassTree
import Collectives
import Foundation
import Retrieval
import Tensor
import Testing
import _TestSupport

@testable import CubHPL

/// Hierarchies from files, and what is measured by a taxonomy, from the command line to the files.
@Suite(.serialized) struct HierarchyExperimentTests {
  private let folder = NSTemporaryDirectory() + UUID().uuidString

  private func run(_ arguments: [String], epochs: Int = 1, output: String = "out") throws -> Results {
    let small = ["--image-size", "32", "--epochs", "\(epochs)", "--dimensions", "8", "--method", "hpl-pa"]
    return try Harness.results(small + arguments, in: "\(folder)/\(output)")
  }

  private func contents(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  private static let cub = ["--data", ExperimentTests.smallCUB]

  /// The pictures of the small CUB folder in folders of folders: `train/a/c1`, …, two groups of three classes on either side.
  private func nestedFolder() throws -> [String] {
    let files = FileManager.default
    let images = ExperimentTests.smallCUB + "/images"
    for (index, name) in try files.contentsOfDirectory(atPath: images).sorted().enumerated() {
      let group = "\(folder)/data/\(index < 6 ? "train" : "test")/\(index % 2 == 0 ? "even" : "odd")"
      try files.createDirectory(atPath: group, withIntermediateDirectories: true)
      try files.copyItem(atPath: "\(images)/\(name)", toPath: "\(group)/c\(10 + index)")
    }
    return ["--data", "\(folder)/data"]
  }

  @Test func aTaxonomyIsMeasuredAndComparedWith() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let data = try nestedFolder()
    let arguments = data + ["--levels", "1.0,clusters:2:0.1", "--warm-up", "1", "--recluster", "1"]
    let results = try run(arguments, epochs: 3)
    let run = results.runs[0]
    let model = try TrainedModel(checkpoint: "\(folder)/out/model.safetensors")
    let pictures = try TrainingData(DataRequest(Harness.settings(data))) { _ in }
    let embeddings = try model.embeddings(of: pictures.test, over: .alone)
    let graded = try HierarchicalRetrievalMetrics(
      embeddings: embeddings, labels: Labels(pictures.test.labels), groups: pictures.testGroups)
    let hierarchical = try #require(run.metrics.hierarchical)
    expectEqual(hierarchical.groups, [2])
    expectEqual(hierarchical.mapAtR, [graded.mapAtR[1]])
    expectEqual(run.metrics.mapAtR, graded.mapAtR[0])
    expectEqual(hierarchical.ndcg, graded.ndcg)
    expectEqual(hierarchical.firstErrorsWithinParent, graded.firstErrorsWithinParent)
    #expect(try #require(run.metrics.nmi) > 0)

    let parents = run.hierarchy[0].parents
    let agreement = try #require(run.hierarchy[0].agreement)
    expectEqual(agreement, .init(of: parents, with: try #require(pictures.train.taxonomy)))
    #expect(agreement.taxonomyGroups == 2 && (0.5...1).contains(agreement.purity))
    expectEqual(run.epochs.map { $0.groups?[0].moved != nil }, [false, false, true])
    expectEqual(run.epochs[2].groups?[0].agreement, agreement)
    let curves = String(decoding: try contents("out/runs/hpl-pa-seed-0/curves.csv"), as: UTF8.self)
    #expect(
      curves.hasPrefix(
        "epoch,learning_rate,loss,loss_level_0,loss_level_1,accuracy_level_0,accuracy_level_1,moved_level_1,purity_level_1,"
          + "ami_level_1,probe_map_at_r,"))
    let page = String(decoding: try contents("out/report.html"), as: UTF8.self)
    #expect(page.contains("By the taxonomy of the test classes") && page.contains("NMI"))
    let path = "\(folder)/out/runs/hpl-pa-seed-0/last.safetensors"
    let text = try Inspection.text(of: TrainedModel(checkpoint: path), at: path)
    #expect(text.contains("epoch 3, level 1") && text.contains("errors in parent") && text.contains("AMI"))
    #expect(String(decoding: try contents("out/results.csv"), as: UTF8.self).contains(",nmi,map_at_r_level_1,h_ap,"))
  }

  @Test func aHierarchyIsTakenFromTheFileOfAnEarlierRun() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try run(Self.cub + ["--levels", "1.0,clusters:3:0.1,clusters:2:0.05"], output: "first")
    let file = "\(folder)/first/runs/hpl-pa-seed-0/hierarchy.json"
    try expectEqual(ClassHierarchy(contentsOf: file), ClassHierarchy(contentsOf: "\(folder)/first/hierarchy.json"))
    let again = try run(Self.cub + ["--hierarchy", file])
    expectEqual(again.options.levels.description, "1.0,taxonomy:0.1,taxonomy:0.1")
    expectEqual(again.runs[0].hierarchy.map(\.parents), first.runs[0].hierarchy.map(\.parents))
    expectEqual(again.runs[0].hierarchy[0].groupNames, ["group 0", "group 1", "group 2"])
    #expect(again.runs[0].hierarchy[0].agreement == nil && again.runs[0].epochs[0].groups == [.init(), .init()])

    let same = try run(Self.cub + ["--hierarchy", file, "--levels", "1.0,taxonomy:0.2:centroid"], output: "same")
    expectEqual(same.runs[0].hierarchy.map(\.name), ["taxonomy:0.2:centroid"])
    let held = try run(Self.cub + ["--hierarchy", file, "--validation-classes", "2"], output: "held")
    expectEqual(held.runs[0].hierarchy[0].parents.count, 4, "a file for all classes serves for those that are left")

    var other = try ClassHierarchy(contentsOf: file)
    other = try ClassHierarchy(
      classes: other.classes.reversed(),
      levels: [.init(name: "two", groups: ["x", "y"], parents: [0, 0, 0, 0, 1, 1])])
    try other.write(to: "\(folder)/other.json")
    let line = failure { try run(Self.cub + ["--hierarchy", "\(folder)/other.json"]) }
    #expect(line.contains("hierarchy (there ") && line.contains("give them again, or another --output"))
    let reversed = try run(Self.cub + ["--hierarchy", "\(folder)/other.json"], output: "reversed")
    expectEqual(reversed.runs[0].hierarchy.map(\.groupNames), [["x", "y"]])
    expectEqual(reversed.runs[0].hierarchy[0].parents, [1, 1, 0, 0, 0, 0])
  }

  @Test func aHierarchyThatDoesNotFitIsOneLine() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let names = try TrainingData(DataRequest(Harness.settings(Self.cub))) { _ in }.train.classNames
    let file = "\(try OutputFolder(folder).path)/h.json"
    func text(_ classes: [String], _ parents: String, more: String = "") -> String {
      let classes = classes.map { "\"\($0)\"" }.joined(separator: ", ")
      return """
        {"format": "hpl-hierarchy", "version": 1, "classes": [\(classes)]\(more),
         "levels": [{"name": "a", "groups": ["x", "y"], "parents": \(parents)}]}
        """
    }
    let cases = [
      (text(names.dropLast() + ["gull"], "[0, 0, 0, 1, 1, 1]"), "classes: the class '\(names[5])' is missing"),
      (text(names + ["gull"], "[0, 0, 0, 1, 1, 1, 1]"), "classes[6]: the class 'gull' is unknown"),
      (text(names.dropLast(), "[0, 0, 0, 1, 1]"), "classes: the class '\(names[5])' is missing"),
      (text(names, "[0, 0, 0, 1, 1]"), "levels[0].parents: 5 parents for the 6 classes"),
      (text(names, "[0, 0, 0, 1, 1, 2]"), "levels[0].parents[5]: 2 is none of the level's 2 groups"),
      (text(names, "[0, 0, 0, 0, 0, 0]"), "levels[0].groups[1]: the group 'y' has no children"),
      (text(names, "[0, 0, 0, 1, 1, 1]", more: ", \"color\": 1"), "color: unknown"),
      ("nonsense", "is no JSON"),
    ]
    for (text, message) in cases {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file))
      let line = failure { try run(Self.cub + ["--hierarchy", file]) }
      #expect(line.hasPrefix("cub-hpl: \(file): \(message)"), "\(line)")
    }
    #expect(
      failure { try run(Self.cub + ["--hierarchy", "\(folder)/none.json"]) }.contains("none.json: cannot be read"))
    let one = text(names, "[0, 0, 0, 0, 0, 0]").replacing(#"["x", "y"]"#, with: #"["x"]"#)
    try Data(one.utf8).write(to: URL(fileURLWithPath: file))
    let line = failure { try run(Self.cub + ["--hierarchy", file, "--levels", "1.0,taxonomy:0.1"]) }
    #expect(line.contains("taxonomy level 1 has all training classes in one group, x"))
    try Data(text(names, "[0, 0, 0, 1, 1, 1]").utf8).write(to: URL(fileURLWithPath: file))
    let deeper = failure { try run(Self.cub + ["--hierarchy", file, "--levels", "1.0,taxonomy:0.1,taxonomy:0.1"]) }
    #expect(deeper.contains("1 level of a taxonomy"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"), "nothing is left behind")
  }
}
