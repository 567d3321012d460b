import ClassTree
import HPL
import Tensor
import Testing
import _TestSupport

/// Levels that do not make a hierarchy, each with its message.
@Suite struct HierarchyErrorTests {
  typealias Level = ProxyLevel<Float>
  private let classes = Level.classes(4, loss: ProxyNCA())

  private func clusters(_ count: Int) -> Level { .clusters(count, weight: 0.1, loss: ProxyNCA()) }
  private func taxonomy(_ parents: [Int]) -> Level { .taxonomy(parents, weight: 0.1, loss: ProxyNCA()) }

  @Test func everyMistakeIsNamedWithItsLevel() {
    expect([], "level 0: a hierarchy needs at least the classes")
    expect([clusters(2)], "level 0: the lowest level must be the classes")
    expect([taxonomy([0])], "level 0: the lowest level must be the classes")
    expect([.classes(0, loss: ProxyNCA())], "level 0: 0 classes")
    expect([classes, classes], "level 1: classes belong at the bottom")
    expect([classes, clusters(5)], "level 1: 5 clusters of the 4 proxies below are not possible")
    expect([classes, clusters(0)], "level 1: 0 clusters of the 4 proxies below are not possible")
    expect([classes, clusters(2), clusters(3)], "level 2: 3 clusters of the 2 proxies below are not possible")
    expect([classes, taxonomy([0, 1])], "level 1: the taxonomy names 2 parents for the 4 proxies below")
    expect([classes, taxonomy([0, 0, 2, 2])], "level 1: the taxonomy's groups are not numbered 0..<3 without gaps")
    expect([classes, taxonomy([0, 0, -1, 1])], "level 1: the taxonomy's groups are numbered from 0, not -1")
    expect([classes, taxonomy([-5, -5, -5, -5])], "level 1: the taxonomy's groups are numbered from 0, not -5")
    expect(
      [classes, clusters(2), taxonomy([0, 0])], "level 2: a taxonomy cannot group clusters, whose numbers mean nothing")
    expect([.classes(4, weight: -1, loss: ProxyNCA())], "level 0: weight -1.0 is not 0 or more")
    expect([classes, .clusters(2, weight: .nan, loss: ProxyNCA())], "level 1: weight nan is not 0 or more")
    expect([.classes(4, weight: .infinity, loss: ProxyNCA())], "level 0: weight inf is not 0 or more")
  }

  @Test func hierarchiesAreAccepted() throws {
    try ProxyLevel.check([classes])
    try ProxyLevel.check([classes, clusters(4), clusters(1)])
    try ProxyLevel.check([classes, taxonomy([1, 0, 1, 2]), clusters(2)])
    try ProxyLevel.check([classes, taxonomy([0, 1, 1, 0]), taxonomy([0, 0])])
  }

  @Test func theLossTrapsWithTheSameMessage() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = HierarchicalProxyLoss<Float>(
        dimensions: 2, levels: [.classes(4, loss: ProxyNCA()), .clusters(5, weight: 1, loss: ProxyNCA())],
        using: &generator)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("HierarchicalProxyLoss: level 1: 5 clusters of the 4 proxies below are not possible"))
    #expect(message.contains("HierarchyErrorTests.swift"))
  }

  private func expect(_ levels: [Level], _ message: String, at location: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: HierarchyError.self, sourceLocation: location) { try ProxyLevel.check(levels) }
    #expect(error?.description == message, sourceLocation: location)
  }
}
