import Tensor
import Testing
import _TestSupport

@testable import Clustering

@Suite struct KMeansTests {
  private func cloud(_ count: Int, _ dimensions: Int, seed: UInt64) -> Tensor<Double> {
    var generator = RandomGenerator(seed: seed)
    return .normal([count, dimensions], using: &generator)
  }

  private func fit<Scalar>(_ points: Tensor<Scalar>, _ kMeans: KMeans, seed: UInt64 = 1) -> Clusters<Scalar> {
    var generator = RandomGenerator(seed: seed)
    return kMeans.fit(points, using: &generator)
  }

  /// Every cluster has a point, centroids are means, and the inertia is that of this partition.
  private func expectConsistent(_ clustering: Clusters<Double>, _ points: Tensor<Double>, clusters: Int) {
    let assignments = clustering.assignments.scalars
    expectEqual(Set(assignments), Set(0..<clusters))
    var inertia = 0.0
    for cluster in 0..<clusters {
      let members = points.take(Tensor<Int>(assignments.indices.filter { assignments[$0] == cluster }))
      let mean = members.mean(along: 0)
      expectLess(difference(clustering.centroids[cluster], mean), 1e-12)
      inertia += squared(members - mean).sum().item
    }
    expectLess(abs(clustering.inertia - inertia), 1e-9 * max(1, inertia))
  }

  @Test(arguments: try Goldens("kmeans").cases, [UInt64](1...3))
  func agreesWithGoldens(golden: GoldenCase, seed: UInt64) throws {
    let expected = golden.labels("assignments").scalars
    let inertia = golden.tensor("inertia", as: Double.self).item
    let points: Tensor<Double> = golden.tensor("points")
    let kMeans = KMeans(clusters: golden.argument("clusters"), restarts: 50)
    let clustering = fit(points, kMeans, seed: seed).renumbered(toMatch: Labels(expected))
    expectEqual(clustering.assignments.scalars, expected)
    expectLess(difference(clustering.centroids, golden.tensor("centroids")), 1e-12)
    expectLess(abs(clustering.inertia - inertia), 1e-9)
    let single = fit(points.cast(to: Float.self), kMeans, seed: seed)
    expectLess(abs(single.inertia - inertia), 1e-5 * inertia)
  }

  @Test(arguments: 0..<10)
  func isALocalOptimum(seed: UInt64) {
    let points = cloud(60, 3, seed: seed)
    let clustering = fit(points, KMeans(clusters: 7, restarts: 2), seed: seed)
    expectConsistent(clustering, points, clusters: 7)
    let nearest = points.scalars.indices.filter { $0 % 3 == 0 }.map { start -> Int in
      let distances = (0..<7).map { squared(points[start / 3] - clustering.centroids[$0]).sum().item }
      return distances.firstIndex(of: distances.min()!)!
    }
    expectEqual(clustering.assignments.scalars, nearest)
  }

  @Test(arguments: 0..<6)
  func findsTheBestOfAllPartitions(seed: UInt64) {
    let points = cloud(8, 2, seed: seed)
    var best = Double.infinity
    for code in 0..<6561 {  // 3⁸ assignments
      let assignments = Labels((0..<8).map { code / [1, 3, 9, 27, 81, 243, 729, 2187][$0] % 3 })
      let sizes = (0..<3).map { cluster in Double(assignments.scalars.count { $0 == cluster }) }
      guard !sizes.contains(0) else { continue }
      let means = points.scatteredRows(assignments, into: [3, 2]) / Tensor(sizes, shape: [3, 1])
      best = min(best, squared(points - means.take(assignments)).sum().item)
    }
    let found = fit(points, KMeans(clusters: 3, restarts: 30), seed: seed)
    expectLess(abs(found.inertia - best), 1e-9)
  }

  @Test func findsSeparateGroupsFarFromTheOrigin() {
    // In Float, ‖x‖² is 10⁸ here and its last digit 8: only centred points keep the groups apart.
    let corners: [Float] = [10_000, 10_000, 10_004, 10_000, 10_000, 10_004, 10_004, 10_004]
    let corner = Tensor<Float>(corners, shape: [4, 2])
    let labels = Labels((0..<40).map { $0 % 4 })
    var generator = RandomGenerator(seed: 3)
    let points = corner.take(labels) + Tensor.normal([40, 2], deviation: 0.25, using: &generator)
    let clustering = fit(points, KMeans(clusters: 4))
    let found = clustering.assignments.scalars
    expectEqual(Set(zip(found, labels.scalars).map { $0 * 4 + $1 }).count, 4)
  }

  @Test func isTheSameForASeed() {
    let points = cloud(50, 4, seed: 9)
    let (first, second) = (fit(points, KMeans(clusters: 6), seed: 4), fit(points, KMeans(clusters: 6), seed: 4))
    expectEqual(first.assignments.scalars, second.assignments.scalars)
    expectEqual(first.centroids.scalars, second.centroids.scalars)
    let starts = Set((0..<5).map { fit(points, KMeans(clusters: 6, restarts: 1), seed: $0).inertia })
    #expect(starts.count > 1)
  }

  @Test func restartsNeverHurt() {
    let points = cloud(50, 2, seed: 5)
    let inertias = [1, 2, 4, 8, 16].map { fit(points, KMeans(clusters: 9, restarts: $0), seed: 2).inertia }
    expectEqual(inertias, inertias.sorted(by: >))
    expectLess(inertias[4], inertias[0])
  }

  @Test func handlesOneCluster() {
    let points = cloud(10, 3, seed: 1)
    let clustering = fit(points, KMeans(clusters: 1))
    expectEqual(clustering.assignments.scalars, [Int](repeating: 0, count: 10))
    expectConsistent(clustering, points, clusters: 1)
  }

