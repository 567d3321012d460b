import ClassTree
import Foundation
import HPL
import Tensor
import TensorFiles
import Testing
import _TestSupport

/// Hierarchies as values and as files.
@Suite struct ClassHierarchyTests {
  private let classes = ["gull", "tern", "owl", "\"hawk\" é"]
  private func hierarchy() throws -> ClassHierarchy {
    try ClassHierarchy(
      classes: classes,
      levels: [
        .init(name: "families", groups: ["shore birds", "owls", "raptors"], parents: [0, 0, 1, 2]),
        .init(name: "orders", groups: ["sea", "land"], parents: [0, 1, 1]),
      ])
  }

  private func withFile(_ text: String? = nil, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("hierarchy-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    try body(path)
  }

  @Test func aRoundTripKeepsEverything() throws {
    try withFile { path in
      try hierarchy().write(to: path)
      try expectEqual(ClassHierarchy(contentsOf: path), hierarchy())
      try expectEqual(ClassHierarchy(contentsOf: path, classes: classes), hierarchy())
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try hierarchy().write(to: path)
      try expectEqual(Data(contentsOf: URL(fileURLWithPath: path)), bytes)
      // The program's own order of the classes counts.
      let reordered = try ClassHierarchy(contentsOf: path, classes: ["owl", "gull", "\"hawk\" é", "tern"])
      expectEqual(reordered.classes, ["owl", "gull", "\"hawk\" é", "tern"])
      expectEqual(reordered.levels.map(\.parents), [[1, 0, 2, 0], [0, 1, 1]])
    }
  }

  @Test func groupsFollowTheTree() throws {
    let hierarchy = try hierarchy()
    expectEqual((0...2).map(hierarchy.groups), [[0, 1, 2, 3], [0, 0, 1, 2], [0, 0, 1, 1]])
  }

  @Test func aLossIsMadeFromItAndGivesItBack() throws {
    let hierarchy = try hierarchy()
    var generator = RandomGenerator(seed: 1)
    let loss = HierarchicalProxyLoss<Float>(
      dimensions: 4, levels: hierarchy.proxyLevels(weights: [1, 0.1, 0.05], loss: ProxyAnchor()), using: &generator)
    expectEqual(loss.levels.map(\.declaration.count), [4, 3, 2])
    expectEqual(loss.levels.map(\.declaration.weight), [1, 0.1, 0.05])
    expectEqual(loss.recluster(using: &generator), 0)
    let again = loss.hierarchy(
      classes: classes, groupNames: [1: ["shore birds", "owls", "raptors"], 2: ["sea", "land"]])
    expectEqual(again.levels.map(\.parents), hierarchy.levels.map(\.parents))
    expectEqual(again.levels.map(\.groups), hierarchy.levels.map(\.groups))
    expectEqual(again.levels.map(\.name), ["3 groups of a taxonomy", "2 groups of a taxonomy"])

    let found = HierarchicalProxyLoss<Float>(
      dimensions: 4,
      levels: [
        .classes(4, loss: ProxyNCA()), .clusters(3, weight: 1, loss: ProxyNCA()),
        .clusters(2, by: .agglomerative(.ward), weight: 1, loss: ProxyNCA()),
      ], using: &generator
    ).hierarchy(classes: classes)
    expectEqual(found.levels.map(\.name), ["3 clusters by k-means", "2 clusters by ward linkage"])
    expectEqual(found.levels[0].groups, ["group 0", "group 1", "group 2"])
    try withFile { path in
      try found.write(to: path)
      try expectEqual(ClassHierarchy(contentsOf: path, classes: classes), found)
    }
  }

  @Test func movedSharesCompareEveryLevel() throws {
    let old = try hierarchy()
    let new = try ClassHierarchy(
      classes: classes,
      levels: [
        .init(name: "families", groups: old.levels[0].groups, parents: [0, 1, 1, 2]),
        .init(name: "orders", groups: old.levels[1].groups, parents: [0, 1, 0]),
      ])
    // The tern has another family and so another order; the hawk's family has another order.
    expectEqual(new.movedShares(since: old), [0.25, 0.5])
    expectEqual(old.movedShares(since: old), [0, 0])
  }

  @Test func everyMistakeInAFileIsNamed() throws {
    func file(
      version: String = "1", classes: String = #"["a", "b", "c"]"#,
      levels: String = #"[{"name": "n", "groups": ["x", "y"], "parents": [0, 1, 1]}]"#, more: String = ""
    ) -> String {
      #"{"format": "hpl-hierarchy", "version": \#(version), "classes": \#(classes), "levels": \#(levels)\#(more)}"#
    }
    func level(_ parents: String, groups: String = #"["x", "y"]"#) -> String {
      file(levels: #"[{"name": "n", "groups": \#(groups), "parents": \#(parents)}]"#)
    }
    try expect(file(), nil)
    try expect(level("[0, 1]"), "levels[0].parents: 2 parents for the 3 classes")
    try expect(level("[0, 1, 2]"), "levels[0].parents[2]: 2 is none of the level's 2 groups, numbered from 0")
    try expect(level("[0, -1, 1]"), "levels[0].parents[1]: -1 is none of the level's 2 groups, numbered from 0")
    try expect(level("[0, 0, 0]"), "levels[0].groups[1]: the group 'y' has no children")
    try expect(level("[0, 0.5, 1]"), "levels[0].parents[1]: is not a whole number")
    try expect(
      level("[0, 1e999, 1]"),
      "is no JSON: line 1, levels[0].parents[1]: it holds a number that is too large at byte ")
    try expect(level(#"[0, "x", 1]"#), "levels[0].parents[1]: is not a number")
    try expect(level("[0, 1, 1]", groups: "[1, 2]"), "levels[0].groups[0]: is not text")
    try expect(
      file(
        levels:
          #"[{"name": "n", "groups": ["x", "y"], "parents": [0, 1, 1]}, {"name": "m", "groups": ["z"], "parents": [0]}]"#
      ),
      "levels[1].parents: 1 parents for the 2 groups of the level below")
    try expect(file(levels: #"[{"name": "n", "groups": ["x"]}]"#), "levels[0].parents: is missing")
    try expect(
      file(levels: #"[{"name": "n", "groups": ["x"], "parents": [0, 0, 0], "parent": 1}]"#),
      "levels[0].parent: unknown; there are name, groups, parents")
    try expect(file(more: #", "comment": "?""#), "comment: unknown; there are format, version, classes, levels")
    try expect(file(version: "2"), "version: version 2 is not known; this program reads version 1")
    try expect(file(version: "null"), "version: is null")
    try expect(#"{"format": "other", "version": 1}"#, "format: 'other' is not 'hpl-hierarchy'")
    try expect(#"{"version": 1}"#, "format: is missing")
    try expect(file(classes: #"["a", "b", "a"]"#), "classes[2]: there are two classes 'a'")
    try expect(file(classes: "[]"), "classes: a hierarchy needs at least one class")
    try expect(file(more: "}"), "is no JSON: ")
    try expect("{\"format\": \"hpl-hierarchy\", ", "is no JSON: ")
    try expect("", "is no JSON: ")
    try expect("[1]", "")
    try expect(
      file(), "classes: the class 'd' is missing; the hierarchy is for other classes", classes: ["a", "b", "d"])
    try expect(file(), "classes[2]: the class 'c' is unknown; the hierarchy is for other classes", classes: ["b", "a"])
    let missing = #expect(throws: HierarchyFileError.self) { try ClassHierarchy(contentsOf: "/no/such/file.json") }
    expectEqual(missing?.description.hasPrefix("/no/such/file.json: cannot be read: "), true)
  }

  private func expect(
    _ contents: String, _ message: String?, classes: [String]? = nil, at location: SourceLocation = #_sourceLocation
  ) throws {
    try withFile(contents) { path in
      guard let message else {
        _ = try ClassHierarchy(contentsOf: path, classes: classes)
        return
      }
      let error = #expect(throws: HierarchyFileError.self, sourceLocation: location) {
        try ClassHierarchy(contentsOf: path, classes: classes)
      }
      #expect(error?.description.hasPrefix("\(path): \(message)") == true, "\(error as Any)", sourceLocation: location)
      #expect(error.map { $0.description.contains("\n") } == false, sourceLocation: location)
    }
  }

  @Test func writingWhereThereIsNoFolderThrows() throws {
    let hierarchy = try hierarchy()
    #expect(throws: TensorFileError.self) { try hierarchy.write(to: "/no/such/folder/hierarchy.json") }
  }

  @Test func mistakesInValuesThrowOrTrap() async throws {
    let error = #expect(throws: HierarchyError.self) {
      try ClassHierarchy(classes: ["a", "b"], levels: [.init(name: "n", groups: ["x"], parents: [0, 1])])
    }
    expectEqual(error?.description, "level 1: 1 is none of the level's 1 groups, numbered from 0")
    let names = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = HierarchicalProxyLoss<Float>(dimensions: 3, levels: [.classes(4, loss: ProxyNCA())], using: &generator)
        .hierarchy(classes: ["a", "a", "b", "c"])
    }
    let namesMessage = text(names?.standardErrorContent)
    #expect(namesMessage.contains("HierarchicalProxyLoss.hierarchy: level 0: there are two classes 'a'"))
    let weights = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try ClassHierarchy(classes: ["a"], levels: []).proxyLevels(weights: [1, 2] as [Float], loss: ProxyNCA())
    }
    let weightsMessage = text(weights?.standardErrorContent)
    #expect(weightsMessage.contains("proxyLevels: 2 weights for 1 levels"))
  }
}
