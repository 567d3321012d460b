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

  @Test func thePeersAreThoseOfTheResults() {
    let wanted = readLines("Benchmarks/peers/requirements.txt").filter { !$0.isEmpty }
      .map { $0.replacing("==", with: " ") }
    let measured = readLines("Benchmarks/RESULTS.md").filter { $0.contains("; Python ") }
    #expect(!measured.isEmpty)
    for line in measured {
      let versions = line.replacing("+cpu", with: "").split(separator: ", ").dropFirst().map(String.init)
      #expect(versions == wanted, "\(line)")
    }
  }
}
