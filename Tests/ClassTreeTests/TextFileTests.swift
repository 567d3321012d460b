import ClassTree
import Foundation
import Testing
import _TestSupport

@Suite struct TextFileTests {
  let names = ["gull", "tern", "wren", "robin", "bat"]

  func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("hierarchy-\(UUID()).txt").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  func read(_ text: String) throws -> ClassHierarchy {
    try withFile(text) { try ClassHierarchy(text: $0, classes: names) }
  }

  func expectError(
    _ text: String, line: Int? = nil, _ problem: String, location: SourceLocation = #_sourceLocation
  ) throws {
    try withFile(text) { path in
      let error = #expect(throws: HierarchyFileError.self, sourceLocation: location) {
        try ClassHierarchy(text: path, classes: names)
      }
      #expect(error == HierarchyFileError(file: path, line: line, problem: problem), sourceLocation: location)
      let place = line.map { ":\($0)" } ?? ""
      #expect(error?.description == "\(path)\(place): \(problem)", sourceLocation: location)
    }
  }

  func expected() throws -> ClassHierarchy {
    try ClassHierarchy(
      classes: names,
      levels: [
        .init(name: "level 1", groups: ["waders", "songbirds", "bat"], parents: [0, 0, 1, 1, 2]),
        .init(name: "level 2", groups: ["birds", "mammals"], parents: [0, 0, 1]),
      ])
  }

  @Test func linesOfAncestorsAndStepsSayTheSame() throws {
    let lines = """
      gull\twaders\tbirds
      tern\twaders\tbirds
      wren\tsongbirds\tbirds
      robin\tsongbirds\tbirds
      bat\tmammals
      """
    let steps = """
      waders\tbirds\tanimals\r
      bat \t mammals\tanimals\r
      songbirds\tbirds\r
      gull\twaders\r
      tern\twaders\r
      wren\tsongbirds\r
      robin\tsongbirds\r

      """
    try expectEqual(read(lines), expected())
    try expectEqual(read(steps), expected())  // one group above all says nothing
  }

  @Test func subsetsRenumberEveryLevel() throws {
    let subset = try expected().subset(classes: [4, 2, 3])
    expectEqual(subset.classes, ["bat", "wren", "robin"])
    expectEqual(
      subset.levels,
      [
        .init(name: "level 1", groups: ["songbirds", "bat"], parents: [1, 0, 0]),
        .init(name: "level 2", groups: ["birds", "mammals"], parents: [0, 1]),
      ])
    try expectEqual(expected().groupsOfClasses, [[0, 0, 1, 1, 2], [0, 0, 0, 0, 1]])
    #expect(try expected().groups(on: 0) == [0, 1, 2, 3, 4] && expected().groups(on: 2) == [0, 0, 0, 0, 1])
  }

  @Test func levelsThatGroupNothingAreLeftOut() {
    expectEqual(ClassHierarchy(ancestors: [["a"], ["a"]], classes: ["x", "y"]), nil)
    expectEqual(ClassHierarchy(ancestors: [["a"], ["b"]], classes: ["x", "y"]), nil)
    expectEqual(ClassHierarchy(ancestors: [[], []], classes: ["x", "y"]), nil)
    let deep = ClassHierarchy(
      ancestors: [["r", "a", "a1"], ["r", "a", "a1"], ["r", "b", "b1"]], classes: ["x", "y", "z"])
    expectEqual(deep?.levels, [.init(name: "level 1", groups: ["a1", "b1"], parents: [0, 0, 1])])
  }

  @Test func cyclesAreFound() throws {
    try expectError("gull\twaders\nwaders\tbirds\nbirds\twaders\n", line: 3, "a cycle: waders in birds in waders")
    try expectError("gull\tgull\n", line: 1, "a cycle: gull in gull")
    try expectError("gull\ta\ntern\ta\nwren\tb\tc\td\tb\n", line: 3, "a cycle: b in c in d in b")
  }

  @Test func otherMistakesAreNamed() throws {
    for line in ["gull", "gull waders", "gull\t", "\twaders", "gull\t\tbirds", ""] {
      let shown = line.replacing("\t", with: "?")
      try expectError(
        "tern\twaders\n\(line)\nwren\tsongbirds\n", line: 2,
        "expected \"class parent\" with a tab between, and further ancestors after tabs, found \"\(shown)\"")
    }
    try expectError(
      "gull\twaders\ngull\tsongbirds\n", line: 2, "the parent of gull is songbirds, but line 1 says otherwise")
    try expectError(
      "gull\twaders\ntern\twaders\nowl\tbirds\ngul\tbirds\n", line: 3,
      "\"owl\" is neither a class of the data set nor a group")
    try expectError(
      "gull\twaders\nbat\tmammals\n", "no line for class \"tern\" and 2 more; every class needs a parent")
    try expectError(
      names.map { "\($0)\tall\n" }.joined(),
      "the taxonomy groups nothing: every class is alone in its group, or all are in one")
    try expectError("", "the list is empty")
    try expectError(
      "gull\twaders\n\u{0}", line: 2,
      "expected \"class parent\" with a tab between, and further ancestors after tabs, found \"?\"")
    let missing = #expect(throws: HierarchyFileError.self) { try ClassHierarchy(text: "/nowhere", classes: names) }
    expectEqual(missing?.description, "/nowhere: cannot read: No such file or directory")
  }

  @Test func longChainsAreFollowed() throws {
    let chain = (0..<20_000).map { "g\($0)\tg\($0 + 1)\n" }.joined()
    let taxonomy = try read("gull\tg0\ntern\tg0\nwren\tx\nrobin\tx\nbat\tx\n" + chain)
    expectEqual(taxonomy.levels.count, 2)
  }

  @Test func nonsenseTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try ClassHierarchy(classes: ["a", "b"], levels: []).subset(classes: [0, 0])
    }
    let message = _TestSupport.text(result?.standardErrorContent)
    #expect(message.contains("subset: classes [0, 0] of 2"))
  }
}