  @Test func handlesAsManyClustersAsPoints() {
    let points = cloud(12, 3, seed: 2)
    let clustering = fit(points, KMeans(clusters: 12, restarts: 1))
    expectLess(clustering.inertia, 1e-20)
    expectConsistent(clustering, points, clusters: 12)
  }

  @Test(arguments: [3, 4, 5, 12])
  func handlesCoincidingPoints(clusters: Int) {
    // Three places with four points each.
    let points = cloud(3, 2, seed: 6).take(Tensor<Int>((0..<12).map { $0 % 3 }))
    let clustering = fit(points, KMeans(clusters: clusters, restarts: 1))
    expectConsistent(clustering, points, clusters: clusters)
    expectLess(clustering.inertia, 1e-20)
    let same = Tensor<Double>.ones([5, 2])
    expectConsistent(fit(same, KMeans(clusters: min(clusters, 5))), same, clusters: min(clusters, 5))
  }

  @Test func givesEmptyClustersTheFarthestPoints() {
    let cloud = Cloud(Tensor<Double>([[0], [1], [2], [10], [-10], [3]]))
    // Centres two to four lie where the first one does, so nothing is nearest to them alone; the last has one point.
    let centers = Tensor<Double>([[1], [1], [1], [1], [-10]]) - cloud.origin
    expectEqual(cloud.filled(cloud.nearest(to: centers), 5), [3, 0, 0, 1, 4, 2])
  }

  @Test func isNotRecorded() {
    let clustering = fit(cloud(6, 2, seed: 1).tracked(), KMeans(clusters: 2))
    #expect(!clustering.centroids.isTracked)
  }

  @Test func stopsAtTheLimit() {
    let points = cloud(200, 2, seed: 8)
    let limited = fit(points, KMeans(clusters: 10, restarts: 1, iterations: 2))
    expectEqual(limited.iterations, 2)
    expectConsistent(limited, points, clusters: 10)
    let free = fit(points, KMeans(clusters: 10, restarts: 1))
    #expect((3..<100).contains(free.iterations))
    expectLess(free.inertia, limited.inertia)
  }

  /// Whoever looks only at the centres that have moved finds the same as who looks at all.
  @Test func centersThatStayedNeedNoLook() {
    var generator = RandomGenerator(seed: 4)
    let cloud = Cloud(Tensor<Double>.normal([300, 3], using: &generator))
    var centers = cloud.points.take(Tensor<Int>(Array(0..<40)))
    var nearest = cloud.nearest(to: centers)
    for round in 0..<6 {
      let moved = (0..<40).map { ($0 + round) % 5 < 2 }
      let steps = Tensor<Double>.normal([40, 3], deviation: 0.3, using: &generator)
      centers = centers + steps * Tensor(moved.map { $0 ? 1 : 0 }, shape: [40, 1])
      nearest = cloud.nearest(to: centers, since: nearest, moved: moved)
      let all = cloud.nearest(to: centers)
      expectEqual(nearest.centers, all.centers)
      expectLess(abs(nearest.closeness - all.closeness).max().item, 1e-12)
    }
    expectEqual(
      cloud.nearest(to: centers, since: nearest, moved: Array(repeating: false, count: 40)).centers, nearest.centers)
  }

  /// A centre that has come as near as the old one was is no nearer than those that stayed, of which the first counts.
  @Test func tiesAreThoseOfALookAtAll() {
    let cloud = Cloud(Tensor<Double>([[0], [5], [-5]]))
    let before = cloud.nearest(to: Tensor<Double>([[-1], [1], [5], [-5]]))
    let centers = Tensor<Double>([[-3], [1], [-1], [-5]])
    let found = cloud.nearest(to: centers, since: before, moved: [true, false, true, false])
    expectEqual(found.centers, [1, 1, 3])
    expectEqual(found.centers, cloud.nearest(to: centers).centers)
  }

  /// Thousands of clusters are found by the short way, from points of the cloud, none of them twice.
  @Test func manyClustersStartAtRandom() {
    let points = cloud(1100, 2, seed: 3)
    var shares: [Double] = []
    var generator = RandomGenerator(seed: 1)
    let clusters = KMeans(clusters: 1000, restarts: 1, iterations: 6, start: .random)
      .fit(points, using: &generator) { shares.append($0) }
    expectConsistent(clusters, points, clusters: 1000)
    #expect(shares == shares.sorted() && shares.last == 1 && shares.count > 2)
    var one = RandomGenerator(seed: 1)
    let starts = Cloud(points).randomCenters(1100, &one)
    expectEqual(Set((0..<1100).map { starts[$0].scalars }).count, 1100)
  }

  @Test func aSumOfSquaresMayBeInfinite() {
    var generator = RandomGenerator(seed: 1)
    let found = KMeans(clusters: 1, restarts: 2).fit(Tensor<Float>([[0], [3e19]]), using: &generator)
    expectEqual(found.assignments.scalars, [0, 0])
    expectEqual(found.inertia, .infinity)
  }

  @Test func trapsWithoutEnoughPoints() async {
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = KMeans(clusters: 3).fit(Tensor<Float>.ones([2, 2]), using: &generator)
    }
    await #expect(processExitsWith: .failure) {
      var generator = RandomGenerator(seed: 1)
      _ = KMeans(clusters: 1).fit(Tensor<Float>.full([2, 2], .nan), using: &generator)
    }
    await #expect(processExitsWith: .failure) { _ = KMeans(clusters: 0) }
  }
}
