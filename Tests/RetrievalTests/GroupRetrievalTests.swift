import ClassTree
import Collectives
import Tensor
import Testing
import _TestSupport

@testable import Retrieval

/// Ranks share out the work, and each of them has the results of one process, bit for bit.
@Suite struct GroupRetrievalTests {
  /// What is looked for in what.
  enum Scene: CaseIterable {
    case smallClasses, largeClasses, equalSimilarities, loneSamples, threeSamples, oneClass, gallery, twoQueries,
      smallGallery

    func search() throws -> Search {
      switch self {
      case .smallClasses: try samples(normal(450, seed: 1), classes: 100)
      case .largeClasses: try samples(normal(300, seed: 2), classes: 3)
      case .equalSimilarities:
        try samples(lattice(200, seed: 3).take(Tensor<Int>((0..<400).map { $0 % 200 })), classes: 40)
      case .loneSamples:
        try Search(embeddings: normal(200, seed: 4), labels: Labels((0..<200).map { $0 == 199 ? 7 : $0 }))
      case .threeSamples: try Search(embeddings: normal(3, seed: 5), labels: Labels([0, 1, 0]))
      case .oneClass: try samples(normal(150, seed: 6), classes: 1)
      case .gallery: try queries(150, in: 1100, classes: 60)
      case .twoQueries: try queries(2, in: 700, classes: 2)
      case .smallGallery: try queries(300, in: 9, classes: 4)
      }
    }

    private func normal(_ count: Int, seed: UInt64) -> Tensor<Float> {
      var generator = RandomGenerator(seed: seed)
      return .normal([count, 37], using: &generator)
    }

    private func samples(_ embeddings: Tensor<Float>, classes: Int) throws -> Search {
      try Search(embeddings: embeddings, labels: randomLabels(embeddings.shape[0], classes: classes, seed: 9))
    }

    private func queries(_ count: Int, in items: Int, classes: Int) throws -> Search {
      try Search(
        queries: normal(count, seed: 6), labels: randomLabels(count, classes: classes + 1, seed: 7),
        gallery: normal(items, seed: 8), galleryLabels: randomLabels(items, classes: classes, seed: 9))
    }
  }

  private func expectDone(_ shares: [Double]) {
    #expect(shares == shares.sorted() && shares.last == 1)
  }

  /// Also where not all hits are kept at a time.
  @Test(arguments: Scene.allCases)
  func ranksAreThoseOfOneProcess(scene: Scene) throws {
    let search = try scene.search()
    for mostHits in [1 << 24, 500] {
      let alone = HitRanking(search, mostHits: mostHits).outcomes { _ in }
      for size in 1...4 {
        let found = try Group.threads(size) { group in
          var shares: [Double] = []
          let ranking = HitRanking(search, over: group, mostHits: mostHits)
          return (ranking.outcomes { shares.append($0) }, shares)
        }
        for (outcomes, shares) in found {
          expectEqual(outcomes, alone)
          expectDone(shares)
        }
      }
    }
  }

  @Test(arguments: Scene.allCases)
  func gradesAreThoseOfOneProcess(scene: Scene) throws {
    let search = try scene.search()
    let levels = { (labels: [Int]) in [1, 2, 6].map { size in labels.map { $0 / size } } }
    let (queryGroups, itemGroups) = (levels(search.queryLabels), levels(search.itemLabels))
    let alone = GradedRanking(search, queryGroups: queryGroups, itemGroups: itemGroups).outcomes { _ in }
    for size in 1...4 {
      let found = try Group.threads(size) { group in
        var shares: [Double] = []
        let ranking = GradedRanking(search, queryGroups: queryGroups, itemGroups: itemGroups, over: group)
        return (ranking.outcomes { shares.append($0) }, shares)
      }
      for (outcomes, shares) in found {
        expectEqual(outcomes, alone)
        expectDone(shares)
      }
    }
  }

  @Test(arguments: [Scene.equalSimilarities, .twoQueries], 1...4)
  func measuresAreThoseOfOneProcess(scene: Scene, size: Int) throws {
    let search = try scene.search()
    let groups = [(0..<60).map { $0 / 4 }]
    let flat = try RetrievalMetrics(search)
    let graded = try HierarchicalRetrievalMetrics(search, groups: groups)
    let found = try Group.threads(size) { group in
      let flat = try RetrievalMetrics(search, over: group)
      return (flat, try HierarchicalRetrievalMetrics(search, groups: groups, over: group))
    }
    for metrics in found { #expect(metrics.0 == flat && metrics.1 == graded) }
  }

  /// Every rank throws what one process would.
  @Test(arguments: 1...3)
  func nothingToFindIsSaidOnEveryRank(size: Int) throws {
    let search = try Search(embeddings: lattice(20, seed: 1), labels: Labels(Array(0..<20)))
    let errors = try Group.threads(size) { group in
      (
        Result { try RetrievalMetrics(search, over: group) },
        Result { try HierarchicalRetrievalMetrics(search, groups: [Array(0..<20)], over: group) }
      )
    }
    for (flat, graded) in errors {
      #expect(throws: RetrievalError.nothingToFind(queries: 20)) { try flat.get() }
      #expect(throws: RetrievalError.nothingToFind(queries: 20)) { try graded.get() }
    }
  }

  @Test(arguments: 0..<20, 1...5)
  func everyPairIsThatOfOneRank(count: Int, size: Int) {
    let rounds = disjointPairs(of: count)
    let shares = (0..<size).map { share(of: rounds, rank: $0, of: size) }
    for round in rounds.indices {
      let pairs = shares.flatMap { $0[round].map { [$0.0, $0.1] } }
      expectEqual(pairs.count, rounds[round].count)
      expectEqual(Set(pairs), Set(rounds[round].map { [$0.0, $0.1] }))
    }
    // Nobody has much more than another: in each round that is shared, one pair.
    let counts = shares.map { $0.joined().count }
    #expect(counts.max()! - counts.min()! <= size)
  }

  @Test(arguments: 1...4)
  func agreementOfClustersIsThatOfOneProcess(size: Int) throws {
    let search = try Scene.smallClasses.search()
    let labels = Labels(search.queryLabels.map { $0 % 30 })
    @Sendable func agreement(_ group: Group) throws -> (PartitionAgreement, Double) {
      var generator = RandomGenerator(seed: 3)
      let agreement = try PartitionAgreement(
        clustering: search.queries, labels: labels, restarts: 2, over: group, using: &generator)
      return (agreement, generator.uniform())
    }
    let alone = try agreement(.alone)
    for found in try Group.threads(size, agreement) { #expect(found.0 == alone.0 && found.1 == alone.1) }
  }
}
