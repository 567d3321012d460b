import Tensor
import Testing
import _TestSupport

@testable import Retrieval

@Suite struct RerankingTests {
  private static func cases(_ subject: String) throws -> [GoldenCase] {
    try Goldens("reranking").cases.filter { $0.subject == subject }
  }

  @Test(arguments: try cases("reranked"))
  func reRankingAgreesWithTheOriginal(golden: GoldenCase) throws {
    let items: Tensor<Float> = golden.tensor("gallery")
    let search =
      golden.argument("selfIncluded", as: Bool.self)
      ? try Search(embeddings: items, labels: .zeros([items.shape[0]]))
      : try Search(queries: golden.tensor("queries"), gallery: items)
    let expected = golden.tensor("distances", as: Double.self)
    let found = search.reranked(
      1000, k1: golden.argument("k1"), k2: golden.argument("k2"), distanceWeight: golden.argument("weight"))
    expectEqual(found.count, expected.shape[0])
    for ranking in found {
      let own = expected[ranking.query].scalars
      expectEqual(ranking.items.sorted(), own.indices.filter { !search.isSelf || $0 != ranking.query })
      for (item, similarity) in zip(ranking.items, ranking.similarities) {
        expectLess(abs(1 - own[item] - Double(similarity)), 1e-5, "query \(ranking.query), item \(item)")
      }
      expectEqual(ranking.similarities, ranking.similarities.sorted(by: >))
    }
    expectEqual(search.reranked(3).map(\.items.count), found.map { _ in 3 })
  }

  @Test(arguments: try cases("expanded"))
  func expansionAgreesWithTheOriginal(golden: GoldenCase) throws {
    let embeddings: Tensor<Float> = golden.tensor("embeddings")
    let search = try Search(embeddings: embeddings, labels: .zeros([embeddings.shape[0]]))
    let (neighbors, power): (Int, Double) = (golden.argument("neighbors"), golden.argument("power"))
    let expected: Tensor<Float> = golden.tensor("output")
    let both = try search.expanded(neighbors: neighbors, power: power, expandsItems: true)
    #expect(difference(both.queries, expected) < 1e-5 && both.isSelf)
    // The items stay, and a query does not find its own.
    let queries = try search.expanded(neighbors: neighbors, power: power)
    #expect(difference(queries.queries, expected) < 1e-5 && difference(queries.items, search.items) == 0)
    #expect(
      queries.nearest(99).allSatisfy { !$0.items.contains($0.query) && $0.items.count == embeddings.shape[0] - 1 })
  }

  @Test func aGalleryIsExpandedByItself() throws {
    let (queries, items) = (lattice(5, seed: 1), lattice(30, seed: 2))
    let search = try Search(queries: queries, gallery: items)
    let among = try Search(embeddings: items, labels: .zeros([30]))
    let expanded = try search.expanded(neighbors: 4, expandsItems: true)
    let amongItems = try among.expanded(neighbors: 4, expandsItems: true)
    let queriesAlone = try search.expanded(neighbors: 4)
    let untouched = try search.expanded(neighbors: 0)
    #expect(difference(expanded.items, amongItems.items) == 0 && !expanded.isSelf)
    expectEqual(difference(expanded.queries, queriesAlone.queries), 0)
    expectLess(difference(untouched.queries, queries), 1e-6)
  }

  @Test(arguments: try cases("whitened"))
  func whiteningAgreesWithTheOriginal(golden: GoldenCase) throws {
    let embeddings: Tensor<Float> = golden.tensor("embeddings")
    let whitening: Whitening
    if golden.roles.contains("pairs") {
      let pairs = golden.labels("pairs").scalars
      whitening = try .learned(
        from: embeddings, pairs: stride(from: 0, to: pairs.count, by: 2).map { (pairs[$0], pairs[$0 + 1]) })
    } else {
      whitening = try .principal(of: embeddings)
    }
    let rows = whitening(embeddings, components: golden.argument("components"))
    expectLess(difference(rows[0..<6].matmul(rows.transposed()), golden.tensor("cosines")), 1e-4)
  }

  @Test func whiteningLeavesOutWhatDoesNotVary() throws {
    // Four dimensions, of which the last is the sum of two others and one is constant.
    let random = lattice(50, seed: 3)
    let columns = [random.select(along: 1, 0), random.select(along: 1, 1), .ones([50])]
    let rows = Tensor.stacked(columns + [columns[0] + columns[1]], along: 1)
    let whitening = try Whitening.principal(of: rows)
    expectEqual(whitening.projection.shape, [2, 4])
    #expect(try Whitening.learned(from: rows, pairs: [(0, 1), (2, 3)])(rows).isFinite.allTrue)
    #expect(throws: RetrievalError.noVariation) { try Whitening.principal(of: .ones([3, 2])) }
    #expect(throws: RetrievalError.notFinite("embedding", row: 1)) {
      try Whitening.principal(of: Tensor([[1, 2], [.nan, 0]]))
    }
  }

  @Test func copiesOfOnePointAreRanked() throws {
    let search = try Search(embeddings: .ones([40, 3]), labels: .zeros([40]))
    let found = search.reranked(5, k1: 3, k2: 2)
    #expect(found[7].items.count == 5 && found.allSatisfy { $0.similarities.allSatisfy(\.isFinite) })
    let none = try Search(queries: .ones([2, 3]), gallery: .zeros([0, 3]))
    expectEqual(none.reranked(5).map(\.items), [[], []])
  }

  /// Re-ranked lists are measured as others are.
  @Test func reRankedListsCanBeMeasured() throws {
    let (rows, labels) = (lattice(120, seed: 4), randomLabels(120, classes: 12, seed: 5))
    let search = try Search(embeddings: rows, labels: labels)
    let counted = try RetrievalMetrics(search)
    try expectEqual(RetrievalMetrics(search, rankings: search.nearest(119)), counted)
    let reranked = try RetrievalMetrics(search, rankings: search.reranked(119, k1: 5, k2: 2))
    #expect(reranked.queries == counted.queries && reranked.mapAtR > 0 && reranked != counted)
  }

  @Test func misusesAreNamed() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let search = try Search(embeddings: .ones([4, 2]), labels: Labels([0, 0, 1, 1]))
      _ = try RetrievalMetrics(search, rankings: search.nearest(1))
    }
    let message = text(result?.standardErrorContent)
    #expect(message.contains("the ranking of query 0 needs 3 of the 4 items, not 1"))
    let other = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = try Search(embeddings: .ones([4, 2]), labels: Labels([0, 0, 1, 1])).reranked(1, k1: 0)
    }
    let otherMessage = text(other?.standardErrorContent)
    #expect(otherMessage.contains("reranked: k1 0 and k2 6 must be at least 1"))
  }
}
