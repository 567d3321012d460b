import ClassTree
import Tensor
import Testing
import _TestSupport

@testable import Retrieval

/// MRR, CMC, precision@K and the table by class, against a slow loop; and queries that lie in the gallery.
@Suite struct RankMeasureTests {
  /// For each query with something to find: its class, and whether each item in its order is a hit.
  private func hits(_ search: Search) -> [(label: Int, isHit: [Bool])] {
    let similarities = search.queries.matmul(search.items.transposed()).scalars
    let count = search.itemLabels.count
    return search.queryLabels.indices.compactMap { query in
      let row = Array(similarities[query * count..<(query + 1) * count])
      let own = search.isSelf ? query : search.ownItems?[query]
      let order = (0..<count).filter { $0 != own }.sorted { (-row[$0], $0) < (-row[$1], $1) }
      let isHit = order.map { search.itemLabels[$0] == search.queryLabels[query] }
      return isHit.contains(true) ? (search.queryLabels[query], isHit) : nil
    }
  }

  /// Each sample among the others; queries that are not in the gallery, and some that are.
  private static func searches() throws -> [Search] {
    let rows = lattice(150, seed: 6).take(Tensor<Int>((0..<150).map { $0 % 140 }))
    let labels = randomLabels(150, classes: 40, seed: 7)
    let own = [3, nil, 20, 149, nil, 0, 7] as [Int?]
    let queries = own.map { $0 ?? 5 }
    return [
      try Search(embeddings: rows, labels: labels),
      try Search(
        queries: rows[0..<30], labels: labels[0..<30], gallery: rows[30..<150], galleryLabels: labels[30..<150]),
      try Search(
        queries: rows.take(Tensor<Int>(queries)), labels: Labels(queries.map { labels.scalars[$0] }), gallery: rows,
        galleryLabels: labels, ownItems: own),
    ]
  }

  @Test(arguments: 0..<3) func measuresAgreeWithALoop(_ index: Int) throws {
    let search = try Self.searches()[index]
    let expected = hits(search)
    let count = Double(expected.count)
    let metrics = try RetrievalMetrics(search)
    let first = expected.map { $0.isHit.firstIndex(of: true)! + 1 }
    #expect(metrics.queries == expected.count && Set(first).count > 1)
    expectLess(abs(metrics.meanReciprocalRank - first.reduce(0) { $0 + 1 / Double($1) } / count), 1e-12)
    let matches = metrics.cumulativeMatches(upTo: 200)
    #expect(matches.count == 200 && matches.last == 1 && matches[0] == metrics.precisionAt1)
    for rank in 1...200 { expectEqual(matches[rank - 1], Double(first.count { $0 <= rank }) / count) }
    for (k, value) in try search.precision(at: [1, 3, 500]) {
      let sum = expected.reduce(0) { $0 + Double($1.isHit.prefix(k).count { $0 }) / Double(k) }
      expectLess(abs(value - sum / count), 1e-12, "precision@\(k)")
    }
    expectEqual(metrics.classes.map(\.label), Set(search.queryLabels).sorted())
    expectEqual(metrics.classes.reduce(0) { $0 + $1.queriesDropped }, metrics.queriesDropped)
    for row in metrics.classes where row.queries > 0 {
      let own = expected.filter { $0.label == row.label }.map(\.isHit)
      expectEqual(row.queries, own.count)
      let ranks = own.map { Double($0.firstIndex(of: true)! + 1) }
      expectLess(abs(row.meanReciprocalRank - ranks.reduce(0) { $0 + 1 / $1 } / Double(own.count)), 1e-12)
      expectLess(abs(row.precisionAt1 - Double(ranks.count { $0 == 1 }) / Double(own.count)), 1e-12)
    }
    func mean(_ value: (ClassRetrieval) -> Double) -> Double {
      metrics.classes.reduce(0) { $0 + value($1) * Double($1.queries) } / count
    }
    #expect(abs(mean(\.mapAtR) - metrics.mapAtR) < 1e-12 && abs(mean(\.rPrecision) - metrics.rPrecision) < 1e-12)
  }

