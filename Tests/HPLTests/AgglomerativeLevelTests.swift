import Clustering
import HPL
import NN
import Tensor
import Testing
import _TestSupport

/// Levels made by agglomerative clustering, from class means, and several levels deep.
@Suite struct AgglomerativeLevelTests {
  typealias Level = ProxyLevel<Double>

  private func makeLoss(_ levels: [Level], classes: Int = 24, seed: UInt64 = 1) -> HierarchicalProxyLoss<Double> {
    var generator = RandomGenerator(seed: seed)
    return HierarchicalProxyLoss(
      dimensions: 5, levels: [.classes(classes, loss: ProxyNCA())] + levels, using: &generator)
  }

  private func level(_ count: Int, _ method: ClusteringMethod, _ proxies: Level.CoarseProxies = .learned) -> Level {
    .clusters(count, by: method, weight: 0.1, loss: ProxyNCA(), proxies: proxies)
  }

  /// Whether two partitions differ in the numbers of their groups only.
  private func isSame(_ a: [Int], _ b: [Int]) -> Bool {
    let pairs = Set(zip(a, b).map { [$0, $1] })
    return pairs.count == Set(a).count && pairs.count == Set(b).count
  }

  @Test(arguments: AgglomerativeClustering.Linkage.allCases, Level.CoarseProxies.allCases)
  func successiveLevelsAreCutsOfOneTree(linkage: AgglomerativeClustering.Linkage, proxies: Level.CoarseProxies) {
    let method = ClusteringMethod.agglomerative(linkage)
    let loss = makeLoss([level(12, method, proxies), level(5, method, proxies), level(2, method, proxies)])
    let tree = AgglomerativeClustering(linkage).fit(loss.proxies(on: 0))
    for (index, count) in [12, 5, 2].enumerated() {
      #expect(isSame(loss.ancestors(on: index + 1), tree.clusters(count).scalars))
    }
  }

  @Test func anotherLinkageOrMethodStartsFromTheLevelBelow() {
    let loss = makeLoss([
      level(10, .agglomerative(.ward)), level(6, .agglomerative(.average)), level(4, .kMeans),
      level(2, .agglomerative(.average)),
    ])
    for (index, linkage, count) in [(0, AgglomerativeClustering.Linkage.ward, 10), (1, .average, 6), (3, .average, 2)] {
      let below = AgglomerativeClustering(linkage).fit(loss.proxies(on: index)).clusters(count).scalars
      #expect(isSame(loss.levels[index + 1].parents, below))
    }
  }

  @Test(arguments: [ClusteringMethod.kMeans, .agglomerative(.ward)], [UInt64](1...3))
  func groupsStayWhereTheyAreSeveralLevelsDeep(method: ClusteringMethod, seed: UInt64) {
    let loss = makeLoss([level(8, method), level(4, method), level(2, method)], seed: seed)
    var generator = RandomGenerator(seed: seed)
    // Two by two and four by four close together, so that every restart finds the same groups.
    let pairs = Tensor<Double>.normal([8, 5], using: &generator)
    let quads = Tensor<Double>.normal([4, 5], deviation: 3, using: &generator)
    let halves = Tensor<Double>([[30, 0, 0, 0, 0], [0, 30, 0, 0, 0]])
    func spread(_ deviation: Double) -> Tensor<Double> {
      halves.take(Tensor<Int>((0..<24).map { $0 / 12 })) + quads.take(Tensor<Int>((0..<24).map { $0 / 6 }))
        + pairs.take(Tensor<Int>((0..<24).map { $0 / 3 })) * 0.3
        + .normal([24, 5], deviation: deviation, using: &generator)
    }
    loss.levels[0].proxies!.update(spread(0.001))
    loss.recluster(using: &generator)
    let before = loss.levels.map(\.parents)
    for level in loss.levels.dropFirst() { level.proxies!.update(level.proxies!.value * 2) }  // stands for training
    let trained = loss.levels.map { $0.proxies!.value.scalars }
    loss.levels[0].proxies!.update(spread(0.001))
    expectEqual(loss.recluster(using: &generator), 0)
    expectEqual(loss.levels.map(\.parents), before)
    expectEqual(loss.levels.dropFirst().map { $0.proxies!.value.scalars }, Array(trained.dropFirst()))
  }

  @Test func aClassThatMovesChangesItsOwnGroupsOnly() {
    let loss = makeLoss([level(8, .agglomerative(.ward)), level(2, .agglomerative(.ward))])
    var generator = RandomGenerator(seed: 3)
    let corners = Tensor<Double>.normal([8, 5], using: &generator)
    let groups = (0..<24).map { $0 / 3 }
    loss.levels[0].proxies!.update(
      corners.take(Tensor<Int>(groups)) + .normal([24, 5], deviation: 0.001, using: &generator))
    loss.recluster(using: &generator)
    let classes = (0..<24).map { "class \($0)" }
    let before = loss.hierarchy(classes: classes)
    var moved = groups
    moved[4] = 7
    loss.levels[0].proxies!.update(
      corners.take(Tensor<Int>(moved)) + .normal([24, 5], deviation: 0.001, using: &generator))
    expectEqual(loss.recluster(using: &generator), 1)
    let after = loss.hierarchy(classes: classes)
    let shares = after.movedShares(since: before)
    expectEqual(shares[0], 1.0 / 24)
    let top = (before.groups(on: 2), after.groups(on: 2))
    expectEqual(shares[1], (top.0[4] == top.1[4] ? 0 : 1.0 / 24))
    expectEqual(after.levels[0].parents[4], before.levels[0].parents[21])
  }

