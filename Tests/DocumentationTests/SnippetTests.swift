import Foundation
import Testing
import _TestSupport

/// What the documentation shows is what the compiler has seen: each Swift block equals a region of a file here or of the
/// example `custom-loss`.
@Suite struct SnippetTests {
  /// A region between `// snippet: name` and `// end snippet`, or a whole file of the package that the README shows, which CI
  /// builds and runs.
  struct Region {
    let file: String
    let name: String
    let text: String
  }

  static let files =
    ["CustomLoss", "PatchNetwork"].map { "Examples/custom-loss/\($0).swift" }
    + names(withPrefix: "Snippets").map { "Tests/DocumentationTests/\($0)" }
  static let wholeFiles = ["dependency": "Package.swift", "training": "Sources/my-retrieval/main.swift"]
  static let regions =
    files.flatMap { regions(in: $0) }
    + wholeFiles.map { name, file in
      let path = "Tests/DocumentationTests/Dependency/\(file)"
      return Region(file: path, name: name, text: readLines(path).dropLast().joined(separator: "\n"))
    }
  static let blocks = Page.all.flatMap(\.blocks).filter { $0.language == "swift" }

  @Test(arguments: blocks)
  func blockEqualsItsRegion(_ block: CodeBlock) throws {
    let name = try #require(block.snippet, "\(block): no '<!-- snippet: name -->' on the line above")
    let region = try #require(
      Self.regions.first { $0.name == name }, "\(block): no '// snippet: \(name)' in \(Self.files)")
    expectEqual(block.text, region.text, "\(block) differs from \(region.file)")
  }

  @Test func everyRegionIsShown() {
    let shown = Set(Self.blocks.compactMap(\.snippet))
    for region in Self.regions {
      #expect(shown.contains(region.name), "\(region.file): no page shows snippet \(region.name)")
    }
  }

  @Test func namesAreUnique() {
    for (name, regions) in Dictionary(grouping: Self.regions, by: \.name) {
      expectEqual(regions.count, 1, "snippet \(name) stands in \(regions.map(\.file))")
    }
  }

  @Test func thereIsSomethingToCheck() {
    #expect(Self.blocks.count >= 5)
    #expect(Page.all.map(\.path).contains("README.md"))
  }

  private static func names(withPrefix prefix: String) -> [String] {
    let folder = packageFolder.appendingPathComponent("Tests/DocumentationTests")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".swift") }.sorted()
  }

  private static func regions(in file: String) -> [Region] {
    var regions: [Region] = []
    var open: (name: String, lines: [String])?
    for line in readLines(file) {
      let words = line.trimmingCharacters(in: .whitespaces)
      if words.hasPrefix("// snippet: ") {
        open = (String(words.dropFirst("// snippet: ".count)), [])
      } else if words == "// end snippet" {
        if let (name, lines) = open { regions.append(Region(file: file, name: name, text: withoutIndentation(lines))) }
        open = nil
      } else {
        open?.lines.append(line)
      }
    }
    return regions
  }
}