  /// Queries that are all in the gallery find what each sample finds among the others, on every measure.
  @Test func ownItemsAreNotFound() throws {
    let search = try Self.searches()[0]
    let order = (0..<150).map { ($0 * 7) % 150 }
    let same = try Search(
      queries: search.queries.take(Tensor<Int>(order)), labels: Labels(order.map { search.queryLabels[$0] }),
      gallery: search.items, galleryLabels: Labels(search.itemLabels), ownItems: order)
    let metrics = try RetrievalMetrics(same, recallAt: [1, 2, 4, 8])
    let expected = try RetrievalMetrics(search)
    #expect(metrics.recall == expected.recall && abs(metrics.mapAtR - expected.mapAtR) < 1e-12)
    #expect(same.nearest(3).allSatisfy { !$0.items.contains(order[$0.query]) })
    let groups = [(0..<40).map { $0 / 4 }]
    let graded = try HierarchicalRetrievalMetrics(same, groups: groups)
    let expectedGraded = try HierarchicalRetrievalMetrics(search, groups: groups)
    expectLess(abs(graded.hierarchicalAP - expectedGraded.hierarchicalAP), 1e-12)
    #expect(abs(graded.ndcg - expectedGraded.ndcg) < 1e-12 && graded.queriesDropped == expectedGraded.queriesDropped)
    expectLess(abs(graded.averageSetIntersection - expectedGraded.averageSetIntersection), 1e-12)
  }

  @Test func anOwnItemOfAnotherClassIsRefused() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Search(
        queries: .ones([1, 2]), labels: Labels([0]), gallery: .ones([2, 2]), galleryLabels: Labels([0, 1]),
        ownItems: [1])
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("each of the 1 queries needs an own item of its class or nil"))
  }

  /// Samples of several classes against a slow loop: among each other, and in a gallery.
  @Test(arguments: [false, true]) func severalClassesAgreeWithALoop(_ inGallery: Bool) throws {
    let rows = lattice(150, seed: 6)
    let (first, second) = (
      randomLabels(150, classes: 40, seed: 7).scalars, randomLabels(150, classes: 40, seed: 8).scalars
    )
    // Of two classes, of one, of none.
    let tags = Memberships((0..<150).map { [[first[$0], second[$0]], [first[$0]], []][$0 % 3] }, classes: 40)
    let (queries, items) = inGallery ? (Array(0..<30), Array(30..<150)) : (Array(0..<150), Array(0..<150))
    let search =
      inGallery
      ? try Search(queries: rows[0..<30], gallery: rows[30..<150])
      : try Search(embeddings: rows, labels: .zeros([150]))
    let metrics =
      inGallery
      ? try RetrievalMetrics(
        queries: rows[0..<30], memberships: tags.take(queries), gallery: rows[30..<150],
        galleryMemberships: tags.take(items))
      : try RetrievalMetrics(embeddings: rows, memberships: tags)
    var (ranks, averages, precisions) = ([Int](), [Double](), [Double]())
    for ranking in search.nearest(150) {
      let own = Set(tags.samples[queries[ranking.query]])
      let isHit = ranking.items.map { !own.isDisjoint(with: tags.samples[items[$0]]) }
      let relevant = isHit.count { $0 }
      guard relevant > 0 else { continue }
      ranks.append(isHit.firstIndex(of: true)! + 1)
      let hits = (0..<relevant).filter { isHit[$0] }
      precisions.append(Double(hits.count) / Double(relevant))
      averages.append(
        hits.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element + 1) } / Double(relevant))
    }
    let count = Double(ranks.count)
    #expect(metrics.queries == ranks.count && metrics.queriesDropped == queries.count - ranks.count)
    expectEqual(metrics.recall[inGallery ? 10 : 8]!, Double(ranks.count { $0 <= (inGallery ? 10 : 8) }) / count)
    expectLess(abs(metrics.mapAtR - averages.reduce(0, +) / count), 1e-12)
    expectLess(abs(metrics.rPrecision - precisions.reduce(0, +) / count), 1e-12)
    expectEqual(
      metrics.classes.reduce(0) { $0 + $1.queries + $1.queriesDropped },
      queries.reduce(0) { $0 + tags.samples[$1].count })
  }

  /// With one class a sample, the measures are those of labels.
  @Test func oneClassEachMeasuresTheSame() throws {
    let rows = lattice(150, seed: 6)
    let labels = randomLabels(150, classes: 40, seed: 7)
    let tags = Memberships(labels.scalars.map { [$0] }, classes: 40)
    expectEqual(
      try RetrievalMetrics(embeddings: rows, memberships: tags), try RetrievalMetrics(embeddings: rows, labels: labels))
  }
}
