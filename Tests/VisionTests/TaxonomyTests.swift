import ClassTree
import Foundation
import Testing

@testable import Vision

@Suite struct TaxonomyTests {
  let names = ["gull", "tern", "wren", "robin", "bat"]

  func read(_ text: String) throws -> Taxonomy {
    try withFolder { folder in
      try folder.write(text, to: "t.txt")
      return try Taxonomy(contentsOf: folder.url.appendingPathComponent("t.txt"), classNames: names)
    }
  }

  func expectError(
    _ text: String, location: SourceLocation = #_sourceLocation, _ expected: (String) -> DatasetError
  ) throws {
    try withFolder { folder in
      try folder.write(text, to: "t.txt")
      VisionTests.expectError(expected(folder.path("t.txt")), location: location) {
        try Taxonomy(contentsOf: folder.url.appendingPathComponent("t.txt"), classNames: names)
      }
    }
  }

  let expected = Taxonomy(levels: [
    .init(parents: [0, 0, 1, 1, 2], names: ["waders", "songbirds", "bat"]),
    .init(parents: [0, 0, 1], names: ["birds", "mammals"]),
  ])

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
    #expect(try read(lines) == expected)
    #expect(try read(steps) == expected)  // one group above all says nothing
  }

  @Test func subsetsRenumberEveryLevel() {
    #expect(
      expected.subset(classes: [4, 2, 3])
        == Taxonomy(levels: [
          .init(parents: [1, 0, 0], names: ["songbirds", "bat"]), .init(parents: [0, 1], names: ["birds", "mammals"]),
        ]))
  }

  @Test func levelsThatGroupNothingAreLeftOut() {
    #expect(Taxonomy(groups: [["a"], ["a"]], classNames: ["x", "y"]) == nil)
    #expect(Taxonomy(groups: [["a"], ["b"]], classNames: ["x", "y"]) == nil)
    #expect(Taxonomy(groups: [[], []], classNames: ["x", "y"]) == nil)
    #expect(
      Taxonomy(groups: [["r", "a", "a1"], ["r", "a", "a1"], ["r", "b", "b1"]], classNames: ["x", "y", "z"])
        == Taxonomy(parents: [0, 0, 1], names: ["a1", "b1"]))
  }

  @Test func cyclesAreFound() throws {
    try expectError("gull\twaders\nwaders\tbirds\nbirds\twaders\n") {
      .cycle(file: $0, line: 3, names: ["waders", "birds", "waders"])
    }
    try expectError("gull\tgull\n") { .cycle(file: $0, line: 1, names: ["gull", "gull"]) }
    try expectError("gull\ta\ntern\ta\nwren\tb\tc\td\tb\n") { .cycle(file: $0, line: 3, names: ["b", "c", "d", "b"]) }
  }

  @Test func otherMistakesAreNamed() throws {
    let form = "\"class parent\" with a tab between, and further ancestors after tabs"
    for line in ["gull", "gull waders", "gull\t", "\twaders", "gull\t\tbirds", ""] {
      try expectError("tern\twaders\n\(line)\nwren\tsongbirds\n") {
        .malformed(file: $0, line: 2, content: line, expected: form)
      }
    }
    try expectError("gull\twaders\ngull\tsongbirds\n") {
      .conflict(file: $0, line: 2, claim: "the parent of gull is songbirds", firstLine: 1)
    }
    try expectError("gull\twaders\ntern\twaders\nowl\tbirds\ngul\tbirds\n") {
      .notAClass(file: $0, line: 3, name: "owl")
    }
    try expectError("gull\twaders\nbat\tmammals\n") { .classesLeftOut(file: $0, first: "tern", count: 3) }
    try expectError(names.map { "\($0)\tall\n" }.joined()) { .groupsNothing(file: $0) }
    try expectError("") { .empty(file: $0) }
  }

  @Test func longChainsAreFollowed() throws {
    let chain = (0..<20_000).map { "g\($0)\tg\($0 + 1)\n" }.joined()
    let taxonomy = try read("gull\tg0\ntern\tg0\nwren\tx\nrobin\tx\nbat\tx\n" + chain)
    #expect(taxonomy.levels.count == 2)
  }

  @Test func nonsenseTraps() async {
    await #expect(processExitsWith: .failure) { _ = Taxonomy(levels: []) }
    await #expect(processExitsWith: .failure) {
      _ = Taxonomy(levels: [.init(parents: [0, 1], names: ["a", "b"]), .init(parents: [0], names: ["c"])])
    }
  }
}
