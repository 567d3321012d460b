import Testing
import _TestSupport

@testable import CubHPL

@Suite struct LevelSpecificationTests {
  @Test(arguments: [
    "1.0", "0.5", "1.0,clusters:20:0.1", "1.0,clusters:20:0.1,clusters:5:0.05", "1.0,taxonomy:0.1",
    "1.0,clusters:20:0.1:centroid", "1.0,taxonomy:0.1:centroid", "0.0,clusters:20:0.1,taxonomy:2.0:centroid",
    "1.0,clusters:20:0.1:ward,clusters:5:0.05:ward:centroid", "1.0,clusters:9:0.1:average,clusters:4:0.1:complete",
    "1.0,clusters:9:0.1:means,clusters:4:0.1", "1.0,taxonomy:0.1,clusters:4:0.1:ward:means:centroid",
    "1.0,clusters:1:0.0", "1e-05,clusters:3:1e+20",
  ])
  func theNotationSurvivesARoundTrip(text: String) throws {
    let levels = try LevelSpecification(text)
    expectEqual(levels.description, text)
    try expectEqual(LevelSpecification(levels.description), levels)
  }

  @Test func everyFieldIsRead() throws {
    let levels = try LevelSpecification(
      "1,clusters:20:0.1:k-means:learned,clusters:9:1:complete,clusters:5:.5:ward:centroid,taxonomy:2")
    let expected = LevelSpecification(
      classWeight: 1,
      coarse: [
        .init(source: .clusters(20), weight: 0.1, proxies: .learned),
        .init(source: .clusters(9), weight: 1, algorithm: .complete),
        .init(source: .clusters(5), weight: 0.5, algorithm: .ward, proxies: .centroid),
        .init(source: .taxonomy, weight: 2, proxies: .learned),
      ])
    expectEqual(levels, expected)
  }

  @Test(arguments: [
    "", ",", "1,", "x", "-1", "nan", "inf", "1,clusters", "1,clusters:20", "1,clusters:x:0.1", "1,clusters:0:0.1",
    "1,clusters:-3:0.1", "1,clusters:20:x", "1,clusters:20:-0.1", "1,clusters:20:0.1:other",
    "1,clusters:20:0.1:learned:x", "1,clusters:20:0.1:centroid:ward", "1,clusters:20:ward", "1,taxonomy:0.1:ward",
    "1,clusters:20:0.1:means:ward", "1,taxonomy:0.1:means",
    "1,taxonomy", "1,taxonomy:", "1,taxonomy:3:0.1", "1,groups:20:0.1", "1,:learned", "1,learned", "clusters:20:0.1",
    "1, clusters:20:0.1",
  ])
  func malformedPartsSayTheGrammar(text: String) {
    do {
      _ = try LevelSpecification(text)
      Issue.record("\(text) was accepted")
    } catch {
      #expect(error.reason.contains(LevelSpecification.grammar), "\(error.reason)")
    }
  }

  @Test(arguments: [
    "1,clusters:5:0.1,clusters:5:0.1", "1,clusters:5:0.1,taxonomy:0.1,clusters:9:0.1", "0", "0,taxonomy:0",
    "1,clusters:5:0.1,clusters:3:0.1:means", "1,clusters:5:0.1:means,clusters:3:0.1:means",
  ])
  func senselessLevelsAreRefused(text: String) {
    #expect(throws: InvalidValue.self) { try LevelSpecification(text) }
  }
}