  @Test(arguments: [ClusteringMethod.kMeans, .agglomerative(.complete)])
  func classMeansCanBeClusteredInsteadOfProxies(method: ClusteringMethod) {
    let loss = makeLoss([level(3, method), level(2, method)], classes: 6)
    var generator = RandomGenerator(seed: 2)
    // The classes 0 and 3, 1 and 4, 2 and 5 look alike, whatever their proxies; 0, 3, 1 and 4 are closer together.
    let places = Tensor<Double>([[1, 0, 0, 0, 0], [1, 0.7, 0, 0, 0], [0, 0, 0, 0, 1]])
    let labels = Labels((0..<60).map { $0 % 6 })
    let embeddings =
      places.take(Tensor<Int>(labels.scalars.map { $0 % 3 })) * 7 + .normal([60, 5], deviation: 0.1, using: &generator)
    let means = classMeans(of: embeddings, labels: labels, classes: 6)
    expectLess(
      difference(means[0], embeddings.take(Tensor<Int>((0..<10).map { $0 * 6 })).normalized(along: 1).mean(along: 0)),
      1e-12)
    #expect(ReclusteringSchedule(start: 1).begin(epoch: 1, loss, classMeans: means, using: &generator) != nil)
    #expect(isSame(loss.ancestors(on: 1), [0, 1, 2, 0, 1, 2]))
    #expect(isSame(loss.ancestors(on: 2), [0, 0, 1, 0, 0, 1]))
  }

  @Test func coarseWeightsFollowASchedule() {
    let loss = makeLoss([level(4, .kMeans), level(2, .kMeans)])
    let ramp = Schedule.ramp(2..<6)
    expectEqual((0..<8).map(ramp.factor), [0, 0, 0, 0.25, 0.5, 0.75, 1, 1])
    expectEqual(Schedule.ramp(3..<3).factor(at: 2), 0)
    expectEqual(Schedule.ramp(3..<3).factor(at: 3), 1)
    let embeddings = signedSample([3, 5])
    let labels = Labels([0, 5, 23])
    let terms = loss.values(embeddings, labels: labels).map(\.item)
    loss.coarseWeightFactor = ramp.factor(at: 3)
    expectLess(abs(loss(embeddings, labels: labels).item - (terms[0] + 0.025 * (terms[1] + terms[2]))), 1e-12)
    loss.coarseWeightFactor = ramp.factor(at: 0)
    let value = loss(embeddings, labels: labels)
    expectEqual(value.item, terms[0])
    #expect(loss.levels[1].proxies!.gradient(in: value.backward()) == nil)
  }

  @Test func accuraciesAreThoseOfTheNearestProxies() {
    let loss = makeLoss([.taxonomy([0, 0, 1, 1], weight: 1, loss: ProxyNCA())], classes: 4)
    var generator = RandomGenerator(seed: 4)
    let rows = Tensor<Double>.normal([4, 5], using: &generator)
    loss.levels[0].proxies!.update(rows)
    loss.levels[1].proxies!.update(Tensor.stacked([rows[0] + rows[1], rows[2] + rows[3]], along: 0))
    // Two of their class, one of a sister class, one of a stranger; only directions count.
    let embeddings = rows.take(Tensor<Int>([0, 3, 1, 2])) * Tensor([[1], [9], [0.1], [2]])
    let cosines = loss.proxies(on: 1).matmul(embeddings.normalized(along: 1).transposed())
    let nearest = (0..<4).map { cosines.scalars[$0] >= cosines.scalars[4 + $0] ? 0 : 1 }
    let expected = zip(nearest, [0, 1, 0, 0]).count { $0 == $1 }
    let accuracies = loss.accuracies(embeddings, labels: Labels([0, 3, 0, 0]))
    expectEqual(accuracies[0], 0.5)
    expectEqual(accuracies[1], Double(expected) / 4)
  }

  @Test func mistakesTrapWithTheCallersLine() async {
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      let loss = HierarchicalProxyLoss<Float>(
        dimensions: 3, levels: [.classes(4, loss: ProxyNCA()), .clusters(2, weight: 1, loss: ProxyNCA())],
        using: &generator)
      loss.recluster(classMeans: .ones([3, 3]), using: &generator)
    }
    let message = text(shape?.standardErrorContent)
    #expect(message.contains("class means of shape [3, 3] do not fit class proxies of shape [4, 3]"))
    #expect(message.contains("AgglomerativeLevelTests.swift"))
    let missing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = classMeans(of: Tensor<Float>.ones([2, 3]), labels: Labels([0, 2]), classes: 3)
    }
    let missingMessage = text(missing?.standardErrorContent)
    #expect(missingMessage.contains("classMeans: class 1 has no sample"))
    let factor = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      HierarchicalProxyLoss<Float>(dimensions: 3, levels: [.classes(4, loss: ProxyNCA())], using: &generator)
        .coarseWeightFactor = -1
    }
    let factorMessage = text(factor?.standardErrorContent)
    #expect(factorMessage.contains("a coarseWeightFactor of -1.0 is not 0 or more"))
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var generator = RandomGenerator(seed: 1)
      _ = HierarchicalProxyLoss<Float>(dimensions: 3, levels: [.classes(4, loss: ProxyNCA())], using: &generator)
        .accuracies(.ones([1, 3]), labels: Labels([4]))
    }
    let labelMessage = text(label?.standardErrorContent)
    #expect(labelMessage.contains("accuracies: label 4 is none of 4 classes"))
  }
}
