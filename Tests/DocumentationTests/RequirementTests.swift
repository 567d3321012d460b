import Foundation
import Testing

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

  /// Some may be missing, which a machine could not install; the file says so.
  @Test func thePeersAreThoseOfTheResults() {
    let wanted = Set(
      readLines("Benchmarks/peers/requirements.txt").filter { !$0.isEmpty }.map { $0.replacing("==", with: " ") })
    for section in resultSections where section.origin != nil {
      for line in section.lines where line.contains("; Python ") {
        let measured = line.replacing(/\+c[a-z0-9]+/, with: "").split(separator: ", ").dropFirst().map(String.init)
        #expect(wanted.isSuperset(of: measured), "\(section.name): \(line)")
      }
    }
  }

  @Test func theResultsAreOfOneCommitAndMachine() {
    #expect(!resultSections.isEmpty)
    let origins = Dictionary(grouping: resultSections, by: \.origin).mapValues { $0.map(\.name) }
    #expect(origins.count == 1, "\(origins)")
  }

  /// The sections of the file that `Benchmarks/compare` writes.
  private var resultSections: [(name: String, origin: String?, lines: [String])] {
    let lines = readLines("Benchmarks/RESULTS.md")
    let names = lines.filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    let bodies = lines.split(omittingEmptySubsequences: false) { $0.hasPrefix("## ") }.dropFirst()
    return zip(names, bodies).map { name, body in
      (name, body.first { $0.hasPrefix("- commit ") }, Array(body))
    }
  }
}
