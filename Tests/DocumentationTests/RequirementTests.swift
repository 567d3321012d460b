import Foundation
import Testing
import _TestSupport

/// The files for pip: names and versions, from whatever index its user has, and those that were measured with.
@Suite struct RequirementTests {
  private static let files = [
    "Benchmarks/peers/requirements.txt", "Tests/Goldens/requirements.txt", "Tests/Goldens/requirements-backbones.txt",
    "Tests/Goldens/requirements-events.txt",
  ]

  @Test(arguments: files) func namesAndVersionsOnly(_ file: String) {
    let lines = readLines(file).filter { !$0.isEmpty }
    #expect(!lines.isEmpty)
    for line in lines { #expect(line.wholeMatch(of: /[a-z0-9-]+==[0-9.]+/) != nil, "\(file): \(line)") }
  }

  /// Of a package that a machine could not install, a section says so; sections of before they named their commit are not looked at.
  @Test func thePeersAreThoseOfTheResults() {
    expectEqual(Self.strangers(in: readLines("Benchmarks/RESULTS.md"), Self.wanted), [])
    expectEqual(Self.strangers(in: Self.sample, ["numpy 2", "torch 1"]), [])
    expectEqual(Self.strangers(in: Self.sample, ["numpy 2"]), ["tape: torch 1"])
  }

  @Test func theResultsAreOfOneCommitAndMachine() {
    expectEqual(Self.origins(in: readLines("Benchmarks/RESULTS.md")).count, 1)
    expectEqual(Self.origins(in: Self.sample), ["- commit a, CPU", "- commit b, CPU"])
    expectEqual(Self.origins(in: Array(Self.sample.prefix(3))), ["- commit a, CPU"])
  }

  private static let sample = [
    "## tape", "- commit a, CPU", "- Swift 6; Python 3, numpy 2, torch 1+cpu", "## reduce", "- commit b, CPU",
  ]
  private static var wanted: Set<String> {
    Set(readLines("Benchmarks/peers/requirements.txt").filter { !$0.isEmpty }.map { $0.replacing("==", with: " ") })
  }

  /// The commits and machines of the sections in the file that `Benchmarks/compare` writes.
  private static func origins(in lines: [String]) -> Set<String?> { Set(sections(of: lines).map(\.origin)) }

  /// Versions that sections were measured with and that were not asked for.
  private static func strangers(in lines: [String], _ wanted: Set<String>) -> [String] {
    var strangers: [String] = []
    for section in sections(of: lines) where section.origin != nil {
      for line in section.lines where line.contains("; Python ") {
        let versions = line.replacing(/\+c[a-z0-9]+/, with: "").split(separator: ", ").dropFirst().map(String.init)
        for version in versions where !wanted.contains(version) { strangers.append("\(section.name): \(version)") }
      }
    }
    return strangers
  }

  private static func sections(of lines: [String]) -> [(name: String, origin: String?, lines: [String])] {
    let names = lines.filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    let bodies = lines.split(omittingEmptySubsequences: false) { $0.hasPrefix("## ") }.dropFirst()
    return zip(names, bodies).map { name, body in
      (name, body.first { $0.hasPrefix("- commit ") }, Array(body))
    }
  }
}
