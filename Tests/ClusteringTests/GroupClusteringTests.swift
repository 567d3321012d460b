import Collectives
import Tensor
import Testing
import _TestSupport

@testable import Clustering

/// Ranks share out the search for what is nearest, and each of them has the results of one process, bit for bit.
@Suite struct GroupClusteringTests {
  private static func normal<Scalar: TensorScalar>(_ shape: [Int], seed: UInt64) -> Tensor<Scalar> {
    var generator = RandomGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  @Test(arguments: [1, 3, 95, 400, 2111], 1...4)
  func bestRowsAreThoseOfOneProcess(count: Int, size: Int) throws {
    let (x, centers): (Tensor<Float>, Tensor<Float>) = (
      Self.normal([count, 67], seed: 1), Self.normal([50, 67], seed: 2)
    )
    let offsets = (centers * centers).sum(along: 1) * 0.5
    let alone = x.bestRows(of: centers, minus: offsets)
    for found in try Group.threads(size, { x.bestRows(of: centers, minus: offsets, over: $0) }) {
      expectEqual(found.rows.scalars, alone.rows.scalars)
      expectEqual(found.values.scalars.map(\.bitPattern), alone.values.scalars.map(\.bitPattern))
    }
  }

  private func expectAgreement<Scalar: TensorScalar>(_ found: Clusters<Scalar>, _ expected: Clusters<Scalar>) {
    expectEqual(found.assignments.scalars, expected.assignments.scalars)
    expectEqual(found.iterations, expected.iterations)
    expectEqual(found.centroids.scalars, expected.centroids.scalars)
    expectEqual(found.inertia, expected.inertia)
  }

  private func check<Scalar: TensorScalar>(_ points: Tensor<Scalar>, _ kMeans: KMeans, size: Int) throws {
    @Sendable func fit(_ group: Group) -> (Clusters<Scalar>, Double) {
      var generator = RandomGenerator(seed: 5)
      return (kMeans.fit(points, over: group, using: &generator), generator.uniform())
    }
    let alone = fit(.alone)
    let centers = points[0..<kMeans.clusters]
    let fromCenters = kMeans.fit(points, from: centers)
    let found = try Group.threads(size) { (fit($0), kMeans.fit(points, from: centers, over: $0)) }
    for (drawn, given) in found {
      expectAgreement(drawn.0, alone.0)
      expectEqual(drawn.1, alone.1)
      expectAgreement(given, fromCenters)
    }
  }

  @Test(arguments: 1...4)
  func clustersAreThoseOfOneProcess(size: Int) throws {
    try check(Self.normal([700, 33], seed: 3) as Tensor<Float>, KMeans(clusters: 20, restarts: 2), size: size)
    try check(Self.normal([300, 5], seed: 4) as Tensor<Double>, KMeans(clusters: 7, restarts: 3), size: size)
    // Fewer points than ranks, and clusters that lose their last point.
    try check(Self.normal([2, 5], seed: 4) as Tensor<Double>, KMeans(clusters: 2), size: size)
    let same = (Self.normal([6, 4], seed: 5) as Tensor<Float>).take(Labels((0..<120).map { $0 % 6 }))
    try check(same, KMeans(clusters: 11, restarts: 2), size: size)
  }

  /// Where ranks have drawn differently, the first one's centres are those of all.
  @Test func theFirstRanksDrawsCount() throws {
    let points: Tensor<Double> = Self.normal([300, 6], seed: 8)
    @Sendable func fit(_ group: Group) -> Clusters<Double> {
      var generator = RandomGenerator(seed: UInt64(group.rank))
      return KMeans(clusters: 15, restarts: 3).fit(points, over: group, using: &generator)
    }
    let alone = fit(.alone)
    for found in try Group.threads(3, fit) { expectAgreement(found, alone) }
  }

  /// Ranks on different processors round differently, and yet all of them end, at the same time, with the same clusters.
  @Test func ranksThatRoundDifferentlyAgree() throws {
    let points: Tensor<Double> = Self.normal([400, 6], seed: 6)
    let duplicates = points.take(Labels((0..<400).map { $0 % 9 }))
    for (points, clusters) in [(points, 12), (duplicates, 14)] {
      let found = try Group.threads(3) { group in
        let noise: Tensor<Double> = Self.normal(points.shape, seed: UInt64(group.rank))
        var generator = RandomGenerator(seed: 7)
        let rounded = points + noise * 1e-9
        return (
          KMeans(clusters: clusters, restarts: 4).fit(rounded, over: group, using: &generator), generator.uniform()
        )
      }
      for other in found.dropFirst() {
        expectAgreement(other.0, found[0].0)
        expectEqual(other.1, found[0].1)
      }
    }
  }
}
