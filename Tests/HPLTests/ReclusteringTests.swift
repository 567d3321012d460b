import HPL
import Tensor
import Testing
import _TestSupport

/// Clusters that are made anew while training goes on.
@Suite struct ReclusteringTests {
  /// Six classes in three bundles of two, far from each other.
  private let bundles = Tensor<Double>([
    [1, 0.1, 0], [1, -0.1, 0], [0, 1, 0.1], [0, 1, -0.1], [0.1, 0, 1], [-0.1, 0, 1],
  ])

  private func makeLoss(_ clusters: Int = 3, seed: UInt64 = 1) -> HierarchicalProxyLoss<Double> {
    var generator = RandomGenerator(seed: seed)
    return HierarchicalProxyLoss(
      dimensions: 3,
      levels: [.classes(6, loss: ProxyNCA()), .clusters(clusters, weight: 0.1, loss: ProxyNCA())], using: &generator)
  }

  @Test func clustersFollowTheProxies() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 2)
    loss.levels[0].proxies!.update(bundles)
    loss.recluster(using: &generator)
    let parents = loss.levels[1].parents
    #expect(parents[0] == parents[1] && parents[2] == parents[3] && parents[4] == parents[5])
    expectEqual(Set(parents), [0, 1, 2])
  }

  /// Only directions count: a long proxy is no reason for a cluster of its own.
  @Test func theNormalisedProxiesAreClustered() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 2)
    loss.levels[0].proxies!.update(bundles * Tensor([[1], [100], [1], [0.01], [1], [50]]))
    loss.recluster(using: &generator)
    let parents = loss.levels[1].parents
    #expect(parents[0] == parents[1] && parents[2] == parents[3] && parents[4] == parents[5])
  }

  @Test func learnedProxiesStartAtTheirCentroids() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 2)
    loss.levels[0].proxies!.update(bundles)
    loss.recluster(using: &generator)
    expectCentroids(loss)
  }

  /// After a warm-up of the classes alone, the arbitrary first centroids must not survive.
  @Test func proxiesThatWereNeverTrainedArePlacedAnew() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 3)
    let schedule = ReclusteringSchedule(start: 1, period: nil)
    expectEqual(schedule.begin(epoch: 0, loss, using: &generator), nil)
    loss.levels[0].proxies!.update(bundles)  // stands for the warm-up
    #expect(schedule.begin(epoch: 1, loss, using: &generator) != nil)
    expectCentroids(loss)
  }

  @Test(arguments: 1...8) func aRelabelledClusteringLeavesTrainedProxiesInPlace(_ seed: Int) {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 2)
    loss.levels[0].proxies!.update(bundles)
    loss.recluster(using: &generator)
    let parents = loss.levels[1].parents
    let trained = Tensor<Double>.normal([3, 3], using: &generator)
    loss.levels[1].proxies!.update(trained)

    var other = RandomGenerator(seed: UInt64(seed))  // k-means numbers its clusters by chance
    expectEqual(loss.recluster(using: &other), 0)
    expectEqual(loss.levels[1].parents, parents)
    expectEqual(loss.levels[1].proxies!.value.scalars, trained.scalars)
    loss.recluster(using: &other)
    expectEqual(loss.levels[1].proxies!.value.scalars, trained.scalars)
  }

  @Test func whoMovesIsCountedAndTheOthersStay() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 2)
    loss.levels[0].proxies!.update(bundles)
    loss.recluster(using: &generator)
    let before = loss.levels[1].parents
    let trained = Tensor<Double>.normal([3, 3], using: &generator)
    loss.levels[1].proxies!.update(trained)
    loss.levels[0].proxies!.update(bundles.take([0, 2, 2, 3, 4, 5].labels))  // class 1 joins the second bundle
    expectEqual(loss.recluster(using: &generator), 1)
    var expected = before
    expected[1] = before[2]
    expectEqual(loss.levels[1].parents, expected)
    expectEqual(loss.levels[1].proxies!.value.scalars, trained.scalars)
  }

  @Test func aClusterWithOnlyNewChildrenStartsAtItsCentroid() {
    var generator = RandomGenerator(seed: 2)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 2, levels: [.classes(4, loss: ProxyNCA()), .clusters(2, weight: 1, loss: ProxyNCA())],
      using: &generator)
    loss.levels[0].proxies!.update([[1, 0], [0, 1], [0.1, 1], [-0.1, 1]])
    loss.recluster(using: &generator)  // {0}, {1, 2, 3}
    let single = loss.levels[1].parents[0]
    loss.levels[1].proxies!.update([[5, 5], [7, 7]])
    loss.levels[0].proxies!.update([[0, 1], [0, 1], [0, 1], [1, 0]])
    loss.recluster(using: &generator)  // {0, 1, 2}, {3}: the second takes the number that is left
    expectEqual(loss.levels[1].parents, [1 - single, 1 - single, 1 - single, single])
    let proxies = loss.levels[1].proxies!.value
    expectLess(difference(proxies[single], [1, 0]), 1e-12)
    expectEqual(proxies[1 - single].scalars, (single == 0 ? [7, 7] : [5, 5]))
  }

  @Test func aTaxonomyKeepsItsGroups() {
    var generator = RandomGenerator(seed: 2)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 3,
      levels: [.classes(6, loss: ProxyNCA()), .taxonomy([0, 1, 0, 1, 0, 1], weight: 1, loss: ProxyNCA())],
      using: &generator)
    loss.levels[0].proxies!.update(bundles)
    expectEqual(loss.recluster(using: &generator), 0)
    expectEqual(loss.levels[1].parents, [0, 1, 0, 1, 0, 1])
  }

  @Test func oneClusterHoldsAll() {
    expectEqual(makeLoss(1).levels[1].parents, [0, 0, 0, 0, 0, 0])
    expectFiniteGradients(makeLoss(1))
  }

  @Test func asManyClustersAsClasses() {
    let loss = makeLoss(6)
    expectEqual(Set(loss.levels[1].parents).count, 6)
    expectCentroids(loss)
    expectFiniteGradients(loss)
  }

  @Test func clustersOfClusters() {
    var generator = RandomGenerator(seed: 4)
    let loss = HierarchicalProxyLoss<Double>(
      dimensions: 3,
      levels: [
        .classes(6, loss: ProxyNCA()), .clusters(3, weight: 1, loss: ProxyNCA(), proxies: .centroid),
        .clusters(2, weight: 1, loss: ProxyNCA()),
      ], using: &generator)
    loss.levels[0].proxies!.update(
      Tensor.concatenated([bundles[0..<4], [[0.1, 0.9, 0.5], [-0.1, 0.9, 0.5]]], along: 0))
    loss.recluster(using: &generator)
    let top = loss.ancestors(on: 2)
    #expect(top[0] == top[1] && top[2] == top[3] && top[4] == top[5])
    #expect(top[2] == top[4] && top[0] != top[2])  // the second and the third bundle are neighbours
  }

  @Test func reclusteringIsNotRecorded() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 5)
    loss.recluster(using: &generator)
    let gradients = loss.levels[1].proxies!.value.sum().backward()
    expectEqual(gradients.count, 1)
  }

  @Test func theScheduleRenewsAtItsStartAndEveryPeriod() {
    func epochs(_ schedule: ReclusteringSchedule) -> [Int] { (0..<12).filter { schedule.renews(at: $0) } }
    expectEqual(epochs(ReclusteringSchedule(start: 2, period: 3)), [2, 5, 8, 11])
    expectEqual(epochs(ReclusteringSchedule(start: 2, period: nil)), [2])
    expectEqual(epochs(ReclusteringSchedule()), [1, 6, 11])
  }

  @Test func theScheduleSwitchesTheCoarseLevels() {
    let loss = makeLoss()
    var generator = RandomGenerator(seed: 6)
    let schedule = ReclusteringSchedule(start: 2, period: 2)
    let active = (0..<5).map { epoch in
      let moved = schedule.begin(epoch: epoch, loss, using: &generator)
      return (loss.usesCoarseLevels, moved != nil)
    }
    expectEqual(active.map(\.0), [false, false, true, true, true])
    expectEqual(active.map(\.1), [false, false, true, false, true])
  }

  @Test func aPeriodOfZeroTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ReclusteringSchedule(start: 0, period: 0)
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("ReclusteringSchedule: a period of 0"))
  }

  private func expectCentroids(
    _ loss: HierarchicalProxyLoss<Double>, at location: SourceLocation = #_sourceLocation
  ) {
    let fine = loss.proxies(on: 0)
    for (index, proxy) in (0..<loss.levels[1].declaration.count).map({ ($0, loss.levels[1].proxies!.value[$0]) }) {
      let children = fine.take(loss.levels[1].parents.indices.filter { loss.levels[1].parents[$0] == index }.labels)
      #expect(difference(proxy, children.mean(along: 0).normalized(along: 0)) < 1e-12, sourceLocation: location)
    }
  }

  private func expectFiniteGradients(
    _ loss: HierarchicalProxyLoss<Double>, at location: SourceLocation = #_sourceLocation
  ) {
    let value = loss(bundles, labels: Labels.range(6))
    let gradients = value.backward()
    #expect(value.item.isFinite, sourceLocation: location)
    for named in loss.parameters {
      #expect(named.parameter.gradient(in: gradients)?.isFinite.allTrue == true, sourceLocation: location)
    }
  }
}
