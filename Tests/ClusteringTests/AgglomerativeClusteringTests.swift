import Clustering
import Tensor
import Testing
import _TestSupport

@Suite struct AgglomerativeClusteringTests {
  private func cloud(_ count: Int, _ dimensions: Int, seed: UInt64) -> Tensor<Double> {
    var generator = RandomGenerator(seed: seed)
    return .normal([count, dimensions], using: &generator)
  }

  @Test(arguments: try Goldens("agglomerative").cases)
  func agreesWithScikitLearn(golden: GoldenCase) throws {
    let linkage = try #require(AgglomerativeClustering.Linkage(rawValue: golden.argument("linkage")))
    let points: Tensor<Double> = golden.tensor("points")
    let dendrogram = AgglomerativeClustering(linkage).fit(points)
    let heights = Tensor(dendrogram.merges.map(\.distance))
    expectLess(difference(heights, golden.tensor("heights")), 1e-5)
    for count in golden.argument("clusters", as: [Int].self) {
      let expected = golden.labels("clusters\(count)").scalars
      expectEqual(dendrogram.clusters(count).scalars, expected, "\(count) clusters")
      let single = AgglomerativeClustering(linkage).fit(points.cast(to: Float.self))
      expectEqual(single.clusters(count).scalars, expected, "\(count) clusters in Float")
    }
  }

  /// Merges the two nearest clusters again and again, by the definitions of the linkages.
  private func slow(_ points: Tensor<Double>, _ linkage: AgglomerativeClustering.Linkage, clusters: Int) -> [Int] {
    let rows = (0..<points.shape[0]).map { points[$0].scalars }
    func distance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    func centroid(_ members: [Int]) -> [Double] {
      rows[0].indices.map { axis in members.reduce(0) { $0 + rows[$1][axis] } / Double(members.count) }
    }
    func linked(_ a: [Int], _ b: [Int]) -> Double {
      let pairs = a.flatMap { x in b.map { distance(rows[x], rows[$0]) } }
      switch linkage {
      case .average: return pairs.reduce(0, +) / Double(pairs.count)
      case .complete: return pairs.max()!
      case .ward:
        let (na, nb) = (Double(a.count), Double(b.count))
        return distance(centroid(a), centroid(b)) * (2 * na * nb / (na + nb)).squareRoot()
      }
    }
    var groups = rows.indices.map { [$0] }
    while groups.count > clusters {
      let pairs = groups.indices.flatMap { a in groups.indices.filter { $0 > a }.map { (a, $0) } }
      let (a, b) = pairs.min { linked(groups[$0.0], groups[$0.1]) < linked(groups[$1.0], groups[$1.1]) }!
      groups[a] += groups[b]
      groups.remove(at: b)
    }
    groups.sort { $0.min()! < $1.min()! }
    return rows.indices.map { point in groups.firstIndex { $0.contains(point) }! }
  }

  @Test(arguments: AgglomerativeClustering.Linkage.allCases, [UInt64](1...4))
  func agreesWithTheDefinition(linkage: AgglomerativeClustering.Linkage, seed: UInt64) {
    let points = cloud(24, 3, seed: seed)
    let dendrogram = AgglomerativeClustering(linkage).fit(points)
    for clusters in [1, 2, 5, 11, 23] {
      expectEqual(dendrogram.clusters(clusters).scalars, slow(points, linkage, clusters: clusters))
    }
  }

  @Test(arguments: AgglomerativeClustering.Linkage.allCases)
  func cutsAreNested(linkage: AgglomerativeClustering.Linkage) {
    // More points than a block of the table has rows.
    let dendrogram = AgglomerativeClustering(linkage).fit(cloud(300, 4, seed: 7))
    expectEqual(dendrogram.points, 300)
    expectEqual(dendrogram.merges.map(\.distance), dendrogram.merges.map(\.distance).sorted())
    var fine = dendrogram.clusters(300).scalars
    expectEqual(fine, Array(0..<300))
    for count in [150, 40, 39, 6, 1] {
      let coarse = dendrogram.clusters(count).scalars
      expectEqual(Set(coarse), Set(0..<count))
      expectEqual(Set(zip(fine, coarse).map { [$0, $1] }).count, Set(fine).count)
      fine = coarse
    }
  }

  @Test func findsSeparateGroupsFarFromTheOrigin() {
    let corners: [Float] = [10_000, 10_000, 10_004, 10_000, 10_000, 10_004, 10_004, 10_004]
    let labels = Labels((0..<40).map { $0 % 4 })
    var generator = RandomGenerator(seed: 3)
    let points = Tensor(corners, shape: [4, 2]).take(labels) + .normal([40, 2], deviation: 0.25, using: &generator)
    for linkage in AgglomerativeClustering.Linkage.allCases {
      expectEqual(AgglomerativeClustering(linkage).fit(points).clusters(4).scalars, labels.scalars)
    }
  }

  @Test func handlesOnePointAndEqualOnes() {
    let single = AgglomerativeClustering(.ward).fit(Tensor<Float>([[1, 2]]))
    #expect(single.clusters(1).scalars == [0] && single.merges.isEmpty)
    for linkage in AgglomerativeClustering.Linkage.allCases {
      let same = AgglomerativeClustering(linkage).fit(Tensor<Float>.full([9, 3], 0.1))
      #expect(same.merges.allSatisfy { $0.distance == 0 })
      expectEqual(Set(same.clusters(4).scalars), [0, 1, 2, 3])
    }
  }

  @Test func trapsWithTheCallersLine() async {
    let nan = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AgglomerativeClustering().fit(Tensor<Float>.full([2, 2], .nan))
    }
    let message = text(nan?.standardErrorContent)
    #expect(
      message.contains("a point is NaN, infinite or too far") && message.contains("AgglomerativeClusteringTests.swift"))
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AgglomerativeClustering().fit(Tensor<Float>.zeros([0, 2]))
    }
    let emptyMessage = text(empty?.standardErrorContent)
    #expect(emptyMessage.contains("points of shape [0, 2] are not [points, dimensions]"))
    let cut = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AgglomerativeClustering().fit(Tensor<Float>([[0], [1]])).clusters(3)
    }
    let cutMessage = text(cut?.standardErrorContent)
    #expect(cutMessage.contains("Dendrogram.clusters: 2 points in 3 clusters"))
  }
}
